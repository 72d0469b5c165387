//! The table of what is reported: every rule with its category, severity, confidence and message.
//!
//! What a rule looks for stands in the room of its language; `docs/guards/arguments.md` has the sources.

use std::ops::Range;

use guardhouse_guard::{Finding, Severity};

/// The words that policies use.
pub(crate) mod category {
    pub(crate) const SQL_INJECTION: &str = "sql-injection";
    pub(crate) const DANGEROUS_SQL: &str = "dangerous-sql";
    pub(crate) const COMMAND_INJECTION: &str = "command-injection";
    pub(crate) const DANGEROUS_COMMAND: &str = "dangerous-command";
    pub(crate) const PATH_TRAVERSAL: &str = "path-traversal";
    pub(crate) const SSRF: &str = "ssrf";
    pub(crate) const SCHEMA_MISMATCH: &str = "schema-mismatch";
    pub(crate) const SCHEMA_NOT_CHECKED: &str = "schema-not-checked";
    /// All of them.
    pub(crate) const ALL: &[&str] = &[
        SQL_INJECTION,
        DANGEROUS_SQL,
        COMMAND_INJECTION,
        DANGEROUS_COMMAND,
        PATH_TRAVERSAL,
        SSRF,
        SCHEMA_MISMATCH,
        SCHEMA_NOT_CHECKED,
    ];
}

/// One rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Its stable name.
    pub(crate) id: &'static str,
    /// What kind of thing it finds: one of [`category`].
    pub(crate) category: &'static str,
    /// How bad what it finds is.
    pub(crate) severity: Severity,
    /// How sure it is, in percent, unless a finding says otherwise.
    pub(crate) confidence: u8,
    /// What it found, for people.
    pub(crate) message: &'static str,
}

/// Something that was found in one text.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// By which rule.
    pub(crate) rule: &'static Rule,
    /// Where, in bytes.
    pub(crate) span: Range<usize>,
    /// How sure that is, in percent.
    pub(crate) confidence: u8,
}

impl Hit {
    /// A hit of `rule`, as sure as the rule.
    pub(crate) fn new(rule: &'static Rule, span: Range<usize>) -> Self {
        Self { rule, span, confidence: rule.confidence }
    }

    /// As sure as this, in percent.
    pub(crate) fn sure(self, confidence: u8) -> Self {
        Self { confidence, ..self }
    }

    /// The finding in the part with index `part`.
    pub(crate) fn finding(self, part: usize) -> Finding {
        self.whole().at(part, self.span)
    }

    /// The finding without its place.
    pub(crate) fn whole(&self) -> Finding {
        Finding::new(self.rule.id, self.rule.category)
            .severity(self.rule.severity)
            .confidence(self.confidence)
            .message(self.rule.message)
    }
}

/// The hits of which no two of one category overlap: the worst and surest of those that do stands.
pub(crate) fn without_overlap(mut hits: Vec<Hit>) -> Vec<Hit> {
    // By category, then place: those that overlap stand side by side.
    hits.sort_by(|left, right| {
        (left.rule.category, left.span.start, left.span.end).cmp(&(
            right.rule.category,
            right.span.start,
            right.span.end,
        ))
    });
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match kept.last_mut() {
            Some(last) if last.rule.category == hit.rule.category && hit.span.start < last.span.end => {
                let weight = |hit: &Hit| (hit.rule.severity, hit.confidence);
                let span = last.span.start..last.span.end.max(hit.span.end);
                if weight(&hit) > weight(last) {
                    *last = hit;
                }
                // Whatever was found there is covered, so that a repair leaves nothing of it.
                last.span = span;
            }
            _ => kept.push(hit),
        }
    }
    kept
}

/// Declares the rules, and the list of all of them.
macro_rules! rules {
    ($($name:ident: $id:literal, $category:ident, $severity:ident, $confidence:literal, $message:literal;)+) => {
        $(
            #[doc = $message]
            pub(crate) static $name: Rule = Rule {
                id: $id,
                category: category::$category,
                severity: Severity::$severity,
                confidence: $confidence,
                message: $message,
            };
        )+

        /// Every rule.
        pub(crate) static RULES: &[&Rule] = &[$(&$name),+];
    };
}

rules! {
    // A value that is to stand inside a statement.
    INJECTED_TAUTOLOGY: "injected-sql-tautology", SQL_INJECTION, High, 90,
        "A condition of constants, such as one that always holds, stands in an argument that takes a value";
    INJECTED_UNION: "injected-sql-union", SQL_INJECTION, High, 90,
        "A UNION with a further query stands in an argument that takes a value";
    INJECTED_STACKED: "injected-sql-stacked", SQL_INJECTION, Critical, 85,
        "A further SQL statement follows a semicolon in an argument that takes a value";
    INJECTED_STATEMENT: "injected-sql-statement", SQL_INJECTION, High, 75,
        "A whole SQL statement stands in an argument that takes a value";
    INJECTED_SUBQUERY: "injected-sql-subquery", SQL_INJECTION, High, 80,
        "An SQL query in parentheses stands in an argument that takes a value";
    INJECTED_TRUNCATION: "injected-sql-truncation", SQL_INJECTION, High, 75,
        "A quote is closed and the rest of the statement commented out";
    INJECTED_BREAKOUT: "injected-sql-breakout", SQL_INJECTION, High, 80,
        "A quote is closed and followed by an SQL expression";
    INJECTED_FUNCTION: "injected-sql-function", SQL_INJECTION, High, 90,
        "A call of an SQL function that waits, reads files, runs commands or leaks through errors stands in a value";
    INJECTED_CATALOGUE: "injected-sql-catalogue", SQL_INJECTION, High, 80,
        "The name of a database's catalogue or of a server variable stands in an argument that takes a value";
    INJECTED_PROBE: "injected-sql-probe", SQL_INJECTION, Medium, 70,
        "A clause that counts columns or comments out part of a statement stands in an argument that takes a value";

    // A whole statement.
    SQL_TAUTOLOGY: "sql-tautology", DANGEROUS_SQL, High, 80, "The statement has a condition that always holds";
    SQL_UNION: "sql-union", DANGEROUS_SQL, High, 75,
        "A UNION reads a catalogue or pads its columns with constants, as an injected one does";
    SQL_STACKED: "sql-stacked", DANGEROUS_SQL, High, 75, "A statement that changes something follows one that reads";
    SQL_TRUNCATION: "sql-truncation", DANGEROUS_SQL, High, 75, "A comment cuts the statement off within a condition";
    SQL_DELAY: "sql-delay", DANGEROUS_SQL, High, 85, "The statement waits, as one does that probes blindly";
    SQL_OUTSIDE: "sql-outside", DANGEROUS_SQL, Critical, 90,
        "The statement reads or writes files, runs commands or reaches other servers";
    SQL_DROP: "sql-drop", DANGEROUS_SQL, Critical, 90, "The statement drops or empties an object";
    SQL_GRANT: "sql-grant", DANGEROUS_SQL, High, 90, "The statement changes who may do what";
    SQL_SCHEMA_CHANGE: "sql-schema-change", DANGEROUS_SQL, Medium, 85, "The statement creates or alters an object";
    SQL_UNBOUNDED: "sql-unbounded-write", DANGEROUS_SQL, High, 85,
        "The statement deletes or updates without saying which rows";

    // A value that is to stand inside a command.
    INJECTED_COMMAND: "injected-command", COMMAND_INJECTION, Critical, 85,
        "A shell operator and a further command stand in an argument that takes a value";
    INJECTED_SUBSTITUTION: "injected-substitution", COMMAND_INJECTION, Critical, 85,
        "A command substitution stands in an argument that takes a value";
    INJECTED_EXPANSION: "injected-expansion", COMMAND_INJECTION, High, 85,
        "An expansion that stands for a space or a letter, as in a disguised command, stands in a value";
    INJECTED_REDIRECT: "injected-redirect", COMMAND_INJECTION, High, 75,
        "A redirection to a path stands in an argument that takes a value";
    INJECTED_CALL: "injected-call", COMMAND_INJECTION, High, 80,
        "A call that runs a command or evaluates code stands in an argument that takes a value";
    INJECTED_OPTION: "injected-option", COMMAND_INJECTION, High, 85,
        "An option that makes a program run a command stands in an argument that takes a value";
    INJECTED_SHELLSHOCK: "injected-shellshock", COMMAND_INJECTION, Critical, 95,
        "A function definition that old shells run stands in an argument that takes a value";

    // A whole command.
    SHELL_PIPE: "shell-pipe-to-interpreter", DANGEROUS_COMMAND, Critical, 90,
        "What is downloaded is run by an interpreter";
    SHELL_DECODE: "shell-decode-to-interpreter", DANGEROUS_COMMAND, Critical, 90,
        "What is decoded is run by an interpreter";
    SHELL_FETCH_RUN: "shell-fetch-and-run", DANGEROUS_COMMAND, High, 75, "A file is downloaded and then run";
    SHELL_REVERSE: "shell-reverse-shell", DANGEROUS_COMMAND, Critical, 92, "The command opens a shell to another host";
    SHELL_EXFILTRATION: "shell-exfiltration", DANGEROUS_COMMAND, Critical, 80,
        "The command sends what it reads on this machine to another host";
    SHELL_DESTRUCTIVE: "shell-destructive", DANGEROUS_COMMAND, Critical, 92,
        "The command destroys a file system, a device or a home directory, or exhausts the machine";
    SHELL_PERSISTENCE: "shell-persistence", DANGEROUS_COMMAND, High, 80,
        "The command writes to what is run or believed at a login, a start or a set time";
    SHELL_CREDENTIALS: "shell-credential-read", DANGEROUS_COMMAND, High, 80,
        "The command reads where credentials or a shell's history are kept";
    SHELL_TRACKS: "shell-cover-tracks", DANGEROUS_COMMAND, Medium, 80, "The command removes or turns off a history or log";
    SHELL_SETUID: "shell-setuid", DANGEROUS_COMMAND, Critical, 85, "The command makes a program run with its owner's rights";

    // A path.
    PATH_CLIMB: "path-climb", PATH_TRAVERSAL, Medium, 75, "The path climbs out of where it begins";
    PATH_ENCODED: "path-encoded-climb", PATH_TRAVERSAL, High, 90,
        "The path climbs by dots or slashes in an encoding that hides them";
    PATH_SENSITIVE: "path-sensitive", PATH_TRAVERSAL, High, 85,
        "The path leads to credentials, the system's settings or a process's own files";
    PATH_NUL: "path-nul", PATH_TRAVERSAL, High, 92, "A NUL byte cuts the path short";
    PATH_DEVICE: "path-device", PATH_TRAVERSAL, Medium, 75, "The path names a device";
    PATH_UNC: "path-unc", PATH_TRAVERSAL, High, 80, "The path leads to another host's share";
    PATH_WRAPPER: "path-wrapper", PATH_TRAVERSAL, High, 90, "A stream wrapper stands in place of a path";
    PATH_FILE_URL: "path-file-url", PATH_TRAVERSAL, Low, 60, "A file URL stands in place of a path";
    PATH_OUTSIDE: "path-outside-roots", PATH_TRAVERSAL, High, 95, "The path leads out of the allowed roots";

    // An address.
    SSRF_LOOPBACK: "ssrf-loopback", SSRF, High, 85, "The address is this machine's own";
    SSRF_PRIVATE: "ssrf-private", SSRF, High, 80, "The address is in a private or reserved network";
    SSRF_METADATA: "ssrf-metadata", SSRF, Critical, 95, "The address is a cloud's metadata service, or link-local";
    SSRF_ODD: "ssrf-odd-address", SSRF, High, 85, "The address is spelt in a way that hides where it leads";
    SSRF_REBINDING: "ssrf-rebinding", SSRF, High, 85, "The host name resolves to whatever address its caller likes";
    SSRF_SCHEME: "ssrf-scheme", SSRF, High, 85, "The scheme reaches files or services that are not of the web";
    SSRF_USERINFO: "ssrf-userinfo", SSRF, Medium, 75, "What looks like the host is the user's name";
    SSRF_CONFUSING: "ssrf-confusing", SSRF, Medium, 75, "Readers of URLs disagree on the host of this one";

    // Schemas.
    INPUT_SCHEMA: "input-schema", SCHEMA_MISMATCH, Medium, 100, "The arguments do not satisfy the tool's input schema";
    OUTPUT_SCHEMA: "output-schema", SCHEMA_MISMATCH, Medium, 100, "The result does not satisfy the tool's output schema";
    SCHEMA_UNSUPPORTED: "schema-unsupported", SCHEMA_NOT_CHECKED, Info, 100, "Part of the schema was not checked";
    SCHEMA_COSTLY: "schema-too-costly", SCHEMA_NOT_CHECKED, Medium, 100, "The schema asks for too much work";
    SCHEMA_UNREADABLE: "schema-unreadable", SCHEMA_NOT_CHECKED, Medium, 100, "The schema could not be read";
}

/// The rule with this name.
pub(crate) fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}
