//! HTTP/1.1 on hyper: bounded heads, bodies, times and connections; everything else is the
//! registry's. There is one handler, because routes are data.

mod answer;
mod batch;
mod client;
mod decoding;
mod encoding;
mod health;
mod options;
mod public_url;
mod request;
mod response;
mod unchanged;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::{debug, warn};

use crate::app::App;

pub(crate) use client::Client;
pub use options::HttpOptions;
pub use public_url::{NotPublicUrl, PublicUrl};
pub use service::cors::{Cors, Origins};

/// The most open connections; more wait to be accepted.
const CONNECTIONS_MAX: usize = 8_192;

/// The largest head, in bytes.
const HEAD_LENGTH_MAX: usize = 64 * 1_024;

/// How long connections may finish what they have begun after the stop was asked for.
const STOP_TIME_MAX: Duration = Duration::from_secs(40);

/// How long to wait before accepting again when the system has no room for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves connections until `stop` is ready; then lets open requests end.
pub async fn serve(app: Arc<App>, listener: TcpListener, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    tokio::pin!(stop);
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok(accepted) => connection(&app, accepted, place, &graceful),
            Err(error) => wait_for_room(&error).await,
        }
    }
    drop(listener);
    if tokio::time::timeout(STOP_TIME_MAX, graceful.shutdown()).await.is_err() {
        warn!("some connections did not end in time and were cut");
    }
}

async fn wait_for_room(error: &io::Error) {
    warn!(%error, "a connection could not be accepted");
    tokio::time::sleep(ACCEPT_PAUSE).await;
}

fn connection(
    app: &Arc<App>,
    (stream, peer): (TcpStream, SocketAddr),
    place: OwnedSemaphorePermit,
    graceful: &GracefulShutdown,
) {
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "a connection was gone before it began");
    }
    let app = Arc::clone(app);
    let head_time_max = app.http.head_time_max;
    let handler = service_fn(move |request| {
        let app = Arc::clone(&app);
        async move { Ok::<_, Infallible>(answer::answer(&app, peer.ip(), request).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_time_max)
        .max_buf_size(HEAD_LENGTH_MAX)
        .half_close(true)
        .serve_connection(TokioIo::new(stream), handler);
    let watched = graceful.watch(served);
    tokio::spawn(async move {
        let _place = place;
        if let Err(error) = watched.await {
            debug!(%error, "a connection ended badly");
        }
    });
}
