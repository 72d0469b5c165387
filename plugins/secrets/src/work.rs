//! A count of the bytes that searches look at beside the one pass, for the test that it grows with the text and no faster.

/// Counts bytes that are looked at. Does nothing outside tests.
#[cfg(not(test))]
pub(crate) const fn add(_bytes: usize) {}

#[cfg(test)]
pub(crate) use counted::add;

#[cfg(test)]
mod counted {
    use std::cell::Cell;

    use crate::rules::{self, Form};
    use crate::{Config, Secrets};
    use guardhouse_guard::Guard as _;

    thread_local! {
        static WORK: Cell<usize> = const { Cell::new(0) };
    }

    pub(crate) fn add(bytes: usize) {
        WORK.set(WORK.get() + bytes);
    }

    /// How many bytes are looked at in a text of this piece again and again.
    fn work(piece: &str, times: usize) -> usize {
        let Ok(guard) = Secrets::configure(Config::default()) else { return usize::MAX };
        WORK.set(0);
        guard.find(&piece.repeat(times));
        WORK.get()
    }

    #[test]
    fn eight_times_the_text_is_eight_times_the_work_whatever_is_repeated() {
        let mut pieces: Vec<String> = rules::all()
            .flat_map(|rule| match rule.form {
                Form::Token(token) => token.prefixes.iter().map(ToString::to_string).collect(),
                Form::Written => Vec::new(),
            })
            .collect();
        let others = [
            "-----BEGIN ",
            "-----BEGIN PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n-----END ",
            "-----",
            "eyJ",
            "eyJ.",
            "eyJhbGciOiJIUzI1NiJ9.",
            ".eyJhbGciOiJIUzI1NiJ9",
            ".",
            "M.",
            "://",
            "://a:",
            "https://a:b@",
            "1:AA",
            "Q~",
            "-us",
            "password=",
            "password=\"",
            "password: ",
            "token: ",
            "token=",
            "secret='",
            "<secret>",
            "value: ",
            "name: token value: ",
            "password is ",
            " is ",
            "Authorization: Bearer ",
            "curl -u ",
            "curl -u a:",
            "login a password ",
            "--token ",
            "auth=",
            "sig=",
            "\"",
            "'",
            ",",
            "\",",
            "=",
            ":",
            ">",
            "<",
            " ",
            "\n",
            "a",
            "A",
            "0",
            "-",
            "_",
            "\\n",
            "%3D",
            "é",
            "中",
        ];
        pieces.extend(others.map(str::to_string));
        // The same with a byte before each that lets a token begin, and in words that end before they are too long.
        let apart: Vec<String> =
            pieces.iter().flat_map(|piece| [format!("-{piece}"), format!("{} ", piece.repeat(20))]).collect();
        for piece in pieces.iter().chain(&apart) {
            let times = (1 << 16) / piece.len();
            let (once, eight) = (work(piece, times / 8), work(piece, times));
            assert!(eight <= 9 * once + 4096, "{piece:?}: {once}, {eight}");
            assert!(eight <= 96 << 16, "{piece:?}: {} for each byte", eight >> 16);
        }
    }
}
