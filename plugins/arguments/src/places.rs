//! Places in a file system that an agent has no ordinary business in.
//!
//! Sources: filesystem(5), passwd(5), proc(5), ssh(1), bash(1), crontab(5), systemd.unit(5), netrc and credential-file pages
//! of the programs named; for Windows, "Registry Hives" (SAM) and "Startup and Recovery" of its documentation.

/// A fragment of a path, in lower case with `/`; what stands before it begins with `/`.
type Fragment = &'static str;

/// Where credentials and histories are kept.
const CREDENTIALS: &[Fragment] = &[
    "/etc/shadow",
    "/etc/gshadow",
    "/etc/master.passwd",
    "/etc/security/passwd",
    "/etc/krb5.keytab",
    "/etc/kubernetes/",
    "/.ssh/id_",
    "/.ssh/identity",
    "/etc/ssh/ssh_host_",
    "/.aws/credentials",
    "/.netrc",
    "/_netrc",
    "/.pgpass",
    "/.my.cnf",
    "/.git-credentials",
    "/.docker/config.json",
    "/.kube/config",
    "/.pypirc",
    "/.gnupg/",
    "/.config/gcloud/",
    "/.azure/",
    "/.vault-token",
    "/.htpasswd",
    "/.bash_history",
    "/.zsh_history",
    "/.sh_history",
    "/.python_history",
    "/.mysql_history",
    "/.psql_history",
    "/.ash_history",
    "/.rediscli_history",
    "/run/secrets/",
    "/proc/self/environ",
    "/proc/1/environ",
    "/config/sam",
    "/repair/sam",
    "/repair/system",
    "/config/regback/",
    "/ntds.dit",
    "/login.keychain",
    "/login data",
    "/.mozilla/firefox/",
    "/logins.json",
    "/key4.db",
    "/wallet.dat",
    "/.bitcoin/",
];

/// What is run or believed at a login, a start or a set time.
const STARTUP: &[Fragment] = &[
    "/.bashrc",
    "/.bash_profile",
    "/.bash_login",
    "/.bash_logout",
    "/.profile",
    "/.zshrc",
    "/.zprofile",
    "/.zshenv",
    "/.zlogin",
    "/.config/fish/config.fish",
    "/.config/autostart/",
    "/.config/systemd/",
    "/etc/profile",
    "/etc/bash.bashrc",
    "/etc/rc.local",
    "/etc/init.d/",
    "/etc/cron",
    "/var/spool/cron",
    "/etc/systemd/system/",
    "/lib/systemd/system/",
    "/etc/ld.so.preload",
    "/etc/ld.so.conf",
    "/etc/pam.d/",
    "/etc/sudoers",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/group",
    "/etc/hosts",
    "/etc/inittab",
    "/.ssh/authorized_keys",
    "/.ssh/config",
    "/.ssh/rc",
    "/root/.ssh/",
    "/launchagents/",
    "/launchdaemons/",
    "/start menu/programs/startup/",
    "/.git/hooks/",
    "/.vimrc",
    "/etc/update-motd.d/",
    "/etc/xdg/autostart/",
];

/// What says how a machine is set up, or belongs to a process. These begin the path: a project may have an `etc` or a
/// `windows` of its own.
const SYSTEM: &[Fragment] = &[
    "/etc/passwd",
    "/etc/group",
    "/etc/sudoers",
    "/etc/hosts",
    "/etc/issue",
    "/etc/motd",
    "/etc/mtab",
    "/etc/fstab",
    "/etc/crontab",
    "/etc/inetd.conf",
    "/etc/my.cnf",
    "/etc/mysql/",
    "/etc/exports",
    "/etc/resolv.conf",
    "/etc/ssh/",
    "/etc/apache",
    "/etc/httpd/",
    "/etc/nginx/",
    "/etc/php",
    "/etc/vsftpd",
    "/etc/proftpd",
    "/etc/redhat-release",
    "/etc/network",
    "/etc/security/",
    "/etc/syslog",
    "/etc/samba/",
    "/etc/ld.so.preload",
    "/proc/self/",
    "/proc/version",
    "/proc/cmdline",
    "/proc/cpuinfo",
    "/proc/mounts",
    "/proc/net/",
    "/proc/sched_debug",
    "/proc/kcore",
    "/proc/kallsyms",
    "/sys/kernel/",
    "/var/run/secrets/",
    "/var/spool/cron",
    "/boot.ini",
    "/win.ini",
    "/system.ini",
    "/windows/",
    "/winnt/",
    "/inetpub/",
    "/autoexec.bat",
    "/pagefile.sys",
    "/boot/grub",
];

/// A path as the tables have it: in lower case, with `/` for `\`, without empty and `.` segments, behind a `/`.
pub(crate) fn normal(path: &str) -> String {
    let mut normal = String::with_capacity(path.len() + 1);
    let lower = path.to_lowercase().replace('\\', "/");
    for segment in lower.split('/').filter(|segment| !segment.is_empty() && *segment != ".") {
        normal.push('/');
        normal.push_str(segment);
    }
    if lower.ends_with('/') {
        normal.push('/');
    }
    normal
}

/// Whether a path is what a fragment says; a folder counts as what is in it.
fn is_in(normal: &str, table: &[Fragment], has: impl Fn(&str, &str) -> bool) -> bool {
    table.iter().any(|place| has(normal, place) || place.strip_suffix('/').is_some_and(|folder| normal == folder))
}

/// Whether a path, in the tables' form, is where credentials or histories are kept.
pub(crate) fn keeps_credentials(normal: &str) -> bool {
    let of_process = normal.starts_with("/proc/") && (normal.ends_with("/environ") || normal.ends_with("/mem"));
    of_process || is_in(normal, CREDENTIALS, |normal, place| normal.contains(place))
}

/// Whether a path, in the tables' form, is run or believed at a login, a start or a set time.
pub(crate) fn is_startup(normal: &str) -> bool {
    is_in(normal, STARTUP, |normal, place| normal.contains(place))
}

/// How surely a path from a root, in the tables' form and without a drive, says how the machine is set up or is a
/// process's own, in percent.
pub(crate) fn is_system(normal: &str) -> Option<u8> {
    if is_in(normal, SYSTEM, |normal, place| normal.starts_with(place)) {
        Some(85)
    } else {
        // The rest of the folders that hold nothing else (hier(7), proc(5), sysfs(5)).
        ["/etc/", "/proc/", "/sys/", "/boot/"].iter().any(|folder| normal.starts_with(folder)).then_some(60)
    }
}
