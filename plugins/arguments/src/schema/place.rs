//! Where in a schema or a value the work is: a path that is only written out when something is reported.

use std::fmt::Write as _;

/// A place: the one above it and one step down.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    /// The whole.
    Root,
    /// The member of an object.
    Key(&'a Place<'a>, &'a str),
    /// The item of an array.
    Index(&'a Place<'a>, usize),
}

/// Bytes of the longest path that is written for people.
const LONGEST_SHOWN: usize = 160;

impl Place<'_> {
    /// The RFC 6901 pointer to this place.
    pub(super) fn pointer(&self) -> String {
        self.written(crate::pointer::push)
    }

    /// The same for people: tokens that are no plain names are left out, since they are untrusted text, and a long path is
    /// cut.
    pub(super) fn shown(&self) -> String {
        let mut shown = self.written(|path, key| {
            path.push('/');
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$');
            path.push_str(if key.len() <= 40 && key.bytes().all(plain) { key } else { "…" });
        });
        if shown.len() > LONGEST_SHOWN {
            shown.truncate(shown.floor_char_boundary(LONGEST_SHOWN));
            shown.push('…');
        }
        shown
    }

    fn written(&self, push_key: impl Fn(&mut String, &str)) -> String {
        let mut steps = Vec::new();
        let mut place = self;
        while let Place::Key(above, _) | Place::Index(above, _) = place {
            steps.push(place);
            place = above;
        }
        let mut path = String::new();
        for step in steps.into_iter().rev() {
            match step {
                Place::Root => {}
                Place::Key(_, key) => push_key(&mut path, key),
                Place::Index(_, index) => {
                    // Writing to a string does not fail.
                    let _ = write!(path, "/{index}");
                }
            }
        }
        path
    }
}
