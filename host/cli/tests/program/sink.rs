//! A small HTTP server on this machine that takes records, and has its moods.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, ServerConnection, StreamOwned, crypto::ring, pki_types::PrivatePkcs8KeyDer};

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

/// Who says whose a name is.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    /// Writes its certificate, for those who trust it.
    pub(crate) fn write(&self, path: &Path) {
        fs::write(path, &self.certificate).unwrap();
    }

    /// What a server has that may call itself so.
    fn certified(&self, name: &str) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        Arc::new(config.with_single_cert(vec![certificate], key.into()).unwrap())
    }
}

/// The server; its threads end with the test's process.
pub(crate) struct Server {
    pub(crate) port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// On this port, any with 0, with a mood for each request by its number from 0.
    pub(crate) fn start(port: u16, mood: impl Fn(usize) -> Mood + Send + Sync + 'static) -> Self {
        Self::serving(port, move |number, connection, kept| serve(connection, mood(number), kept))
    }

    /// One that takes everything over TLS, by this authority's word of this name.
    pub(crate) fn certified(authority: &Authority, name: &str) -> Self {
        let config = authority.certified(name);
        Self::serving(0, move |_, connection, kept| {
            let tls = ServerConnection::new(Arc::clone(&config)).ok()?;
            serve(StreamOwned::new(tls, connection), Mood::Takes, kept)
        })
    }

    fn serving(
        port: u16,
        serve: impl Fn(usize, TcpStream, &Mutex<Vec<Request>>) -> Option<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        let serve = Arc::new(serve);
        thread::spawn(move || {
            for (number, connection) in listener.incoming().enumerate() {
                let (serve, kept) = (Arc::clone(&serve), Arc::clone(&kept));
                // A shipper that is killed breaks its connection.
                thread::spawn(move || serve(number, connection.unwrap(), &kept));
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
fn serve(connection: impl Read + Write, mood: Mood, kept: &Mutex<Vec<Request>>) -> Option<()> {
    let mut reader = BufReader::new(connection);
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
    let connection = reader.get_mut();
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
