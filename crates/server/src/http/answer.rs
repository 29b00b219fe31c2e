//! One request, one answer.

use std::net::IpAddr;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::http::request::Parts;
use hyper::{Request, Response};
use service::exchange::Exchange;
use service::reply::Reply;
use service::types::DateTime;
use tracing::debug;

use super::request::{HeadersOf, body};
use super::response::{plain, response};
use super::{Client, health};
use crate::access::admit::admit;
use crate::app::App;
use crate::operations;

/// Answers a request; never fails.
pub(super) async fn answer(
    app: &App,
    peer: IpAddr,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let (head, incoming) = request.into_parts();
    let reply = match health::reply(app, head.uri.path()) {
        Some(health) => health,
        None => match body(&head.headers, incoming, app.http.body_time_max).await {
            Ok(body) => {
                let client = Client::of(&head.headers, peer, &app.http.trusted_proxies);
                operation(app, client, &head, &body).await
            }
            Err(error) => {
                let headers = HeadersOf(&head.headers);
                app.registry.with_default_headers(plain(&error), &headers)
            }
        },
    };
    debug!(verb = %head.method, status = reply.status, "answered");
    response(reply, &head.headers)
}

async fn operation(app: &App, client: Client, head: &Parts, body: &[u8]) -> Reply {
    let headers = HeadersOf(&head.headers);
    let base_url = match &app.http.public_url {
        Some(url) => url.to_string(),
        None => client.base_url(head),
    };
    let exchange = Exchange {
        verb: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        headers: &headers,
        body,
        base_url: &base_url,
        now: DateTime::from_unix_microseconds(app.clock.now().0).unwrap_or_default(),
        batch_index: None,
    };
    match app.registry.batch(&exchange) {
        Ok(None) => single(app, client, head, &exchange).await,
        Ok(Some(batch)) => super::batch::answer(app, client, head, batch).await,
        Err(reply) => reply,
    }
}

/// Serves one request, or one item of a batch.
pub(super) async fn single(
    app: &App,
    client: Client,
    head: &Parts,
    exchange: &Exchange<'_>,
) -> Reply {
    let matched = match app.registry.route(exchange) {
        Ok(matched) => matched,
        Err(reply) => return reply,
    };
    // Its name and never its path: paths have handles of tickets and payment links in them.
    debug!(operation = matched.operation.name(), "asked");
    let reply = match admit(app, &matched, client, head).await {
        Ok(call) => operations::serve(app, &matched, &call).await,
        Err(reply) => reply,
    };
    unstored(reply)
}

/// What an operation answers is for its caller, and not for a cache on the way or a browser's next
/// user. Caches know `Authorization`, but neither `X-Api-Key` nor the session's headers.
pub(super) fn unstored(reply: Reply) -> Reply {
    match reply.header("Cache-Control") {
        Some(_) => reply,
        None => reply.with_header("Cache-Control", "no-store"),
    }
}
