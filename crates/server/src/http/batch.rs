//! Batches: one item after the other, each by the way of a single request.

use hyper::header::{HeaderName, HeaderValue};
use hyper::http::request::Parts;
use service::batch::Batch;
use service::reply::Reply;

use super::Client;
use super::answer::{single, unstored};
use crate::app::App;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Serves the items in order until one fails. A client that hangs up cuts nothing: what came whole
/// is served whole, as a single order is, because a closed connection cannot be told from one that
/// is closed for sending only. If the program stops meanwhile, the batch ends between two items;
/// one that has begun comes to its end, because what moves money runs in tasks of its own.
pub(super) async fn answer(
    app: &App,
    client: Client,
    head: &Parts,
    mut batch: Batch<'_, '_>,
) -> Reply {
    let mut item_head = head.clone();
    loop {
        let reply = match batch.next() {
            Some(exchange) => {
                set_key(&mut item_head, head, exchange.batch_index.unwrap_or_default());
                single(app, client, &item_head, &exchange).await
            }
            None => return unstored(batch.finish()),
        };
        if let Err(failed) = batch.add(reply) {
            return failed;
        }
    }
}

/// Each item has a key of its own, made of the batch's key and its place, so that a batch that is
/// sent again is a repeat of each item.
fn set_key(item: &mut Parts, head: &Parts, index: usize) {
    let Some(key) = head.headers.get(IDEMPOTENCY_KEY) else { return };
    let text = [key.as_bytes(), format!("[{index}]").as_bytes()].concat();
    // What may stand in a header may still stand there with brackets and digits behind it.
    if let Ok(key) = HeaderValue::from_bytes(&text) {
        item.headers.insert(IDEMPOTENCY_KEY, key);
    }
}
