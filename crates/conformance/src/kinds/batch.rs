//! Batches: several requests in one.

use serde_json::{Value, json};
use service::batch::Batch;
use service::exchange::Exchange;
use service::reply::Reply;
use service::status::ServiceError;

use super::errors::thrown_error;
use super::route::hello_registry;
use super::{Output, Unsupported, asked, text};
use crate::types::{Hello, HelloResponse};
use crate::vector::Vector;

/// How vectors say which item fails, counted from 0. One in the middle stands between two others.
const ORDINALS: [(&str, usize); 6] =
    [("first", 0), ("second", 1), ("middle", 1), ("third", 2), ("fourth", 3), ("fifth", 4)];

/// The header that the vectors look at.
const COMPLETED: &str = "X-AutoBatch-Completed";

/// `POST /api/Hello[] […]`, or `first item throws Exception("…")`.
pub(super) fn run(vector: &Vector) -> Output {
    let unknown = || Unsupported::because(format!("the batch {}", vector.input));
    let request = text(&vector.input, "request").ok_or_else(unknown)?;
    let answer = match request.split_once(" throws ") {
        None => sent(request),
        Some((item, thrown)) => thrown_error(thrown).and_then(|error| {
            let word = item.split(' ').next().unwrap_or_default();
            let (_, index) = ORDINALS.iter().find(|(known, _)| *known == word)?;
            failed(*index, &error)
        }),
    };
    answer.map(|answer| asked(answer, &vector.expected)).ok_or_else(unknown)
}

/// A batch whose items all do well. Words instead of a body are for people: it is an empty list.
fn sent(request: &str) -> Option<Value> {
    let (line, body) = match request.find("[]") {
        Some(at) if request.contains('/') => request.split_at(at + 2),
        _ if request.contains("empty") => ("POST /api/Hello[]", ""),
        _ => return None,
    };
    let (verb, path) = line.split_once(' ')?;
    let body = Some(body.trim()).filter(|body| body.starts_with('[')).unwrap_or("[]");
    let reply = answer(verb, path, body, |_| None);
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    Some(json!({ "status": reply.status, "body": body, "header": header(&reply) }))
}

/// A batch one of whose items fails, and one stands behind it.
fn failed(index: usize, error: &ServiceError) -> Option<Value> {
    let body = Value::from(vec![json!({}); index + 2]).to_string();
    let reply = answer("POST", "/api/Hello[]", &body, |at| (at == index).then_some(error));
    let body: Value = serde_json::from_slice(&reply.body).ok()?;
    let status = &body["responseStatus"];
    Some(json!({
        "status": reply.status,
        "body": body,
        "errorCode": status["errorCode"],
        "message": status["message"],
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
