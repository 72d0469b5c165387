//! What the name of an argument, or of a tool, says of the text that it takes.
//!
//! A name is split into words at every character that is no letter and where a small letter meets a capital (`filePath`,
//! `file_path`, `file-path`), compared in lower case, with and without a final `s`. The **last** word that is in a table
//! decides, since the last word of an English name says what it names: `file_content` is content, `url_title` a title.
//! Words that name any thing (`name`, `id`) leave it to the word before where that is a path or a host: a `file_name` is a
//! path, a `user_name` a value.

use super::Kinds;

/// Statements of SQL.
const SQL: &[&str] = &["sql", "sqlquery", "ddl", "dml", "plsql", "tsql", "psql"];

/// Commands of a shell, and the arguments that one is given.
const COMMAND: &[&str] = &[
    "arg",
    "argument",
    "argv",
    "bash",
    "cmd",
    "cmdline",
    "command",
    "commandline",
    "exec",
    "powershell",
    "shell",
    "terminal",
];

/// Paths.
const PATH: &[&str] = &[
    "cwd",
    "dir",
    "directories",
    "directory",
    "dirname",
    "dirpath",
    "file",
    "filename",
    "filepath",
    "folder",
    "path",
    "pathname",
    "root",
    "workdir",
];

/// URLs, hosts and addresses of hosts.
const ADDRESS: &[&str] = &[
    "callback",
    "domain",
    "endpoint",
    "feed",
    "fqdn",
    "homepage",
    "host",
    "hostname",
    "href",
    "ip",
    "ipaddress",
    "ipv",
    "link",
    "origin",
    "proxy",
    "redirect",
    "remote",
    "server",
    "site",
    "uri",
    "url",
    "webhook",
    "website",
];

/// Short values.
const VALUE: &[&str] = &[
    "account",
    "address",
    "airport",
    "album",
    "artist",
    "author",
    "bank",
    "branch",
    "brand",
    "bucket",
    "calendar",
    "categories",
    "category",
    "channel",
    "cities",
    "city",
    "class",
    "client",
    "collection",
    "color",
    "colour",
    "column",
    "companies",
    "company",
    "condition",
    "container",
    "countries",
    "country",
    "county",
    "currencies",
    "currency",
    "customer",
    "database",
    "dataset",
    "date",
    "day",
    "department",
    "device",
    "dimension",
    "email",
    "employee",
    "end",
    "enum",
    "event",
    "extension",
    "field",
    "filter",
    "format",
    "from",
    "genre",
    "group",
    "iban",
    "identifier",
    "image",
    "index",
    "isbn",
    "issue",
    "item",
    "kind",
    "label",
    "lang",
    "language",
    "level",
    "limit",
    "locale",
    "location",
    "login",
    "market",
    "member",
    "metric",
    "mode",
    "model",
    "module",
    "month",
    "namespace",
    "node",
    "number",
    "offset",
    "operator",
    "order",
    "org",
    "organisation",
    "organization",
    "owner",
    "package",
    "page",
    "participant",
    "person",
    "phone",
    "pod",
    "port",
    "predicate",
    "prefix",
    "product",
    "profile",
    "project",
    "property",
    "protocol",
    "province",
    "recipient",
    "ref",
    "region",
    "repo",
    "repository",
    "resource",
    "role",
    "room",
    "sender",
    "service",
    "sha",
    "size",
    "sku",
    "slug",
    "sort",
    "start",
    "state",
    "status",
    "street",
    "suffix",
    "symbol",
    "table",
    "tag",
    "team",
    "tenant",
    "ticker",
    "ticket",
    "time",
    "timezone",
    "to",
    "type",
    "unit",
    "user",
    "userid",
    "username",
    "uuid",
    "vendor",
    "version",
    "where",
    "workspace",
    "year",
    "zip",
    "zipcode",
    "zone",
];

/// Words that name any thing: which one, once the word before says what.
const ANY_THING: &[&str] = &["guid", "id", "key", "name", "no", "num", "nr"];

/// Prose and content, which is never judged.
const PROSE: &[&str] = &[
    "abstract",
    "annotation",
    "answer",
    "attachment",
    "bio",
    "blob",
    "bodies",
    "body",
    "caption",
    "comment",
    "content",
    "conversation",
    "css",
    "csv",
    "description",
    "detail",
    "diff",
    "document",
    "feedback",
    "goal",
    "html",
    "idea",
    "instruction",
    "json",
    "keyword",
    "markdown",
    "md",
    "memo",
    "message",
    "msg",
    "note",
    "objective",
    "password",
    "patch",
    "payload",
    "plan",
    "post",
    "prompt",
    "question",
    "quote",
    "reason",
    "reasoning",
    "remark",
    "replacement",
    "reply",
    "response",
    "review",
    "search",
    "snippet",
    "story",
    "subject",
    "summaries",
    "summary",
    "term",
    "thought",
    "title",
    "topic",
    "transcript",
    "tweet",
    "xml",
    "yaml",
];

/// Words that leave it to the tool's name and to the schema: a query may be SQL or a question, a source a path or a city.
const OPEN: &[&str] = &[
    "code",
    "data",
    "dest",
    "destination",
    "dst",
    "expression",
    "input",
    "output",
    "q",
    "queries",
    "query",
    "script",
    "source",
    "src",
    "statement",
    "target",
    "text",
    "value",
];

/// Words before `query`, `statement` or `script` which say that it is a search or another language.
const NOT_SQL: &[&str] = &[
    "browser",
    "cypher",
    "elastic",
    "elasticsearch",
    "es",
    "full",
    "gql",
    "graph",
    "graphql",
    "javascript",
    "jq",
    "js",
    "jsonpath",
    "jmespath",
    "kql",
    "lucene",
    "mongo",
    "natural",
    "node",
    "promql",
    "python",
    "r",
    "search",
    "semantic",
    "sparql",
    "text",
    "typescript",
    "user",
    "web",
    "xpath",
];

/// Words of a tool's or a server's name which say that it takes SQL.
const SQL_TOOL: &[&str] = &[
    "athena",
    "bigquery",
    "bq",
    "clickhouse",
    "cockroach",
    "cockroachdb",
    "database",
    "databricks",
    "db",
    "dbt",
    "duckdb",
    "hive",
    "mariadb",
    "mssql",
    "mysql",
    "oracle",
    "pg",
    "postgres",
    "postgresql",
    "presto",
    "redshift",
    "snowflake",
    "spanner",
    "sql",
    "sqlite",
    "sqlserver",
    "supabase",
    "trino",
    "warehouse",
];

/// Words of a tool's name which say that it takes commands.
const COMMAND_TOOL: &[&str] = &[
    "bash",
    "cli",
    "cmd",
    "command",
    "console",
    "exec",
    "powershell",
    "pwsh",
    "sh",
    "shell",
    "ssh",
    "terminal",
    "zsh",
];

/// Words of a tool's name which say that it takes paths.
const PATH_TOOL: &[&str] = &["dir", "directories", "directory", "file", "files", "filesystem", "folder", "fs", "path"];

/// Words of a tool's name which say that it takes addresses.
const ADDRESS_TOOL: &[&str] = &[
    "browse",
    "browser",
    "crawl",
    "crawler",
    "curl",
    "download",
    "fetch",
    "http",
    "https",
    "navigate",
    "ping",
    "scrape",
    "scraper",
    "traceroute",
    "uri",
    "url",
    "webhook",
    "webpage",
    "website",
    "wget",
    "whois",
];

/// Bytes of the longest name that has words; a longer one is nobody's argument.
const LONGEST_NAME: usize = 128;

/// What a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// This kind, or with [`Kinds::NONE`] that it is prose.
    Kinds(Kinds),
    /// That it depends on the tool: any of these, if the tool takes them.
    Open(Kinds),
    /// Nothing.
    Nothing,
}

/// What an argument's name says.
pub(super) fn of_name(name: &str) -> Said {
    let words = words_of(name);
    for (at, word) in words.iter().enumerate().rev() {
        let word = word.as_str();
        let before = at.checked_sub(1).map_or("", |before| words[before].as_str());
        if is_in(word, ANY_THING) {
            let named = [(PATH, Kinds::PATH), (ADDRESS, Kinds::ADDRESS)];
            let named = named.into_iter().find(|(list, _)| is_in(before, list)).map(|(_, kinds)| kinds);
            // An `id` of a file or a server is an identifier, a `name` of one is what it is reached by.
            let named = named.filter(|_| word == "name").unwrap_or(Kinds::VALUE);
            return Said::Kinds(named);
        }
        if is_in(word, OPEN) {
            return open(word, before);
        }
        let lists = [
            (SQL, Kinds::SQL),
            (COMMAND, Kinds::COMMAND),
            (PATH, Kinds::PATH),
            (ADDRESS, Kinds::ADDRESS),
            (VALUE, Kinds::VALUE),
            (PROSE, Kinds::NONE),
        ];
        if let Some((_, kinds)) = lists.into_iter().find(|(list, _)| is_in(word, list)) {
            return Said::Kinds(kinds);
        }
    }
    Said::Nothing
}

/// What a word that leaves it to the tool says, with the word before it.
fn open(word: &str, before: &str) -> Said {
    let code = Kinds::SQL.with(Kinds::COMMAND);
    let place = Kinds::PATH.with(Kinds::ADDRESS);
    match word {
        "query" | "queries" | "q" | "statement" | "script" | "code" | "expression" => {
            if is_in(before, SQL) || is_in(before, SQL_TOOL) {
                Said::Kinds(Kinds::SQL)
            } else if is_in(before, COMMAND_TOOL) {
                Said::Kinds(Kinds::COMMAND)
            } else if is_in(before, NOT_SQL) {
                Said::Kinds(Kinds::NONE)
            } else {
                Said::Open(code)
            }
        }
        "input" | "text" | "value" | "data" => Said::Open(code.with(place)),
        _ => Said::Open(place),
    }
}

/// What the name of a tool says that it takes, with that of its server for databases, whose tools are often just `query`.
pub(super) fn of_tool(server: &str, tool: &str) -> Kinds {
    let mut kinds = Kinds::NONE;
    let (tool, server) = (words_of(tool), words_of(server));
    let not_sql = tool.iter().any(|word| is_in(word, NOT_SQL));
    for (list, kind) in [
        (SQL_TOOL, Kinds::SQL),
        (COMMAND_TOOL, Kinds::COMMAND),
        (PATH_TOOL, Kinds::PATH),
        (ADDRESS_TOOL, Kinds::ADDRESS),
    ] {
        let says = |words: &[String]| words.iter().any(|word| is_in(word, list));
        if says(&tool) || (kind == Kinds::SQL && !not_sql && says(&server)) {
            kinds = kinds.with(kind);
        }
    }
    kinds
}

/// Whether a word is in a list, as it is or without a final `s`.
fn is_in(word: &str, list: &[&str]) -> bool {
    list.contains(&word) || word.strip_suffix('s').is_some_and(|singular| list.contains(&singular))
}

/// The words of a name, in lower case. A name that is too long has none.
fn words_of(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    if name.len() > LONGEST_NAME {
        return words;
    }
    let bytes = name.as_bytes();
    let mut begin = 0;
    for at in 0..=bytes.len() {
        let letter = bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
        let before = at.checked_sub(1).map_or(0, |before| bytes[before]);
        let small_follows = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        let capital = bytes.get(at).is_some_and(u8::is_ascii_uppercase);
        // `filePath`, and the last capital of `SQLQuery`.
        let inner = capital && (before.is_ascii_lowercase() || (before.is_ascii_uppercase() && small_follows));
        if !letter || inner {
            if let Some(word) = name.get(begin..at).filter(|word| !word.is_empty()) {
                words.push(word.to_ascii_lowercase());
            }
            begin = if letter { at } else { at + 1 };
        }
    }
    words
}
