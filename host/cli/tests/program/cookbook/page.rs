//! The page as the runner reads it: sections with fenced blocks. What a block is for is its info string, and one that is
//! none of these is an error.

/// A heading with the blocks that follow it, up to the next heading of any level.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) heading: String,
    pub(super) blocks: Vec<Block>,
}

/// A fenced block.
#[derive(Debug)]
pub(super) struct Block {
    /// Its first line in the page, from 1.
    pub(super) line: usize,
    pub(super) kind: Kind,
    pub(super) text: String,
}

/// What a block is for; the comment at the head of the page says it to its authors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// `cedar base`, `toml base`: a file that every section has.
    Base(&'static str),
    /// `cedar`, `toml manifest`, `yaml test`: goes to the end of a file that the section has.
    File(&'static str),
    /// `cedar alone`: the same, and the base policies are not there.
    Alone,
    /// `cedar fails`: policies that do not load; `yaml fails`: tests that fail. In the place of that file of the section;
    /// the block after it says what is told.
    Fails(&'static str),
    /// `cedar warns`: policies that load with lints. The block after it has them.
    Warns,
    /// `text`: what the block before it leads to.
    Text,
    /// `json tools SERVER`: the server's answer to `tools/list`, which is pinned.
    Tools(String),
    /// `json file NAME`: a file beside the bundle's.
    Beside(String),
    /// `console`: commands after `$ `, and what they print.
    Console,
}

impl Kind {
    /// The file of the section that such a block is a part of.
    pub(super) fn file(&self) -> Option<String> {
        match self {
            Self::File(file) => Some((*file).to_owned()),
            Self::Alone | Self::Warns => Some("recipe.cedar".to_owned()),
            Self::Tools(server) => Some(format!("{server}.json")),
            Self::Beside(name) => Some(name.clone()),
            Self::Base(_) | Self::Fails(_) | Self::Text | Self::Console => None,
        }
    }

    fn of(info: &str) -> Option<Self> {
        Some(match info.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["cedar", "base"] => Self::Base("base.cedar"),
            ["toml", "base"] => Self::Base("guardhouse.toml"),
            ["cedar"] => Self::File("recipe.cedar"),
            ["toml", "manifest"] => Self::File("guardhouse.toml"),
            ["yaml", "test"] => Self::File("tests/recipe.yaml"),
            ["cedar", "alone"] => Self::Alone,
            ["cedar", "fails"] => Self::Fails("recipe.cedar"),
            ["yaml", "fails"] => Self::Fails("tests/recipe.yaml"),
            ["cedar", "warns"] => Self::Warns,
            ["text"] => Self::Text,
            ["json", "tools", server] => Self::Tools((*server).to_owned()),
            ["json", "file", name] => Self::Beside((*name).to_owned()),
            ["console"] => Self::Console,
            _ => return None,
        })
    }
}

/// Takes a page apart. Panics where a block has no end, no known purpose, or no section.
pub(super) fn sections(page: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut lines = page.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let kind = Kind::of(info).unwrap_or_else(|| panic!("line {number}: no block is called `{info}`"));
            let mut text = String::new();
            loop {
                match lines.next() {
                    Some(("```", _)) => break,
                    Some((line, _)) => text = text + line + "\n",
                    None => panic!("line {number}: the block has no end"),
                }
            }
            let section = sections.last_mut().unwrap_or_else(|| panic!("line {number}: a block before any heading"));
            section.blocks.push(Block { line: number, kind, text });
        } else if ["    ", "\t", "~~~"].iter().any(|start| line.starts_with(start)) || line.contains("```") {
            panic!("line {number}: a block that does not begin with ``` at the beginning of its line would not be run");
        } else if line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim().to_owned();
            sections.push(Section { heading, blocks: Vec::new() });
        }
    }
    sections
}

#[test]
#[should_panic(expected = "line 3: no block is called `cedra`")]
fn a_block_that_nothing_runs_is_an_error() {
    sections("# Heading\n\n```cedra\npermit (principal, action, resource);\n```\n");
}
