//! The address of the figures: one page, few connections.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::{debug, warn};

use crate::app::App;

/// The most open connections; more wait. Few programs collect figures.
const CONNECTIONS_MAX: usize = 16;

/// How long a head may take, and a connection be open between two requests.
const HEAD_TIME_MAX: Duration = Duration::from_secs(60);

/// The largest head, in bytes.
const HEAD_LENGTH_MAX: usize = 16 * 1_024;

/// How long to wait before accepting again when the system has no room for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Shows the figures of `app` at `/metrics` until `stop` is ready. Nothing is to be finished then.
pub async fn serve(app: Arc<App>, listener: TcpListener, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&places, &listener) => accepted,
            () = &mut stop => return,
        };
        if let Some((stream, place)) = accepted {
            connection(&app, stream, place);
        }
    }
}

async fn accept(
    places: &Arc<Semaphore>,
    listener: &TcpListener,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, place)),
        Err(error) => {
            warn!(%error, "a connection for figures could not be accepted");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

fn connection(app: &Arc<App>, stream: TcpStream, place: OwnedSemaphorePermit) {
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let _place = place;
        let handler = service_fn(|request| {
            let app = Arc::clone(&app);
            async move { Ok::<_, Infallible>(answer(&app, &request).await) }
        });
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME_MAX)
            .max_buf_size(HEAD_LENGTH_MAX)
            .serve_connection(TokioIo::new(stream), handler);
        if let Err(error) = served.await {
            debug!(%error, "a connection for figures ended badly");
        }
    });
}

async fn answer(app: &App, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    if request.uri().path() != "/metrics" {
        return plain(StatusCode::NOT_FOUND, "There is nothing here but /metrics.\n");
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "Figures are only to be read.\n");
    }
    plain(StatusCode::OK, super::page(app).await)
}

fn plain(status: StatusCode, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(super::CONTENT_TYPE));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
