//! Paths and names of files.

/// Extensions of files that are no top-level domain (IANA's root zone): a name that ends so is a file's, and no
/// host's on the internet.
const ONLY_EXTENSIONS: &[&str] = &[
    "bak", "bash", "bat", "bin", "bmp", "bz2", "c", "cfg", "class", "cmd", "conf", "cpp", "cs", "css", "csv", "db",
    "dll", "doc", "docx", "env", "exe", "gif", "go", "gz", "h", "hpp", "htm", "html", "ico", "ini", "ipynb", "jar",
    "jpeg", "jpg", "js", "json", "jsonl", "jsx", "key", "kt", "lock", "log", "lua", "mdx", "mp3", "mp4", "odt",
    "parquet", "pdf", "pem", "php", "png", "ppt", "pptx", "ps1", "rb", "rtf", "sql", "sqlite", "svg", "swift", "tar",
    "tex", "tgz", "tmp", "toml", "ts", "tsv", "tsx", "ttf", "txt", "vbs", "wasm", "wav", "webp", "xls", "xlsx", "xml",
    "yaml", "yml",
];

/// Bytes of the longest extension here.
const LONGEST_EXTENSION: usize = 7;

/// Extensions of files that are top-level domains too.
const ALSO_DOMAINS: &[&str] = &["cc", "java", "md", "mov", "pl", "ps", "py", "rs", "sh", "so", "zip"];

/// What a path begins with at a root, here, above, or at home.
const BEGINNINGS: [&str; 8] = ["/", "\\\\", "./", ".\\", "../", "..\\", "~/", "~\\"];

/// Whether `text` is a path that begins as paths do, in one line.
pub(super) fn is_path(text: &str) -> bool {
    let begins = BEGINNINGS.iter().any(|beginning| text.starts_with(beginning)) || has_drive(text) || has_home(text);
    begins && !text.contains(char::is_control)
}

/// `C:\`, `C:/`.
fn has_drive(text: &str) -> bool {
    let mut letters = text.chars();
    let drive = letters.next().is_some_and(|drive| drive.is_ascii_alphabetic());
    drive && letters.next() == Some(':') && letters.next().is_some_and(|slash| matches!(slash, '/' | '\\'))
}

/// `~user/`.
fn has_home(text: &str) -> bool {
    let home = text.strip_prefix('~').and_then(|text| text.split_once('/'));
    home.is_some_and(|(user, _)| {
        user.starts_with(|first: char| first.is_ascii_alphabetic()) && !user.contains(char::is_whitespace)
    })
}

/// Whether `text`, which has no white space, is a file's name with a usual extension, perhaps in folders.
pub(super) fn is_file(text: &str) -> bool {
    let name = text.rsplit(['/', '\\']).next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        let named = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '(' | ')' | '+');
        !stem.is_empty()
            && stem.chars().all(named)
            && (is_among(ONLY_EXTENSIONS, extension) || is_among(ALSO_DOMAINS, extension))
    })
}

/// What follows the two slashes of a path to another host: `\\host\share`, `//host/share`.
pub(super) fn share(text: &str) -> Option<&str> {
    text.strip_prefix("\\\\").or_else(|| text.strip_prefix("//")).filter(|rest| !rest.contains(char::is_whitespace))
}

/// Whether no host's name ends in `label`, since it is the extension of a file and no domain.
pub(super) fn is_only_an_extension(label: &str) -> bool {
    is_among(ONLY_EXTENSIONS, label)
}

/// Whether `word` is one of `words`, which are in order, whatever its case.
fn is_among(words: &[&str], word: &str) -> bool {
    let mut lower = [0; LONGEST_EXTENSION];
    let Some(lower) = lower.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    words.binary_search_by(|known| known.as_bytes().cmp(lower)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_extension_is_found_whatever_its_case() {
        for words in [ONLY_EXTENSIONS, ALSO_DOMAINS] {
            assert!(words.is_sorted());
            for word in words {
                assert!(is_among(words, word) && is_among(words, &word.to_uppercase()), "{word}");
            }
        }
        assert!(!is_among(ONLY_EXTENSIONS, "org") && !is_among(ONLY_EXTENSIONS, &"x".repeat(100)));
    }
}
