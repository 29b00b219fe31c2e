//! The few statements of the fixture itself, over a connection of their own.
//!
//! A whole client would bring a runtime, which must not be entered from within an async test; the
//! protocol's simple query is enough (PostgreSQL 15 documentation, chapter 55, messages).

use std::io::{self, Error, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::FixtureError;

const PROTOCOL: u32 = 3 << 16;
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// Longer than `pg_promote` waits.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);
const MESSAGE_BYTES_MAX: usize = 1 << 20;

/// Runs one statement as the user `guichet`; gives the first column of the last row, if any.
pub(crate) fn run(
    port: u16,
    database: &str,
    statement: &str,
) -> Result<Option<String>, FixtureError> {
    converse(port, database, statement).map_err(|error| FixtureError::Statement {
        statement: statement.to_owned(),
        message: error.to_string(),
    })
}

fn converse(port: u16, database: &str, statement: &str) -> io::Result<Option<String>> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, CONNECT_LIMIT)?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    stream.set_write_timeout(Some(ANSWER_LIMIT))?;
    let mut hello = PROTOCOL.to_be_bytes().to_vec();
    hello.extend(format!("user\0guichet\0database\0{database}\0\0").as_bytes());
    stream.write_all(&with_length(&hello)?)?;
    until_ready(&mut stream)?;
    stream.write_all(b"Q")?;
    stream.write_all(&with_length(format!("{statement}\0").as_bytes())?)?;
    let answer = until_ready(&mut stream)?;
    stream.write_all(b"X\0\0\0\x04")?;
    Ok(answer)
}

/// Puts a message's length before it, which counts itself.
fn with_length(message: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(message.len() + 4).map_err(Error::other)?;
    Ok([&length.to_be_bytes(), message].concat())
}

/// Reads messages until the server waits for us; an error it tells comes first.
fn until_ready(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut column = None;
    let mut failure = None;
    loop {
        let (kind, body) = message(stream)?;
        match kind {
            b'D' => column = first_column(&body),
            b'E' => failure = Some(complaint(&body)),
            b'Z' => return failure.map_or(Ok(column), |failure| Err(Error::other(failure))),
            _ => {}
        }
    }
}

fn message(stream: &mut TcpStream) -> io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 5];
    stream.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    let length = u32::from_be_bytes(length) as usize;
    if !(4..=MESSAGE_BYTES_MAX).contains(&length) {
        return Err(Error::other("the answer is not PostgreSQL's"));
    }
    let mut body = vec![0; length - 4];
    stream.read_exact(&mut body)?;
    Ok((kind, body))
}

/// A row: number of columns, then each with its length.
fn first_column(body: &[u8]) -> Option<String> {
    let (length, rest) = body.get(2..)?.split_first_chunk::<4>()?;
    let length = usize::try_from(i32::from_be_bytes(*length)).ok()?;
    Some(String::from_utf8_lossy(rest.get(..length)?).into_owned())
}

/// An error's fields, each with a letter; `M` is for people.
fn complaint(body: &[u8]) -> String {
    let mut fields = body.split(|byte| *byte == 0);
    let text = fields.find_map(|field| field.strip_prefix(b"M"));
    String::from_utf8_lossy(text.unwrap_or(b"an error without a text")).into_owned()
}
