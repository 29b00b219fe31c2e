//! `If-None-Match`: who has the answer already is told so instead of getting it again.

use service::reply::Reply;

/// 304 without a body, if the answer's tag is among `known`. Tags are compared weakly: compressed
/// answers carry weak ones.
pub(super) fn without_known(reply: Reply, known: Option<&str>) -> Reply {
    let Some(known) = known else { return reply };
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tag = reply.header("ETag").filter(|_| reply.status == 200).map(plain);
    let Some(tag) = tag else { return reply };
    if known.split(',').any(|one| one.trim() == "*" || plain(one) == tag) {
        return Reply { status: 304, content_type: None, body: Vec::new(), ..reply };
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::without_known;
    use service::reply::Reply;

    fn check(known: Option<&str>, expected: u16) {
        let reply = Reply::new(200, "text/css", b"x".to_vec()).with_header("ETag", "\"a\"");
        let answered = without_known(reply, known);
        assert_eq!((answered.status, answered.body.is_empty()), (expected, expected == 304));
    }

    /// Proves that only the tag that was given saves the body.
    #[test]
    fn the_tag_decides() {
        check(None, 200);
        check(Some("\"b\""), 200);
        check(Some("\"b\", W/\"a\""), 304);
        check(Some("\"a\""), 304);
        check(Some("*"), 304);
    }
}
