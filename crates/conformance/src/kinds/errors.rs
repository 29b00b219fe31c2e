//! Errors: status and body, and the wrapper that scripts read.

use serde_json::{Value, json};
use service::exchange::{Exchange, HeaderPairs};
use service::registry::Registry;
use service::status::{ServiceError, status_of};
use wire::NameStyle;

use super::route::{hello_registry, styled_registry};
use super::{Output, Unsupported, asked, text, whole_text};
use crate::stated::{Objects, Stated};
use crate::types::{Hello, Sub, T2};
use crate::vector::Vector;

/// What .NET says of an argument that is missing.
const NULL_ARGUMENT: &str = "Value cannot be null.";

/// The name of an exception, or an error with a status of its own.
pub(super) fn status(vector: &Vector) -> Output {
    let exception = match text(&vector.input, "thrown") {
        Some(thrown) => thrown.split('(').next().unwrap_or(thrown),
        None => whole_text(vector)?,
    };
    let own = thrown_error(exception).filter(|_| exception.starts_with("HttpError"));
    Ok(own.map_or_else(|| status_of(exception), |error| error.status).into())
}

/// Errors that are thrown, or that a query, a body or a missing right brings about.
pub(super) fn body(vector: &Vector) -> Output {
    let unknown = || Unsupported::because(format!("the error {}", vector.input));
    let name = text(&vector.input, "type").unwrap_or("Sub");
    if let Some(query) = text(&vector.input, "query") {
        return binding(name, query, "")
            .map(|all| asked(all, &vector.expected))
            .ok_or_else(unknown);
    }
    if let Some(body) = text(&vector.input, "body") {
        return binding(name, "", body).map(|all| asked(all, &vector.expected)).ok_or_else(unknown);
    }
    let error = match text(&vector.input, "thrown") {
        Some(thrown) => thrown_error(thrown).ok_or_else(unknown)?,
        None => match text(&vector.input, "case").ok_or_else(unknown)? {
            case if case.contains("not an object") => {
                let all = binding(name, "", "[]").ok_or_else(unknown)?;
                return Ok(asked(all, &vector.expected));
            }
            "unknown path" => return Ok(asked(unknown_path(), &vector.expected)),
            case => case_error(case).ok_or_else(unknown)?,
        },
    };
    let names = match text(&vector.input, "style") {
        Some("PascalCase") => NameStyle::Pascal,
        Some("snake_case") => NameStyle::Snake,
        _ => NameStyle::Camel,
    };
    let mut all = replied(&error, names);
    if let Value::Object(all) = &mut all {
        all.insert("status".into(), error.status.into());
        all.insert("statusDescription".into(), error.reason().into());
        all.insert("errorCode".into(), error.code.as_ref().into());
        all.insert("message".into(), error.message.as_str().into());
        all.insert(
            "fieldName".into(),
            error.fields.first().map(|field| field.field.as_str()).into(),
        );
    }
    Ok(asked(all, &vector.expected))
}

/// Rights that are missing, in the words of vectors.
fn case_error(case: &str) -> Option<ServiceError> {
    let is_of = |words: &[&str]| words.iter().any(|word| case.to_ascii_lowercase().contains(word));
    if is_of(&["permission"]) {
        return Some(ServiceError::forbidden("Invalid Permission"));
    }
    if is_of(&["role"]) {
        return Some(ServiceError::forbidden("Invalid Role"));
    }
    is_of(&["authenticated", "signed in", "session"]).then(ServiceError::not_authenticated)
}

/// `ArgumentException("bad","Name")`, `Exception("bad")`, `HttpError 404 NotFound "no such"`. An
/// argument that is null is told by its name alone.
pub(super) fn thrown_error(thrown: &str) -> Option<ServiceError> {
    if let Some(rest) = thrown.strip_prefix("HttpError") {
        return http_error(rest.trim_matches([' ', '(', ')']));
    }
    let (exception, arguments) = thrown.trim().strip_suffix(')')?.split_once('(')?;
    let exception = exception.strip_prefix("new ").unwrap_or(exception).trim();
    let arguments: Vec<&str> = arguments
        .split("\",")
        .map(|argument| argument.trim().trim_matches('"'))
        .filter(|argument| !argument.is_empty())
        .collect();
    let exception = exception.to_owned();
    let is_of_argument = exception.starts_with("Argument");
    Some(match arguments[..] {
        [field] if exception == "ArgumentNullException" => {
            ServiceError::argument_exception(exception, field, NULL_ARGUMENT)
        }
        // Only the oldest of them has the message first.
        [field, message] if is_of_argument && exception != "ArgumentException" => {
            ServiceError::argument_exception(exception, field, message)
        }
        [message, field] if is_of_argument => {
            ServiceError::argument_exception(exception, field, message)
        }
        [message] => ServiceError::of_exception(exception, message),
        _ => return None,
    })
}

/// `404 NotFound "no such"`, of which all but the status may be missing.
fn http_error(stated: &str) -> Option<ServiceError> {
    let (words, message) = stated.split_once('"').unwrap_or((stated, ""));
    let mut words = words.split([' ', ',']).filter(|word| !word.is_empty());
    let plain = ServiceError::of_status(words.next()?.parse().ok()?);
    let code = words.next().map_or(plain.code, |code| code.to_owned().into());
    let message = message.trim_end_matches('"');
    let message = if message.is_empty() { code.clone().into_owned() } else { message.to_owned() };
    Some(ServiceError::new(plain.status, code, message))
}

/// The whole body of an error in a service of that style.
fn replied(error: &ServiceError, names: NameStyle) -> Value {
    let registry = styled_registry(names);
    let headers = &HeaderPairs(&[]);
    let exchange = Exchange { headers, ..Exchange::get("/api/Hello") };
    let reply = match registry.route(&exchange) {
        Ok(matched) => matched.fail(error),
        Err(reply) => reply,
    };
    serde_json::from_slice(&reply.body).unwrap_or_default()
}

fn unknown_path() -> Value {
    let registry = hello_registry();
    let reply = match registry.route(&Exchange::get("/nope")) {
        Ok(matched) => matched.not_implemented(),
        Err(reply) => reply,
    };
    let content_type = reply.content_type.as_deref().map(service::format::media_type);
    let body = String::from_utf8_lossy(&reply.body);
    json!({ "status": reply.status, "content-type": content_type, "body": body })
}

/// What a parameter or body that cannot be read is answered with.
fn binding(name: &str, query: &str, body: &str) -> Option<Value> {
    let registry = hello_registry();
    let path = format!("/api/{name}");
    let headers = &HeaderPairs(&[("Content-Type", "application/json")]);
    let verb = if body.is_empty() { "GET" } else { "POST" };
    let exchange = Exchange { verb, query, headers, body: body.as_bytes(), ..Exchange::get(&path) };
    bound(&registry, &exchange, name)
}

fn bound(registry: &Registry, exchange: &Exchange<'_>, name: &str) -> Option<Value> {
    let matched = match registry.route(exchange) {
        Ok(matched) => matched,
        Err(reply) => return Some(json!({ "status": reply.status })),
    };
    let bound = match name {
        "Sub" => matched.bind::<Sub>().err(),
        "Hello" => matched.bind::<Hello>().err(),
        "T2" => matched.bind::<T2>().err(),
        _ => return None,
    };
    Some(bound.map_or(Value::Null, |error| {
        json!({
            "status": error.status,
            "errorCode": error.code,
            "message": error.message,
            "fieldName": error.fields.first().map(|field| field.field.as_str()),
        })
    }))
}

/// A body as it is wrapped for a script: any answer, or an error that is thrown.
pub(super) fn jsonp(vector: &Vector) -> Output {
    let unknown = || Unsupported::because(format!("the body of {}", vector.input));
    let thrown = text(&vector.input, "thrown").and_then(thrown_error);
    let body = text(&vector.input, "body").unwrap_or("{}");
    let body: Value = serde_json::from_str(body).map_err(|_| unknown())?;
    let body = Stated::new(body, Objects::Dictionaries).ok_or_else(unknown)?;
    let callback = text(&vector.input, "callback").unwrap_or_default();
    let query = format!("callback={callback}");
    let registry = hello_registry();
    let headers = &HeaderPairs(&[]);
    let exchange = Exchange { query: &query, headers, ..Exchange::get("/api/Hello") };
    let reply = match (registry.route(&exchange), thrown) {
        (Err(reply), _) => reply,
        (Ok(matched), Some(error)) => matched.fail(&error),
        (Ok(matched), None) => matched.reply(&body, 200),
    };
    let body = String::from_utf8_lossy(&reply.body);
    if !vector.expected.is_object() {
        return Ok(body.into());
    }
    let content_type = reply.content_type.as_deref().map(service::format::media_type);
    let all = json!({ "status": reply.status, "content-type": content_type, "body": body });
    Ok(asked(all, &vector.expected))
}
