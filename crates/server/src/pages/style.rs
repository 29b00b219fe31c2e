//! How pages look. The style stands in the page, so that one request is enough; the policy names
//! its hash, so that no other style counts.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// The style of every page.
pub(super) const STYLE: &str = include_str!("page.css");

/// SHA-256 of the style in base64, as a policy names it.
pub(super) fn hash() -> &'static str {
    static HASH: LazyLock<String> =
        LazyLock::new(|| STANDARD.encode(Sha256::digest(STYLE.as_bytes())));
    &HASH
}
