//! Kept-alive connections to one address.
//!
//! A connection is used by one request at a time and goes back when its answer has been read.
//! A request that is dropped half way drops its connection, so no later request can read an
//! answer that was meant for it.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

/// How many requests may be on their way at once; more wait for one to end.
const CONNECTIONS_MAX: usize = 256;

/// The longest answer that is read, in bytes.
const ANSWER_LENGTH_MAX: usize = 16 * 1024;

type Sender = http1::SendRequest<Full<Bytes>>;

/// Why there is no answer.
pub(super) enum SendError {
    /// No byte of the request has left.
    NotSent(String),
    /// The request may have arrived.
    NoAnswer(String),
}

/// See the module.
pub(super) struct Connections {
    address: SocketAddr,
    idle: Mutex<Vec<Sender>>,
    permits: Semaphore,
}

impl Connections {
    /// Connects when it must, not now.
    pub(super) fn new(address: SocketAddr) -> Connections {
        let permits = Semaphore::new(CONNECTIONS_MAX);
        Connections { address, idle: Mutex::default(), permits }
    }

    /// Sends `request` and reads the whole answer.
    ///
    /// # Errors
    /// [`SendError`], which tells whether the request may have arrived.
    pub(super) async fn send(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Bytes), SendError> {
        let _permit = self.permits.acquire().await;
        let (sender, response) = self.send_on_any(request).await?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_LENGTH_MAX).collect().await;
        let body = body.map_err(|error| SendError::NoAnswer(error.to_string()))?.to_bytes();
        self.idle().push(sender);
        Ok((status, body))
    }

    /// Sends on an idle connection. One that was closed meanwhile hands the request back, and
    /// the next is tried; the last resort is a new one.
    async fn send_on_any(
        &self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<(Sender, Response<Incoming>), SendError> {
        loop {
            let idle = self.idle().pop();
            let is_last = idle.is_none();
            let mut sender = match idle {
                Some(sender) => sender,
                None => self.connect().await?,
            };
            let mut error = match sender.try_send_request(request).await {
                Ok(response) => return Ok((sender, response)),
                Err(error) => error,
            };
            match error.take_message() {
                Some(unsent) if !is_last => request = unsent,
                Some(_) => return Err(SendError::NotSent(error.into_error().to_string())),
                None => return Err(SendError::NoAnswer(error.into_error().to_string())),
            }
        }
    }

    async fn connect(&self) -> Result<Sender, SendError> {
        let refused = |error: std::io::Error| SendError::NotSent(error.to_string());
        let stream = TcpStream::connect(self.address).await.map_err(refused)?;
        // Requests are small and written whole: there is nothing to wait for.
        stream.set_nodelay(true).map_err(refused)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| SendError::NotSent(error.to_string()))?;
        // It ends by itself when the other side closes or the sender is dropped, and what it
        // ends with has been told to the request it was carrying.
        tokio::spawn(async move { drop(connection.await) });
        Ok(sender)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Sender>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
