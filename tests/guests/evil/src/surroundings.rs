//! What the standard library has to say of the world around the guard.

use std::{env, fs, io, net, process, thread};

/// What of its surroundings the guard can see.
pub(crate) fn environment() -> String {
    let variables = ["PATH", "HOME", "GUARDHOUSE_GUARDS"].iter().filter_map(env::var_os).count();
    format!("{variables} variables, {} arguments, directory {}", env::args().count(), env::current_dir().is_ok())
}

/// What came of each way to get at a file.
pub(crate) fn files() -> String {
    let mut outcomes = Vec::new();
    for path in ["", ".", "..", "/", "/dev/zero", "/etc/passwd", "/proc/self/environ", "guardhouse.toml"] {
        outcomes.extend([
            fs::read(path).map(drop),
            fs::write(path, "evil"),
            fs::read_dir(path).map(drop),
            fs::metadata(path).map(drop),
            fs::canonicalize(path).map(drop),
            fs::create_dir(path),
            fs::hard_link(path, "evil"),
            fs::rename(path, "evil"),
            fs::remove_file(path),
            fs::remove_dir_all(path),
        ]);
    }
    counted(&outcomes)
}

/// What came of each way to get at a network.
pub(crate) fn sockets() -> String {
    let mut outcomes = Vec::new();
    for address in ["127.0.0.1:80", "0.0.0.0:0", "[::1]:1", "localhost:80", "example.com:443"] {
        outcomes.extend([
            net::TcpStream::connect(address).map(drop),
            net::TcpListener::bind(address).map(drop),
            net::UdpSocket::bind(address).map(drop),
        ]);
    }
    counted(&outcomes)
}

/// What came of reading and writing the standard streams.
pub(crate) fn streams() -> String {
    let mut read = String::new();
    let outcome = io::Read::read_to_string(&mut io::stdin(), &mut read);
    let written = io::Write::write_all(&mut io::stderr(), b"evil").is_ok();
    format!("read {} bytes, {}, wrote {written}", read.len(), outcome.is_ok())
}

/// What came of starting a thread.
pub(crate) fn thread() -> String {
    counted(&[thread::Builder::new().spawn(|| ()).map(drop)])
}

/// What came of starting a program.
pub(crate) fn program() -> String {
    counted(&[process::Command::new("/bin/sh").output().map(drop)])
}

/// How many of these succeeded.
fn counted(outcomes: &[io::Result<()>]) -> String {
    format!("{} of {} succeeded", outcomes.iter().filter(|outcome| outcome.is_ok()).count(), outcomes.len())
}
