//! Functions and packages that no ordinary statement of an agent calls. Each list names where it is documented.

/// What a function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Waits, so that the time tells what the answer would have.
    Delay,
    /// Reads or writes files, runs commands, or reaches other hosts.
    Outside,
    /// Puts what it was given into an error message. An ordinary function in a statement about XML.
    Error,
}

/// Functions by name, in lower case. A call is the name and `(`.
const FUNCTIONS: &[(&str, Effect)] = &[
    // MySQL, "Miscellaneous Functions", "Information Functions", "String Functions", "XML Functions".
    ("sleep", Effect::Delay),
    ("benchmark", Effect::Delay),
    ("load_file", Effect::Outside),
    ("extractvalue", Effect::Error),
    ("updatexml", Effect::Error),
    ("gtid_subset", Effect::Error),
    // The UDFs of lib_mysqludf_sys.
    ("sys_exec", Effect::Outside),
    ("sys_eval", Effect::Outside),
    // PostgreSQL, "Delaying Execution", "Generic File Access Functions", "Server-Side Functions", "dblink".
    ("pg_sleep", Effect::Delay),
    ("pg_sleep_for", Effect::Delay),
    ("pg_sleep_until", Effect::Delay),
    ("pg_read_file", Effect::Outside),
    ("pg_read_binary_file", Effect::Outside),
    ("pg_ls_dir", Effect::Outside),
    ("pg_stat_file", Effect::Outside),
    ("lo_import", Effect::Outside),
    ("lo_export", Effect::Outside),
    ("lo_from_bytea", Effect::Outside),
    ("dblink", Effect::Outside),
    ("dblink_connect", Effect::Outside),
    ("dblink_exec", Effect::Outside),
    ("query_to_xml", Effect::Error),
    // SQL Server, OPENROWSET and OPENDATASOURCE.
    ("openrowset", Effect::Outside),
    ("opendatasource", Effect::Outside),
    ("openquery", Effect::Outside),
    // SQLite, "Core Functions", and the functions of its command line.
    ("load_extension", Effect::Outside),
    // Ordinary in a statement that makes identifiers; slow with a large number.
    ("randomblob", Effect::Error),
    ("writefile", Effect::Outside),
    ("readfile", Effect::Outside),
    // Oracle, "XMLType", "HTTPURITYPE".
    ("httpuritype", Effect::Outside),
];

/// SQL Server's procedures, which need no parentheses ("General extended stored procedures", "OLE Automation").
const PROCEDURES: &[&str] = &[
    "xp_cmdshell",
    "xp_dirtree",
    "xp_fileexist",
    "xp_regread",
    "xp_regwrite",
    "xp_subdirs",
    "xp_servicecontrol",
    "sp_oacreate",
    "sp_oamethod",
    "sp_execute_external_script",
    "sp_addextendedproc",
];

/// Oracle's packages ("PL/SQL Packages and Types Reference"), which are followed by a dot.
const PACKAGES: &[(&str, Effect)] = &[
    ("utl_http", Effect::Outside),
    ("utl_file", Effect::Outside),
    ("utl_inaddr", Effect::Outside),
    ("utl_smtp", Effect::Outside),
    ("utl_tcp", Effect::Outside),
    ("dbms_ldap", Effect::Outside),
    ("dbms_java", Effect::Outside),
    ("dbms_scheduler", Effect::Outside),
    ("dbms_xslprocessor", Effect::Outside),
    ("dbms_advisor", Effect::Outside),
    ("dbms_lock", Effect::Delay),
    ("dbms_session", Effect::Delay),
    ("dbms_pipe", Effect::Delay),
    ("ctxsys", Effect::Error),
    ("ordsys", Effect::Error),
];

/// The catalogues that say what there is in a database, and the tables of its users.
const CATALOGUES: &[&str] = &[
    "information_schema",
    "pg_catalog",
    "pg_shadow",
    "pg_authid",
    "pg_user",
    "pg_group",
    "sqlite_master",
    "sqlite_schema",
    "sysobjects",
    "syscolumns",
    "sysdatabases",
    "syslogins",
    "sysusers",
    "all_tables",
    "all_tab_columns",
    "all_users",
    "dba_users",
    "user_tables",
    "user_tab_columns",
    "msysaccessobjects",
    "sysibm",
    "systables",
    "pg_tables",
    "pg_class",
    "pg_database",
];

/// Bytes of the longest name in the tables.
const LONGEST: usize = 26;

/// How a name is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Followed {
    /// By `(`.
    Call,
    /// By a dot.
    Dot,
    /// By anything else.
    Other,
}

/// What a name does where it stands.
pub(super) fn effect_of(name: &str, followed: Followed) -> Option<Effect> {
    if name.len() > LONGEST {
        return None;
    }
    let find = |list: &[(&str, Effect)]| {
        list.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, effect)| *effect)
    };
    match followed {
        Followed::Call => find(FUNCTIONS),
        Followed::Dot => find(PACKAGES),
        Followed::Other => None,
    }
    .or_else(|| PROCEDURES.iter().any(|known| known.eq_ignore_ascii_case(name)).then_some(Effect::Outside))
}

/// Whether a name is that of a catalogue.
pub(super) fn is_catalogue(name: &str) -> bool {
    name.len() <= LONGEST && CATALOGUES.iter().any(|known| known.eq_ignore_ascii_case(name))
}
