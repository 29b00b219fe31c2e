//! What all pages have in common: head, title bar, style, and the headers that bound what a
//! browser does with them.

use super::html::Html;
use crate::reply::Reply;

/// The style of every page. It stands in the page, so that a page is one request.
const STYLE: &str = concat!(include_str!("../shared.css"), include_str!("style.css"));

/// Narrows the list of operations while somebody types; without it the list is whole.
const FILTER: &str = include_str!("filter.js");

/// A page may show itself in its own style and nothing more: it loads nothing, sends nothing and
/// stands in no frame. The hashes are those of the two texts above.
macro_rules! policy {
    ($script:literal) => {
        concat!(
            "default-src 'none'; style-src 'sha256-Zh/M1rRNAIfblIBJR72hdoW0RHTBsR21QoEs3ltEy+8='; ",
            $script,
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
    };
}

/// The policy of pages without script.
pub(super) const POLICY: &str = policy!("");

/// The policy of the list of operations.
const POLICY_WITH_FILTER: &str =
    policy!("script-src 'sha256-DARLgRF0PJQUb0FoxouPw1bNiGr36ShWcdYQlYJMnJY='; ");

/// Begins a page: everything up to its contents. `explorer` is the path of the same in the
/// explorer.
pub(super) fn begin(title: &str, heading: &str, explorer: &str) -> Html {
    let mut page = Html::default();
    page.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .wrap("<title>", title, "</title>\n")
        .markup("<style>")
        .markup(STYLE)
        .markup("</style>\n</head>\n<body>\n")
        .markup("<a class=\"unseen skip\" href=\"#content\">Skip to the content</a>\n")
        .wrap("<header><h1>", heading, "</h1>\n<nav aria-label=\"Explorer\">")
        .link(explorer, "API Explorer")
        .markup("</nav></header>\n")
        .markup("<main id=\"content\" tabindex=\"-1\">\n");
    page
}

/// Ends a page without script.
pub(super) fn finish(mut page: Html) -> Vec<u8> {
    page.markup("</main>\n</body>\n</html>\n");
    page.into_bytes()
}

/// An answer that is a page without script.
pub(super) fn reply(status: u16, page: Html) -> Reply {
    with_headers(status, finish(page), POLICY)
}

/// An answer that is the list of operations.
pub(super) fn reply_with_filter(mut page: Html) -> Reply {
    page.markup("</main>\n<script>").markup(FILTER).markup("</script>\n</body>\n</html>\n");
    with_headers(200, page.into_bytes(), POLICY_WITH_FILTER)
}

/// A page holds nothing private, but it names the address it was asked at and changes with the
/// program, so it is asked for again each time.
fn with_headers(status: u16, page: Vec<u8>, policy: &'static str) -> Reply {
    Reply::new(status, "text/html; charset=utf-8", page)
        .with_header("Content-Security-Policy", policy)
        .with_header("X-Content-Type-Options", "nosniff")
        .with_header("Referrer-Policy", "no-referrer")
        .with_header("Cache-Control", "no-cache")
}

#[cfg(test)]
mod tests {
    use super::{FILTER, POLICY_WITH_FILTER, STYLE};
    use base64::prelude::{BASE64_STANDARD, Engine};
    use sha2::{Digest, Sha256};

    /// Proves that the policy allows the very style and script that are sent.
    #[test]
    fn policy_names_style_and_script() {
        for text in [STYLE, FILTER] {
            let hash = format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
            assert!(POLICY_WITH_FILTER.contains(&hash), "put {hash} into the policy");
        }
    }
}
