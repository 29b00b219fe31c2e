//! Kept-alive HTTP/1.1 connections to one address.
//!
//! A connection is used by one request at a time and goes back when its answer has been read
//! to its end. A request that is dropped half way drops its connection, so no later request can
//! read an answer that was meant for it.
//!
//! This is not a general client, on purpose. It writes a request with one call, in the task that
//! wants the answer, and knows exactly whether a byte has left. The same over hyper's client
//! costs twice the processor time, and every benched order pays for it.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use super::answer::{Answer, Head, read_head};
use crate::silence::Silence;

/// How many requests may be on their way at once; more wait for one to end.
const CONNECTIONS_MAX: usize = 256;

/// Room for an ordinary answer.
const ANSWER_CAPACITY: usize = 1_024;

/// See the module.
pub(super) struct Connections {
    address: SocketAddr,
    idle: Mutex<Vec<TcpStream>>,
    permits: Semaphore,
}

impl Connections {
    /// Connects when it must, not now.
    pub(super) fn new(address: SocketAddr) -> Connections {
        let permits = Semaphore::new(CONNECTIONS_MAX);
        Connections { address, idle: Mutex::default(), permits }
    }

    /// Sends `message`, a whole request, and reads the whole answer.
    ///
    /// # Errors
    /// [`Silence`], which tells whether the request may have arrived.
    pub(super) async fn send(&self, message: &[u8]) -> Result<Answer, Silence> {
        let _permit = self.permits.acquire().await;
        let mut stream = self.write_on_any(message).await?;
        let answer = read_answer(&mut stream).await.map_err(Silence::NoAnswer)?;
        if answer.head.keeps_alive {
            self.idle().push(stream);
        }
        Ok(answer)
    }

    /// Writes on an idle connection, or on a new one. Only while not a byte has left may
    /// another connection be tried.
    async fn write_on_any(&self, message: &[u8]) -> Result<TcpStream, Silence> {
        loop {
            let idle = self.idle().pop();
            let is_new = idle.is_none();
            let mut stream = match idle {
                Some(stream) if is_alive(&stream) => stream,
                Some(_) => continue,
                None => self.connect().await.map_err(|error| not_sent(&error))?,
            };
            let written = match stream.write(message).await {
                Err(error) if is_new => return Err(not_sent(&error)),
                Err(_) => continue,
                Ok(written) => written,
            };
            return match stream.write_all(&message[written..]).await {
                Ok(()) => Ok(stream),
                Err(error) => Err(Silence::NoAnswer(error.to_string())),
            };
        }
    }

    async fn connect(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect(self.address).await?;
        // Requests are small and written whole: there is nothing to wait for.
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<TcpStream>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether nothing has come on an idle connection, neither its end nor bytes nobody asked for.
fn is_alive(stream: &TcpStream) -> bool {
    let came = stream.try_read(&mut [0]);
    came.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}

fn not_sent(error: &std::io::Error) -> Silence {
    Silence::NotSent(error.to_string())
}

/// Reads head and body; an error's text says what was wrong and quotes nothing.
async fn read_answer(stream: &mut TcpStream) -> Result<Answer, String> {
    let mut bytes = Vec::with_capacity(ANSWER_CAPACITY);
    let mut head: Option<Head> = None;
    loop {
        let came = stream.read_buf(&mut bytes).await.map_err(|error| error.to_string())?;
        if came == 0 {
            return Err("the connection was closed".to_owned());
        }
        if head.is_none() {
            head = read_head(&bytes)?;
        }
        if let Some(answer) = head.and_then(|head| head.complete(&mut bytes)) {
            return answer;
        }
    }
}
