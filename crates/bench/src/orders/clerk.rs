//! What prepares a bench over HTTP, one answer after the other: members, cards on file, orders.
//! Nothing of it is measured.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::OrdersError;

/// How long one answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// No answer to what is prepared here is near this long.
const ANSWER_LENGTH_MAX: usize = 1 << 20;
/// Clerks at work at the same time, so that their requests share commits.
const CLERKS: usize = 64;

/// A keep-alive connection that sends JSON.
pub(crate) struct Clerk {
    stream: BufReader<TcpStream>,
    /// The lines of a head that are the same for all requests.
    headers: String,
}

impl Clerk {
    /// Connects; `credentials` is a whole header line without its end, or empty.
    pub(crate) fn open(address: SocketAddr, credentials: &str) -> Result<Clerk, OrdersError> {
        let connect = || {
            let stream = TcpStream::connect_timeout(&address, ANSWER_WITHIN)?;
            stream.set_read_timeout(Some(ANSWER_WITHIN))?;
            stream.set_nodelay(true)?;
            Ok(BufReader::new(stream))
        };
        let stream = connect().map_err(|error: io::Error| failed("connecting", &error))?;
        Ok(Clerk { stream, headers: headers(address, credentials) })
    }

    /// Posts a body; the answer's, which must have status 200.
    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Result<Value, OrdersError> {
        let request = request(path, &self.headers, body);
        let answer = self.exchange(&request).map_err(|error| failed(path, &error))?;
        let (status, body) = answer;
        if status != "200" {
            return Err(OrdersError::Preparation(format!("{path}: {status} {body}")));
        }
        serde_json::from_str(&body).map_err(|error| failed(path, &error.into()))
    }

    fn exchange(&mut self, request: &[u8]) -> io::Result<(String, String)> {
        self.stream.get_mut().write_all(request)?;
        let status = self.line()?.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut length = 0;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(ANSWER_LENGTH_MAX);
            }
        }
        let mut body = vec![0; length.min(ANSWER_LENGTH_MAX)];
        self.stream.read_exact(&mut body)?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        let length = (&mut self.stream).take(ANSWER_LENGTH_MAX as u64).read_line(&mut line)?;
        if length == 0 {
            Err(io::ErrorKind::UnexpectedEof.into())
        } else {
            Ok(line.trim_end().into())
        }
    }
}

/// Lets many clerks work until each has done its share; `work` gets the clerk and which it is, and
/// answers with what it made. The results are in the order of the clerks.
pub(crate) fn all<T: Send>(
    address: SocketAddr,
    credentials: &str,
    work: impl Fn(&mut Clerk, usize) -> Result<Vec<T>, OrdersError> + Sync,
) -> Result<Vec<T>, OrdersError> {
    let one = |index| work(&mut Clerk::open(address, credentials)?, index);
    thread::scope(|scope| {
        let one = &one;
        let clerks: Vec<_> = (0..CLERKS).map(|index| scope.spawn(move || one(index))).collect();
        let mut made = Vec::new();
        for clerk in clerks {
            let gave_up = |_| OrdersError::Preparation("a clerk gave up".to_owned());
            made.extend(clerk.join().map_err(gave_up)??);
        }
        Ok(made)
    })
}

/// How many of `count` things the clerk `index` makes, so that all together make them all.
pub(crate) fn share(count: usize, index: usize) -> usize {
    count / CLERKS + usize::from(index < count % CLERKS)
}

/// The bytes of a request that posts JSON.
pub(crate) fn request(path: &str, headers: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    format!("POST {path} HTTP/1.1\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into()
}

/// The lines of a head that all requests have, their ends included.
pub(crate) fn headers(address: SocketAddr, credentials: &str) -> String {
    let end = if credentials.is_empty() { "" } else { "\r\n" };
    format!(
        "Host: {address}\r\n{credentials}{end}Content-Type: application/json\r\n\
         Accept: application/json\r\n"
    )
}

fn failed(doing: &str, error: &io::Error) -> OrdersError {
    OrdersError::Preparation(format!("{doing}: {error}"))
}
