//! The sandbox: requests that reach its port, and the log it reads at its start.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use domain::time::{Span, Timestamp};
use gateway::sandbox::{SandboxOptions, read_log, serve};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

const NOON: Timestamp = Timestamp(1_782_000_000_000_000);
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// A sandbox that serves.
struct Running {
    address: SocketAddr,
    /// Works for as long as the program runs.
    _runtime: Runtime,
    _folder: TempDir,
}

/// The first line is method and path, the rest is the body. Whatever it is, the sandbox answers
/// in time or hangs up, is not broken by it, and goes on serving.
pub(crate) fn requests(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (line, body) = (&input[..end], input.get(end + 1..).unwrap_or_default());
    let mut request = line.to_vec();
    let length = body.len();
    let head = "HTTP/1.1\r\nhost: s\r\nconnection: close\r\ncontent-length";
    request.extend(format!(" {head}: {length}\r\n\r\n").bytes());
    request.extend(body);
    let mut stream = TcpStream::connect(running().address).expect("the sandbox still listens");
    stream.set_read_timeout(Some(ANSWER_LIMIT)).expect("a limit");
    let _hung_up = stream.write_all(&request);
    let mut answer = Vec::new();
    let ended = stream.read_to_end(&mut answer);
    let waits = ended.is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
    assert!(!waits, "no answer in time");
    assert!(!answer.starts_with(b"HTTP/1.1 500"), "{}", String::from_utf8_lossy(&answer));
}

fn running() -> &'static Running {
    static RUNNING: OnceLock<Running> = OnceLock::new();
    RUNNING.get_or_init(|| {
        let folder = TempDir::new().expect("a folder");
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("an address");
        let options = SandboxOptions {
            log: folder.path().join("log"),
            answer_delay: Span::seconds(0),
            clock: Arc::new(|| NOON),
        };
        runtime.spawn(serve(listener, options));
        Running { address, _runtime: runtime, _folder: folder }
    })
}

/// A log is read, or refused with the number of its first bad line.
pub(crate) fn log(input: &[u8]) {
    static FILE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = FILE.get_or_init(|| {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("log");
        (folder, path)
    });
    fs::write(path, input).expect("a file that can be written");
    let lines = input.iter().filter(|byte| **byte == b'\n').count();
    match read_log(path) {
        Ok(read) => assert!(read.len() <= lines, "more was read than written"),
        Err(error) => assert!(error.to_string().starts_with("line "), "{error}"),
    }
}
