//! The sandbox as a process of its own: HTTP/1.1 on the loopback interface.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::engine::Engine;
use super::hint::{CallbackTarget, Hints};
use super::routes::Routes;
use super::{SandboxError, SandboxOptions};
use crate::perform::duration;

/// How many connections are served at once; the next is closed as soon as it is accepted.
const CONNECTIONS_MAX: usize = 1_024;

/// How long to wait after the system could not accept a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Opens the log and serves the sandbox on `listener` until the future is dropped, which also
/// drops its connections.
///
/// # Errors
/// [`SandboxError`] when the log cannot be used, or when `listener` is not bound to a loopback
/// address: the protocol has neither passwords nor encryption.
pub async fn serve(
    listener: TcpListener,
    options: SandboxOptions,
) -> Result<Infallible, SandboxError> {
    run(listener, &options, None).await
}

/// The same, telling a till when a payer on a phone has answered.
///
/// # Errors
/// As [`serve`].
pub async fn serve_telling(
    listener: TcpListener,
    options: SandboxOptions,
    till: CallbackTarget,
) -> Result<Infallible, SandboxError> {
    run(listener, &options, Some(Hints::new(till))).await
}

async fn run(
    listener: TcpListener,
    options: &SandboxOptions,
    hints: Option<Arc<Hints>>,
) -> Result<Infallible, SandboxError> {
    let address = listener.local_addr().map_err(SandboxError::ListenerUnusable)?;
    if !address.ip().is_loopback() {
        return Err(SandboxError::NotLoopback(address));
    }
    let engine = Engine::open(options)?;
    let routes = Arc::new(Routes::new(engine, duration(options.answer_delay), hints));
    let mut connections = JoinSet::new();
    loop {
        let accepted = listener.accept().await;
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) if connections.len() < CONNECTIONS_MAX => {
                connections.spawn(serve_connection(stream, Arc::clone(&routes)));
            }
            Ok(_) => {}
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

/// Serves one connection until either side closes it.
async fn serve_connection(stream: TcpStream, routes: Arc<Routes>) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let service = service_fn(|request| routes.answer(request));
    let connection = http1::Builder::new()
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    // It ends with an error when the client hangs up or when a card row asks for that.
    drop(connection.await);
}
