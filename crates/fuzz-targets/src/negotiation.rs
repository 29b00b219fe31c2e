//! What a client says about formats.

use service::content_coding::ContentCoding;
use service::format::{Format, media_type};
use service::negotiate::{AcceptRule, Negotiation, Wishes};

/// Lines: `Accept`, `Content-Type`, `?format=`, first segment of the path.
pub(crate) fn negotiation(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut lines = text.lines();
    let wishes = Wishes {
        accept: lines.next(),
        content_type: lines.next(),
        query_format: lines.next(),
        first_segment: lines.next(),
        ..Wishes::default()
    };
    for accept_rule in [AcceptRule::FirstOnly, AcceptRule::All] {
        let plain = Negotiation { accept_rule, ..Negotiation::default() };
        let html = Negotiation { accept_rule, ..Negotiation::with_html() };
        for negotiation in [plain, html] {
            let format = negotiation.response_format(&wishes);
            assert!(is_known(&negotiation, format), "{format:?} is not offered");
            let _request = negotiation.request_format(wishes.content_type);
        }
    }
    let header = wishes.accept.unwrap_or_default();
    if let Some(coding) = ContentCoding::accepted(header) {
        assert!(header.to_ascii_lowercase().contains(coding.name()), "{header}");
    }
    assert!(header.contains(media_type(header)), "{header}");
}

fn is_known(negotiation: &Negotiation, format: Format) -> bool {
    format == negotiation.default_format || negotiation.formats.contains(&format)
}
