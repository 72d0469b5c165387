//! What is reported of a URL or host.

use std::ops::Range;

use super::host::{Host, What};
use super::network::{self, Network};
use super::split::{Parts, split};
use crate::rules::{self, Hit, Rule};

/// Schemes that reach files, other services, or code.
pub(super) const SCHEMES: &[&str] = &[
    "dict",
    "expect",
    "file",
    "ftp",
    "ftps",
    "gopher",
    "imap",
    "jar",
    "javascript",
    "ldap",
    "ldaps",
    "netdoc",
    "phar",
    "php",
    "pop3",
    "sftp",
    "smb",
    "smtp",
    "telnet",
    "tftp",
    "vbscript",
    "view-source",
];

/// Names of this machine (RFC 6761, section 6.3, and those that systems put in their hosts file).
const OWN_NAMES: &[&str] = &[
    "localhost",
    "localhost.localdomain",
    "ip6-localhost",
    "ip6-loopback",
    "broadcasthost",
    "kubernetes.docker.internal",
];

/// Names at which clouds answer for their metadata, and a cluster for itself, by their documentation.
const METADATA_NAMES: &[&str] = &[
    "metadata",
    "metadata.google.internal",
    "metadata.goog",
    "instance-data",
    "instance-data.ec2.internal",
    "metadata.packet.net",
    "metadata.platformequinix.com",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
    "rancher-metadata",
    "host.docker.internal",
    "gateway.docker.internal",
];

/// Domains that answer with the address in a name, with this machine's, or with one and then another.
const REBINDING: &[&str] = &[
    "nip.io",
    "sslip.io",
    "xip.io",
    "localtest.me",
    "lvh.me",
    "vcap.me",
    "lacolhost.com",
    "localho.st",
    "rbndr.us",
    "rebind.network",
    "1u.ms",
    "traefik.me",
    "fuf.me",
    "yoogle.com",
    "spoofed.burpcollaborator.net",
    "bc.googleusercontent.com",
    "rebind.it",
    "127-0-0-1.org.uk",
    "domaincontrol.com",
    "readme.localtest.me",
];

/// Endings of names that are never of the Internet (RFC 6762, RFC 6761, ICANN's reservation of `internal`).
const PRIVATE_ENDINGS: &[&str] = &[".internal", ".intranet", ".lan", ".local", ".corp", ".home.arpa", ".cluster.local"];

/// The hosts that a bundle allows.
#[derive(Debug, Default)]
pub(crate) struct Allowed(Vec<String>);

impl Allowed {
    /// The hosts of a configuration: `host`, `host:port`, or `*.domain`.
    ///
    /// # Errors
    ///
    /// One of them is empty, or a star stands elsewhere than first.
    pub(crate) fn new(hosts: &[String]) -> Result<Self, String> {
        for host in hosts {
            let rest = host.strip_prefix("*.").unwrap_or(host);
            if rest.is_empty() || rest.contains(['*', '/']) {
                return Err(format!("`allowed_hosts`: expected `host`, `host:port` or `*.domain`, found `{host}`"));
            }
        }
        Ok(Self(hosts.iter().map(|host| host.to_ascii_lowercase()).collect()))
    }

    fn has(&self, host: &Host, port: Option<&str>) -> bool {
        let name = match &host.what {
            What::Name(name) => name.clone(),
            What::V4(address) => address.to_string(),
            What::V6(address) => format!("[{address}]"),
        };
        self.0.iter().any(|allowed| match allowed.strip_prefix('*') {
            Some(ending) => name.ends_with(ending),
            None => *allowed == name || port.is_some_and(|port| *allowed == format!("{name}:{port}")),
        })
    }
}

/// Judges an argument that takes a URL or a host.
pub(crate) fn judge(text: &str, allowed: &Allowed, hits: &mut Vec<Hit>) {
    let Some(parts) = split(text) else { return };
    if let Some(scheme) = parts.scheme.as_deref().filter(|scheme| SCHEMES.contains(scheme)) {
        let confidence = if scheme.starts_with("ftp") || scheme == "sftp" { 60 } else { rules::SSRF_SCHEME.confidence };
        hits.push(Hit::new(&rules::SSRF_SCHEME, 0..text.len()).sure(confidence));
    }
    confusing(text, &parts, hits);
    let said = text.get(parts.host.clone()).unwrap_or_default();
    let Some(host) = Host::read(said, parts.scheme.is_some()) else { return };
    let port = parts.port.clone().and_then(|port| text.get(port));
    // An odd spelling of an allowed host is odd all the same.
    if allowed.has(&host, port) && !host.odd {
        return;
    }
    let mut report = |rule: &'static Rule, confidence: u8| {
        hits.push(Hit::new(rule, parts.host.clone()).sure(confidence));
    };
    let (network, carries) = match &host.what {
        What::Name(name) => return of_name(name, host.odd, &mut report),
        What::V4(address) => (network::of_v4(*address), false),
        What::V6(address) => network::of_v6(*address),
    };
    let odd = host.odd || carries;
    if let Some(network) = network {
        let rule = rule_of(network);
        report(rule, if odd { 97 } else { rule.confidence });
    } else if odd {
        report(&rules::SSRF_ODD, rules::SSRF_ODD.confidence);
    }
}

fn rule_of(network: Network) -> &'static Rule {
    match network {
        Network::Loopback => &rules::SSRF_LOOPBACK,
        Network::Private => &rules::SSRF_PRIVATE,
        Network::Metadata => &rules::SSRF_METADATA,
    }
}

fn of_name(name: &str, odd: bool, report: &mut impl FnMut(&'static Rule, u8)) {
    let is_below =
        |domain: &&str| name.strip_suffix(*domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if OWN_NAMES.contains(&name) || name.ends_with(".localhost") {
        report(&rules::SSRF_LOOPBACK, if odd { 97 } else { rules::SSRF_LOOPBACK.confidence });
    } else if METADATA_NAMES.contains(&name) {
        report(&rules::SSRF_METADATA, rules::SSRF_METADATA.confidence);
    } else if REBINDING.iter().any(is_below) {
        report(&rules::SSRF_REBINDING, rules::SSRF_REBINDING.confidence);
    } else if PRIVATE_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        report(&rules::SSRF_PRIVATE, 60);
    } else if odd && name.is_ascii() {
        report(&rules::SSRF_ODD, 70);
    }
}

/// What makes readers of URLs disagree on the host.
fn confusing(text: &str, parts: &Parts, hits: &mut Vec<Hit>) {
    let said = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
    let web = parts.scheme.as_deref().is_some_and(|scheme| matches!(scheme, "http" | "https"));
    if let Some(user) = parts.user.as_ref().filter(|_| web) {
        let name = said(user).split(':').next().unwrap_or_default();
        let looks_like_host = name.contains('.') && !name.contains("%40");
        if said(user).contains(['@', '\\', ' ', '#', '?', ';']) || said(user).contains('%') && looks_like_host {
            hits.push(Hit::new(&rules::SSRF_CONFUSING, user.start..parts.host.end));
        } else if looks_like_host {
            hits.push(Hit::new(&rules::SSRF_USERINFO, user.start..parts.host.end));
        }
    }
    let host = said(&parts.host);
    let behind = text.get(parts.port.as_ref().map_or(parts.host.end, |port| port.end)..).unwrap_or_default();
    // `http://one\@two`: to one reader the host is `one`, to another `two`.
    let backslash = web && behind.starts_with('\\');
    let fragment = web && behind.starts_with(['#', '?']) && behind.as_bytes().get(1) == Some(&b'@');
    let blanks = web && host.contains([' ', '\t', '\n', '\r', '^', '|']);
    let port =
        web && parts.port.as_ref().is_some_and(|port| said(port).bytes().any(|byte| !byte.is_ascii_alphanumeric()));
    let slashes = web && parts.odd_slashes && !host.is_empty();
    if backslash || fragment || blanks || port || slashes {
        hits.push(Hit::new(&rules::SSRF_CONFUSING, 0..text.len()));
    }
}
