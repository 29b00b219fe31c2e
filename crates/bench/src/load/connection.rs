//! One keep-alive connection with at most one request under way.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use super::response::{Parsed, RESPONSE_LENGTH_MAX, Verdict, parse};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Most answers to an order fit, so that one `read` fetches one answer.
const BUFFER_LENGTH: usize = 16 * 1024;

/// A connection to the server under load.
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
    /// What stands in an answer that sold something.
    sold_by: &'static [u8],
    /// When the request under way was meant to leave; `None` while the connection is idle.
    pub(super) intended_at: Option<Instant>,
    /// When the last request left.
    pub(super) sent_at: Option<Instant>,
}

impl Connection {
    /// Connects and asks to be told about everything that arrives.
    pub(super) fn open(
        (address, sold_by): (SocketAddr, &'static [u8]),
        registry: &Registry,
        token: Token,
    ) -> io::Result<Connection> {
        let stream = std::net::TcpStream::connect_timeout(&address, CONNECT_TIMEOUT)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        registry.register(&mut stream, token, Interest::READABLE)?;
        let buffer = vec![0; BUFFER_LENGTH];
        Ok(Connection { stream, buffer, filled: 0, sold_by, intended_at: None, sent_at: None })
    }

    /// Sends a request at the moment `now`; its latency counts from `intended_at`.
    ///
    /// # Errors
    /// Also when the socket does not take it whole: an idle socket always takes a few hundred
    /// bytes, so one that does not is broken.
    pub(super) fn send(
        &mut self,
        request: &[u8],
        intended_at: Instant,
        now: Instant,
    ) -> io::Result<()> {
        let written = self.stream.write(request)?;
        if written < request.len() {
            return Err(ErrorKind::WriteZero.into());
        }
        self.intended_at = Some(intended_at);
        self.sent_at = Some(now);
        Ok(())
    }

    /// Reads what has arrived; `Some` when it completes the response under way.
    ///
    /// A read that does not fill the buffer has emptied the socket, so the usual answer costs
    /// one system call.
    ///
    /// # Errors
    /// The peer closed the connection, broke it, or sent what is no response.
    pub(super) fn receive(&mut self) -> io::Result<Option<Verdict>> {
        loop {
            let read = match self.stream.read(&mut self.buffer[self.filled..]) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) => return Err(error),
            };
            self.filled += read;
            if self.filled < self.buffer.len() {
                return self.finish();
            }
            self.grow()?;
        }
    }

    fn finish(&mut self) -> io::Result<Option<Verdict>> {
        match parse(&self.buffer[..self.filled], self.sold_by) {
            Parsed::Partial => Ok(None),
            Parsed::Whole { length, verdict } if length == self.filled => {
                self.filled = 0;
                Ok(Some(verdict))
            }
            Parsed::Whole { .. } | Parsed::Unreadable => Err(ErrorKind::InvalidData.into()),
        }
    }

    fn grow(&mut self) -> io::Result<()> {
        if self.buffer.len() > 2 * RESPONSE_LENGTH_MAX {
            return Err(ErrorKind::InvalidData.into());
        }
        self.buffer.resize(self.buffer.len() * 2, 0);
        Ok(())
    }
}
