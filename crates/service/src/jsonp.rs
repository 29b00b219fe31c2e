//! JSONP: answers that a script tag of another site loads (`servicestack.md §4`).
//!
//! Any page can send such a request with the cookies of its visitor and read the answer. So it is
//! for reading only, for answers without secrets, and only callers who showed a header may be told
//! more than a stranger (`crate::matched::Matched::is_jsonp`).

use std::borrow::Cow;

use crate::operation::{Effect, Operation};
use crate::parameters::{self, Parameter};
use crate::reply::Reply;
use crate::status::ServiceError;

/// The query parameter that names the function.
const CALLBACK: &str = "callback";

/// Longest name of a function, in characters.
const CALLBACK_LENGTH_MAX: usize = 64;

/// The function that is to be called with the answer. Only `GET` can be sent by a script tag, so
/// elsewhere the parameter means nothing.
///
/// # Errors
/// 400 for a name that is no plain identifier, so that nothing else can be smuggled into the
/// answer; 403 for an operation that changes something or whose answer may hold secrets.
pub(crate) fn callback(
    url: &[Parameter<'_>],
    verb: &str,
    operation: &Operation,
) -> Result<Option<String>, ServiceError> {
    let name = parameters::value(url, CALLBACK).filter(|_| verb.eq_ignore_ascii_case("GET"));
    let Some(name) = name else { return Ok(None) };
    let changes_or_tells = operation.has_secrets || operation.effect == Effect::Writes;
    if changes_or_tells && !operation.get_is_for_scripts {
        let message = format!(
            "'{}' cannot be called by a script tag: it changes something or its answer may hold \
             secrets; leave out 'callback' and send the request with fetch",
            operation.name()
        );
        return Err(ServiceError::new(403, "Forbidden", message));
    }
    if !is_function(name) {
        let message = "It must be the name of a function: letters, digits, '_', '$' and dots";
        return Err(ServiceError::argument(CALLBACK, message));
    }
    Ok(Some(name.to_owned()))
}

fn is_function(name: &str) -> bool {
    let is_start = |letter: char| letter.is_ascii_alphabetic() || matches!(letter, '_' | '$');
    name.len() <= CALLBACK_LENGTH_MAX
        && name.starts_with(is_start)
        && name.chars().all(|letter| is_start(letter) || letter.is_ascii_digit() || letter == '.')
}

/// The answer as a call of that function. A script cannot see any status but 200. Where only `GET`
/// is for scripts the stricter rule holds (`domain.md` §5.3): a comment in front keeps the caller's
/// text from being the first bytes of the file, which some readers take for another kind of file.
pub(crate) fn wrapped(mut reply: Reply, callback: &str, operation: &Operation) -> Reply {
    reply.status = 200;
    let (prefix, media_type) = match operation.get_is_for_scripts {
        true => ("/**/", "application/javascript; charset=utf-8"),
        false => ("", "text/javascript; charset=utf-8"),
    };
    reply.body.splice(0..0, format!("{prefix}{callback}(").into_bytes());
    reply.body.push(b')');
    reply.content_type = Some(Cow::Borrowed(media_type));
    reply.with_header("X-Content-Type-Options", "nosniff")
}

#[cfg(test)]
mod tests {
    use super::is_function;

    /// Proves that nothing but a name gets into the answer.
    #[test]
    fn functions_are_plain_names() {
        for name in ["cb", "$", "_1", "jQuery.a1.$b"] {
            assert!(is_function(name), "{name}");
        }
        let long = "a".repeat(65);
        for name in ["", "1a", "a(b)", "a;b", "a b", "é", "a[0]", ".a", &long] {
            assert!(!is_function(name), "{name}");
        }
    }
}
