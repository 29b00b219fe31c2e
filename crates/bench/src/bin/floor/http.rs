//! The product's HTTP stack around one order.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use domain::attempt::CallResult;
use gateway::sandbox::SandboxClient;
use gateway::{Gateway, perform};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use store::{Clock, Store, SystemClock};
use tokio::net::TcpListener;

use crate::order::{Place, Settle, card};

/// Everything an order needs.
pub(crate) struct Till {
    pub(crate) store: Store,
    pub(crate) gateway: SandboxClient,
}

/// Serves until `stop` is ready, then lets open requests end.
pub(crate) async fn serve(
    till: Arc<Till>,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let (stream, _) = tokio::select! {
            accepted = listener.accept() => accepted?,
            () = &mut stop => break,
        };
        stream.set_nodelay(true)?;
        let till = Arc::clone(&till);
        let handler = service_fn(move |request| {
            let till = Arc::clone(&till);
            async move { Ok::<_, Infallible>(answer(till, request).await) }
        });
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), handler);
        // A connection that breaks is the client's affair.
        tokio::spawn(graceful.watch(served));
    }
    graceful.shutdown().await;
    Ok(())
}

async fn answer(till: Arc<Till>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let read = request.into_body().collect().await.is_ok();
    // The product's loop runs in a task of its own, so that a client that hangs up cuts nothing.
    let sale = match read {
        true => tokio::spawn(async move { order(&till).await }).await.ok().flatten(),
        false => None,
    };
    let (status, body) = match sale {
        Some(id) => (StatusCode::OK, body(id)),
        None => (StatusCode::INTERNAL_SERVER_ERROR, String::new()),
    };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// Place, charge, settle; the sale's number, or `None` when anything failed.
async fn order(till: &Till) -> Option<u32> {
    let terms = till.gateway.terms().clone();
    let call = till.store.submit(Place { terms }).await.ok()?;
    let now = SystemClock.now();
    let source = card(now)?;
    match perform(&till.gateway, &call, Some(&source), now).await {
        CallResult::Approved(approval) => {
            till.store.submit(Settle { sale: call.sale, approval }).await.ok()?;
            Some(call.sale.0)
        }
        _ => None,
    }
}

fn body(id: u32) -> String {
    format!(
        r#"{{"ticketAndDetails":{{"eventTicket":{{"id":{id}}}}},"statusCode":200,"message":"OK"}}"#
    )
}
