//! Errors: status and body, and the wrapper that scripts read.

use serde_json::{Value, json};
use service::exchange::{Exchange, HeaderPairs};
use service::status::{ServiceError, status_of};

use super::route::hello_registry;
use super::{Output, Unsupported, text, whole_text};
use crate::vector::Vector;

pub(super) fn status(vector: &Vector) -> Output {
    whole_text(vector).map(|exception| status_of(exception).into())
}

/// Errors that are thrown, or that a query brings about.
pub(super) fn body(vector: &Vector) -> Output {
    if let Some(query) = text(&vector.input, "query") {
        return Ok(binding(query));
    }
    let unknown = || Unsupported::because(format!("the error {}", vector.input));
    let error = match text(&vector.input, "thrown") {
        Some(thrown) => thrown_error(thrown).ok_or_else(unknown)?,
        None => match text(&vector.input, "case").ok_or_else(unknown)? {
            "[ValidateIsAuthenticated] fails" => ServiceError::not_authenticated(),
            case if case.starts_with("required role missing") => {
                let error = ServiceError::forbidden("Invalid Role");
                return Ok(json!({"status": error.status, "statusDescription": error.reason()}));
            }
            _ => return Err(unknown()),
        },
    };
    if vector.expected.get("responseStatus").is_some() {
        return Ok(replied(&error));
    }
    Ok(json!({"status": error.status, "errorCode": error.code, "message": error.message}))
}

/// `ArgumentException("bad","Name")`, `Exception("bad")` or `HttpError 404 NotFound "no such"`.
pub(super) fn thrown_error(thrown: &str) -> Option<ServiceError> {
    if let Some(rest) = thrown.strip_prefix("HttpError ") {
        let (status, rest) = rest.split_once(' ')?;
        let (code, message) = rest.split_once(' ').unwrap_or((rest, rest));
        let message = message.trim_matches('"');
        return Some(ServiceError::new(status.parse().ok()?, code.to_owned(), message));
    }
    let (exception, arguments) = thrown.strip_suffix(')')?.split_once('(')?;
    match arguments.split_once("\",\"") {
        Some((message, field)) if exception == "ArgumentException" => {
            Some(ServiceError::argument(field.trim_matches('"'), message.trim_matches('"')))
        }
        Some(_) => None,
        None => Some(ServiceError::of_exception(exception.to_owned(), arguments.trim_matches('"'))),
    }
}

/// The whole body of an error in a camel-case service.
fn replied(error: &ServiceError) -> Value {
    let registry = hello_registry();
    let headers = &HeaderPairs(&[]);
    let exchange = Exchange { headers, ..Exchange::get("/api/Hello") };
    let reply = match registry.route(&exchange) {
        Ok(matched) => matched.fail(error),
        Err(reply) => reply,
    };
    serde_json::from_slice(&reply.body).unwrap_or_default()
}

/// What a parameter that cannot be read is answered with.
fn binding(query: &str) -> Value {
    let registry = hello_registry();
    let headers = &HeaderPairs(&[]);
    let exchange = Exchange { query, headers, ..Exchange::get("/api/Sub") };
    let bound = match registry.route(&exchange) {
        Ok(matched) => matched.bind::<crate::types::Sub>(),
        Err(reply) => return json!({"status": reply.status}),
    };
    match bound {
        Ok(_) => Value::Null,
        Err(error) => json!({
            "status": error.status,
            "errorCode": error.code,
            "message": error.message,
            "fieldName": error.fields.first().map(|field| field.field.as_str()),
        }),
    }
}

pub(super) fn jsonp(vector: &Vector) -> Output {
    let missing = || Unsupported::because("a body without a result");
    let body = text(&vector.input, "body").ok_or_else(missing)?;
    let value: Value = serde_json::from_str(body).map_err(|_| missing())?;
    let result = text(&value, "result").ok_or_else(missing)?.to_owned();
    let callback = text(&vector.input, "callback").unwrap_or_default();
    let query = format!("callback={callback}");
    let registry = hello_registry();
    let headers = &HeaderPairs(&[]);
    let exchange = Exchange { query: &query, headers, ..Exchange::get("/api/Hello") };
    let reply = match registry.route(&exchange) {
        Ok(matched) => matched.reply(&crate::types::HelloResponse { result: Some(result) }, 200),
        Err(reply) => reply,
    };
    Ok(String::from_utf8_lossy(&reply.body).into())
}
