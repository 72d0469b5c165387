//! What is reported of a path.

use super::climb::Course;
use super::roots::Roots;
use super::symbol::{Symbol, symbols};
use crate::places;
use crate::rules::{self, Hit};

/// Stream wrappers that take the place of a path: PHP's ("Supported Protocols and Wrappers").
const WRAPPERS: &[&str] = &[
    "php://",
    "expect://",
    "phar://",
    "zip://",
    "data://",
    "data:text/",
    "data:;base64",
    "compress.zlib://",
    "compress.bzip2://",
    "glob://",
    "rar://",
    "ogg://",
    "ssh2.",
    "zlib:",
    "jar:",
    "netdoc:",
];

/// Names that Windows takes for devices in any folder ("Naming Files, Paths, and Namespaces").
const DOS_DEVICES: &[&str] = &["aux", "con", "nul", "prn"];

/// Devices below `/dev/` that are of use to anyone.
const HARMLESS_DEVICES: &[&str] =
    &["null", "zero", "full", "random", "urandom", "stdin", "stdout", "stderr", "tty", "fd", "shm", "pts"];

/// Judges an argument that takes a path.
pub(crate) fn judge(text: &str, roots: &Roots, hits: &mut Vec<Hit>) {
    let whole = 0..text.len();
    if whole.is_empty() {
        return;
    }
    let lower = text[..text.floor_char_boundary(32)].trim_start().to_ascii_lowercase();
    if WRAPPERS.iter().any(|wrapper| lower.starts_with(wrapper)) {
        hits.push(Hit::new(&rules::PATH_WRAPPER, whole.clone()));
    }
    let is_file_url = lower.starts_with("file:");
    if is_file_url {
        hits.push(Hit::new(&rules::PATH_FILE_URL, whole.clone()));
    }
    let decoded = symbols(text);
    let path = if is_file_url { behind_scheme(&decoded) } else { &decoded };
    for nul in decoded.iter().filter(|symbol| symbol.character == '\0') {
        hits.push(Hit::new(&rules::PATH_NUL, nul.span.clone()));
    }
    devices(text, path, hits);
    let course = Course::of(path);
    climbs(&course, hits);
    if roots.exclude(&course) {
        hits.push(Hit::new(&rules::PATH_OUTSIDE, whole.clone()));
    }
    if let Some(confidence) = leads_to(&course) {
        hits.push(Hit::new(&rules::PATH_SENSITIVE, whole).sure(confidence));
    }
}

/// Judges an argument that takes another value: only what climbs counts.
pub(crate) fn judge_value(text: &str, hits: &mut Vec<Hit>) {
    let may_climb = text.contains("..") || text.contains(['%', '\u{2025}', '\u{ff0e}']) || text.contains("0x2");
    if !may_climb {
        return;
    }
    let mut found = Vec::new();
    judge(text, &Roots::default(), &mut found);
    let climbs = |hit: &Hit| {
        hit.rule.id == rules::PATH_ENCODED.id
            || (hit.rule.id == rules::PATH_CLIMB.id && hit.confidence >= rules::PATH_CLIMB.confidence)
    };
    let sensitive = |hit: &Hit| hit.rule.id == rules::PATH_SENSITIVE.id && text.contains("..");
    if found.iter().any(|hit| climbs(hit) || sensitive(hit)) {
        hits.append(&mut found);
    }
}

/// The path of a file URL: behind `file:` and the slashes and host.
fn behind_scheme(decoded: &[Symbol]) -> &[Symbol] {
    let rest = decoded.get("file:".len()..).unwrap_or_default();
    let slashes = rest.iter().take_while(|symbol| symbol.character == '/').count();
    if slashes == 2 {
        // `file://host/path`
        let host = rest.iter().skip(2).take_while(|symbol| symbol.character != '/').count();
        return rest.get(2 + host..).unwrap_or_default();
    }
    rest.get(slashes.saturating_sub(1)..).unwrap_or_default()
}

fn devices(text: &str, path: &[Symbol], hits: &mut Vec<Hit>) {
    let whole = 0..text.len();
    let said: String = path.iter().map(|symbol| symbol.character.to_ascii_lowercase()).collect();
    if let Some(rest) = said.strip_prefix("\\\\") {
        let rule = if rest.starts_with(['.', '?']) { &rules::PATH_DEVICE } else { &rules::PATH_UNC };
        if rest.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '.' | '?' | '$')) {
            hits.push(Hit::new(rule, whole.clone()));
        }
    }
    if let Some(device) = said.strip_prefix("/dev/") {
        let name = device.split('/').next().unwrap_or_default();
        if !name.is_empty() && !HARMLESS_DEVICES.contains(&name) {
            hits.push(Hit::new(&rules::PATH_DEVICE, whole.clone()));
        }
    }
    let on_windows = said.contains('\\') || said.as_bytes().get(1) == Some(&b':');
    let name = said.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let numbered = matches!(stem.as_bytes(), [b'c', b'o', b'm', b'1'..=b'9'] | [b'l', b'p', b't', b'1'..=b'9']);
    let is_device = numbered || DOS_DEVICES.contains(&stem);
    if (is_device && (on_windows || said == stem)) || said.contains("::$") {
        hits.push(Hit::new(&rules::PATH_DEVICE, whole).sure(60));
    }
}

fn climbs(course: &Course, hits: &mut Vec<Hit>) {
    let Some(span) = course.span.clone() else { return };
    if course.hidden {
        hits.push(Hit::new(&rules::PATH_ENCODED, span));
        return;
    }
    // One or two levels up is how a neighbour in a project is named.
    let confidence = match (course.absolute, course.turns, course.above) {
        (_, _, 5..) | (true, _, 1..) | (_, true, 2..) => 80,
        (_, true, _) => 70,
        (_, _, 3 | 4) => 50,
        (true, _, 0) if course.climbs >= 3 => 60,
        _ => return,
    };
    hits.push(Hit::new(&rules::PATH_CLIMB, span).sure(confidence));
}

/// How surely a path leads to a place that no tool is asked for.
fn leads_to(course: &Course) -> Option<u8> {
    let mut segments = course.segments.as_slice();
    if let Some((_, rest)) = segments.split_first().filter(|(drive, _)| drive.ends_with(':') || *drive == "~") {
        segments = rest;
    }
    // What stands behind a NUL is never seen, and `?` or `#` begins what is not of the path.
    let cut = |segment: &String| segment.split(['\0', '?', '#']).next().unwrap_or_default().to_string();
    let segments: Vec<String> = segments.iter().map(cut).collect();
    let normal = places::normal(&segments.join("/"));
    if places::keeps_credentials(&normal) {
        return Some(90);
    }
    let from_root = course.absolute || course.climbs > 0;
    let confidence = places::is_system(&normal).filter(|_| from_root)?;
    Some(if course.climbs > 0 { 95 } else { confidence })
}
