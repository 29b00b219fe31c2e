//! The request as the registry sees it, its body read whole within limits of size and time.

use std::time::Duration;

use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::HeaderMap;
use service::exchange::Headers;
use service::status::ServiceError;

use super::decoding::decode;

/// The largest body, in bytes (`design.md` §4).
pub(super) const BODY_LENGTH_MAX: usize = 1 << 20;

/// hyper's headers, as the registry asks for them.
pub(super) struct HeadersOf<'a>(pub(super) &'a HeaderMap);

impl Headers for HeadersOf<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.to_str().ok()
    }

    fn each(&self, visit: &mut dyn FnMut(&str, &str)) {
        for (name, value) in self.0 {
            if let Ok(value) = value.to_str() {
                visit(name.as_str(), value);
            }
        }
    }
}

/// Reads a body whole.
///
/// # Errors
/// 413 for one that is too large, 408 for one that takes too long, 400 for one cut short, and what
/// [`decode`] says of a compressed one.
pub(super) async fn body(
    headers: &HeaderMap,
    incoming: Incoming,
    time_max: Duration,
) -> Result<Bytes, ServiceError> {
    if incoming.size_hint().lower() > BODY_LENGTH_MAX as u64 {
        return Err(too_large());
    }
    let reading = Limited::new(incoming, BODY_LENGTH_MAX).collect();
    let Ok(read) = tokio::time::timeout(time_max, reading).await else {
        let seconds = time_max.as_secs_f32();
        let message = format!("The body did not arrive within {seconds} s; nothing was done.");
        return Err(ServiceError::new(408, "RequestTimeout", message));
    };
    let body = read.map(http_body_util::Collected::to_bytes).map_err(|error| {
        if error.is::<LengthLimitError>() {
            return too_large();
        }
        ServiceError::new(400, "BadRequest", "The body was cut short; nothing was done.")
    })?;
    decode(headers, body)
}

/// 413, for a body before or after it was compressed.
pub(super) fn too_large() -> ServiceError {
    let message = format!("A body may have {BODY_LENGTH_MAX} bytes at most; nothing was done.");
    ServiceError::new(413, "RequestEntityTooLarge", message)
}
