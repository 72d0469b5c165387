//! A small HTTP server on this machine that takes records, and has its moods.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

/// What the server does with a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mood {
    /// Takes it.
    Takes,
    /// Answers with this status and this header.
    Says(u16, &'static str),
    /// Reads some of it and closes the connection.
    Breaks,
    /// Takes it, and has an answer without end.
    Babbles,
    /// Reads it and says nothing.
    IsSilent,
}

/// One request that was read whole.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Its headers, names in small letters.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
    pub(crate) is_taken: bool,
}

/// The server; its threads end with the test's process.
pub(crate) struct Server {
    pub(crate) port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// On this port, any with 0, with a mood for each request by its number from 0.
    pub(crate) fn start(port: u16, mood: impl Fn(usize) -> Mood + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        thread::spawn(move || {
            for (number, connection) in listener.incoming().enumerate() {
                let (mood, kept) = (mood(number), Arc::clone(&kept));
                // A shipper that is killed breaks its connection.
                thread::spawn(move || serve(connection.unwrap(), mood, &kept));
            }
        });
        Self { port, requests }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/records", self.port)
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The bodies that were taken, one behind the other.
    pub(crate) fn taken(&self) -> Vec<u8> {
        self.requests().into_iter().filter(|request| request.is_taken).flat_map(|request| request.body).collect()
    }
}

/// Reads one request and answers it; `None` where the other end is gone.
fn serve(connection: TcpStream, mood: Mood, kept: &Mutex<Vec<Request>>) -> Option<()> {
    let mut reader = BufReader::new(connection.try_clone().ok()?);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
    }
    let length: usize = headers.get("content-length")?.parse().ok()?;
    let mut body = vec![0; if matches!(mood, Mood::Breaks) { length / 2 } else { length }];
    reader.read_exact(&mut body).ok()?;
    if matches!(mood, Mood::Breaks) {
        return None;
    }
    let is_taken = matches!(mood, Mood::Takes | Mood::Babbles | Mood::Says(200..=299, _));
    kept.lock().unwrap().push(Request { headers, body, is_taken });
    let mut connection = connection;
    match mood {
        Mood::Takes | Mood::Breaks => {
            connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").ok()
        }
        Mood::Says(status, header) => {
            let body = "Bearer hunter2 is not welcome";
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status} So\r\n{header}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            connection.write_all(head.as_bytes()).ok()?;
            connection.write_all(body.as_bytes()).ok()
        }
        Mood::Babbles => {
            connection.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
            while connection.write_all(&[b'x'; 4_096]).is_ok() {}
            None
        }
        Mood::IsSilent => {
            // Until the other end has had enough.
            let _ = connection.read(&mut [0]);
            None
        }
    }
}

/// Waits until it is so; a machine that is slow takes longer.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_mins(2), "waited in vain until {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
