//! From an answer of the registry to one of hyper's.

use std::borrow::Cow;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::ext::ReasonPhrase;
use hyper::header::{
    ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};
use service::reply::Reply;
use service::status::ServiceError;

use super::{decoding, encoding, unchanged};

/// An error that comes before any operation is known.
pub(super) fn plain(error: &ServiceError) -> Reply {
    let status = serde_json::json!({"errorCode": error.code, "message": error.message});
    let body = serde_json::json!({ "responseStatus": status });
    let body = body.to_string().into_bytes();
    let reply = Reply::new(error.status, "application/json; charset=utf-8", body);
    match error.status {
        415 => reply.with_header("Accept-Encoding", decoding::CODINGS),
        _ => reply,
    }
}

/// The answer as it is sent: left out where the client has it, compressed where that is safe.
pub(super) fn response(reply: Reply, request: &HeaderMap) -> Response<Full<Bytes>> {
    let header = |name| request.get(name).and_then(|value| value.to_str().ok());
    let reply = unchanged::without_known(reply, header(IF_NONE_MATCH));
    let reply = encoding::encode(reply, header(ACCEPT_ENCODING));
    let mut response = Response::new(Full::new(Bytes::from(reply.body)));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = reply.reason.and_then(|text| ReasonPhrase::try_from(text).ok());
    if let Some(reason) = reason {
        response.extensions_mut().insert(reason);
    }
    let headers = response.headers_mut();
    // A browser that guesses could take a text that a stranger chose for a page or a script.
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(value) = reply.content_type.as_deref().and_then(|text| text.parse().ok()) {
        headers.insert(CONTENT_TYPE, value);
    }
    for (name, value) in reply.headers {
        match header_of(name, value) {
            Some((X_CONTENT_TYPE_OPTIONS, _)) | None => {}
            Some((name, value)) => drop(headers.append(name, value)),
        }
    }
    response
}

/// A header, if it can be one; texts of the program itself are not copied.
fn header_of(name: &str, value: Cow<'static, str>) -> Option<(HeaderName, HeaderValue)> {
    let value = match value {
        Cow::Borrowed(known) => {
            HeaderValue::from_maybe_shared(Bytes::from_static(known.as_bytes()))
        }
        Cow::Owned(made) => HeaderValue::try_from(made),
    };
    Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value.ok()?))
}
