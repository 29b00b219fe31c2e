//! Requests to sign in that are answered before any password is looked at.

use serde_json::{Map, Value, json};
use service::authentication::{Intent, intent};
use service::status::ServiceError;

use super::{Output, Unsupported, text};
use crate::vector::Vector;

/// `{"request": "POST /auth/credentials {} (empty)"}`: nobody is signed in, and nothing is sent
/// but what the path says.
pub(super) fn run(vector: &Vector) -> Output {
    let unknown = || Unsupported::because(format!("the request {}", vector.input));
    let request = text(&vector.input, "request").ok_or_else(unknown)?;
    let mut words = request.split(' ');
    let verb = words.next().unwrap_or_default();
    let path = words.next().and_then(|path| path.strip_prefix("/auth")).ok_or_else(unknown)?;
    let provider = path.strip_prefix('/');
    let error = match intent(verb, provider, None, None) {
        Err(error) => error,
        Ok(Intent::Ask) => ServiceError::not_authenticated(),
        Ok(Intent::SignIn | Intent::SignOut) => return Err(unknown()),
    };
    Ok(told(&error, &vector.expected))
}

/// What is expected of the error, and no more.
fn told(error: &ServiceError, expected: &Value) -> Value {
    let fields: Vec<&str> = error.fields.iter().map(|field| field.field.as_str()).collect();
    let all = json!({
        "status": error.status,
        "errorCode": error.code,
        "message": error.message,
        "fields": fields,
    });
    let is_expected = |name: &str| expected.get(name).is_some();
    let all = all.as_object().cloned().unwrap_or_default();
    Value::Object(all.into_iter().filter(|(name, _)| is_expected(name)).collect::<Map<_, _>>())
}
