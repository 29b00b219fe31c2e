//! Batches: several requests in one.

use serde_json::{Value, json};
use service::batch::Batch;
use service::exchange::Exchange;
use service::reply::Reply;
use service::status::ServiceError;

use super::errors::thrown_error;
use super::route::hello_registry;
use super::{Output, Unsupported, text};
use crate::types::{Hello, HelloResponse};
use crate::vector::Vector;

/// How vectors say which item fails.
const ORDINALS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];

/// The header that the vectors look at.
const COMPLETED: &str = "X-AutoBatch-Completed";

/// `POST /api/Hello[] […]`, or `first item throws Exception("…")`.
pub(super) fn run(vector: &Vector) -> Output {
    let unknown = || Unsupported::because(format!("the batch {}", vector.input));
    let request = text(&vector.input, "request").ok_or_else(unknown)?;
    match request.split_once(" item throws ") {
        None => sent(request).ok_or_else(unknown),
        Some((ordinal, thrown)) => {
            let index = ORDINALS.iter().position(|known| *known == ordinal).ok_or_else(unknown)?;
            let error = thrown_error(thrown).ok_or_else(unknown)?;
            failed(index, &error).ok_or_else(unknown)
        }
    }
}

fn sent(request: &str) -> Option<Value> {
    let (line, body) = request.split_at(request.find("[]")? + 2);
    let (verb, path) = line.split_once(' ')?;
    let reply = answer(verb, path, body.trim(), |_| None);
    let body: Value = serde_json::from_slice(&reply.body).ok()?;
    Some(json!({ "body": body, "header": header(&reply) }))
}

/// A batch whose last item fails.
fn failed(index: usize, error: &ServiceError) -> Option<Value> {
    let body = Value::from(vec![json!({}); index + 1]).to_string();
    let reply = answer("POST", "/api/Hello[]", &body, |at| (at == index).then_some(error));
    let body: Value = serde_json::from_slice(&reply.body).ok()?;
    let status = &body["responseStatus"];
    Some(json!({
        "errorCode": status["errorCode"],
        "header": header(&reply),
        "meta": status["meta"],
    }))
}

fn header(reply: &Reply) -> String {
    format!("{COMPLETED}: {}", reply.header(COMPLETED).unwrap_or_default())
}

/// Serves each item as `Hello` does, unless it is to fail.
fn answer<'f>(
    verb: &str,
    path: &str,
    body: &str,
    fails: impl Fn(usize) -> Option<&'f ServiceError>,
) -> Reply {
    let registry = hello_registry();
    let exchange = Exchange { verb, body: body.as_bytes(), ..Exchange::get(path) };
    let mut batch: Batch<'_, '_> = match registry.batch(&exchange) {
        Ok(Some(batch)) => batch,
        Ok(None) => return Reply::not_found(),
        Err(reply) => return reply,
    };
    loop {
        let Some(item) = batch.next() else { return batch.finish() };
        let reply = match registry.route(&item) {
            Err(reply) => reply,
            Ok(matched) => match (fails(item.batch_index.unwrap_or_default()), matched.bind()) {
                (Some(error), _) => matched.fail(error),
                (None, Err(error)) => matched.fail(&error),
                (None, Ok(Hello { name, .. })) => {
                    let result = Some(format!("Hello, {}!", name.unwrap_or_default()));
                    matched.reply(&HelloResponse { result }, 200)
                }
            },
        };
        if let Err(failed) = batch.add(reply) {
            return failed;
        }
    }
}
