//! As much of an HTTP response as the load client must understand, and no more.
//!
//! It still checks what a careless client would not: the status, that the whole body arrived,
//! and the business code inside it, because an order that was refused costs far less than one
//! that was sold and must never be counted as one.

use memchr::memmem;

/// No answer to an order is near this long; a longer one is a fault, not a reason to grow.
pub const RESPONSE_LENGTH_MAX: usize = 256 * 1024;

/// What one response means for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// HTTP 200, and inside what says that it was sold.
    Sold,
    /// HTTP 200 that says something else, or an HTTP status that is not about load.
    Refused,
    /// HTTP 503: the server said that it has too much to do.
    Overloaded {
        /// Whether it said when to try again.
        retry_after: bool,
    },
}

/// What was found at the front of the received bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parsed {
    /// More bytes must come.
    Partial,
    /// One whole response, `length` bytes long.
    Whole {
        /// Head and body together.
        length: usize,
        /// What it means.
        verdict: Verdict,
    },
    /// Not a response this client understands; the connection is of no further use.
    Unreadable,
}

/// Looks for one whole response at the front of `received`; a body that holds `sold_by` sold.
#[must_use]
pub fn parse(received: &[u8], sold_by: &[u8]) -> Parsed {
    let Some(head_length) = memmem::find(received, b"\r\n\r\n").map(|at| at + 4) else {
        return if received.len() > RESPONSE_LENGTH_MAX {
            Parsed::Unreadable
        } else {
            Parsed::Partial
        };
    };
    let (head, rest) = received.split_at(head_length);
    let (Some(status), Some(body_length)) = (status_of(head), body_length_of(head)) else {
        return Parsed::Unreadable;
    };
    match rest.get(..body_length) {
        Some(body) => {
            let verdict = verdict_of(status, head, body, sold_by);
            Parsed::Whole { length: head_length + body_length, verdict }
        }
        None => Parsed::Partial,
    }
}

fn status_of(head: &[u8]) -> Option<u16> {
    let digits = head.strip_prefix(b"HTTP/1.1 ")?.get(..3)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The announced length; `None` without one, since this client reads no chunked bodies.
fn body_length_of(head: &[u8]) -> Option<usize> {
    let value = header_of(head, b"content-length:")?;
    let length = std::str::from_utf8(value).ok()?.trim().parse().ok()?;
    (length <= RESPONSE_LENGTH_MAX).then_some(length)
}

/// The value of a header; `name` is small letters and its colon.
fn header_of<'a>(head: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut lines = head.split(|byte| *byte == b'\n');
    lines.find_map(|line| {
        let (found, value) = line.split_at_checked(name.len())?;
        found.eq_ignore_ascii_case(name).then_some(value)
    })
}

fn verdict_of(status: u16, head: &[u8], body: &[u8], sold_by: &[u8]) -> Verdict {
    match status {
        200 if memmem::find(body, sold_by).is_some() => Verdict::Sold,
        503 => Verdict::Overloaded { retry_after: header_of(head, b"retry-after:").is_some() },
        _ => Verdict::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLD_BY: &[u8] = b"\"statusCode\":200";

    fn check(received: &str, expected: Parsed) {
        assert_eq!(parse(received.as_bytes(), SOLD_BY), expected, "{received:?}");
    }

    fn response(status: &str, body: &str) -> String {
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn a_verdict_follows_the_status_and_the_code_inside() {
        // Proves that only a sold order counts as sold.
        let cases = [
            ("200 OK", "{\"statusCode\":200}", Verdict::Sold),
            ("200 OK", "{\"statusCode\":409}", Verdict::Refused),
            ("200 OK", "", Verdict::Refused),
            ("503 Service Unavailable", "", Verdict::Overloaded { retry_after: false }),
            ("503 Busy\r\nRetry-After: 1", "", Verdict::Overloaded { retry_after: true }),
            ("500 Oops", "{\"statusCode\":200}", Verdict::Refused),
        ];
        for (status, body, verdict) in cases {
            let text = response(status, body);
            check(&text, Parsed::Whole { length: text.len(), verdict });
        }
    }

    #[test]
    fn every_prefix_of_a_response_is_partial() {
        // Proves that a response cut anywhere is waited for, never half counted.
        let text = response("200 OK", "{\"statusCode\":200}");
        (0..text.len()).for_each(|length| check(&text[..length], Parsed::Partial));
    }

    #[test]
    fn what_follows_a_response_is_left_alone() {
        // Proves that the length ends with the body.
        let text = response("200 OK", "{\"statusCode\":200}");
        let verdict = Verdict::Sold;
        check(&format!("{text}HTTP"), Parsed::Whole { length: text.len(), verdict });
    }

    #[test]
    fn what_it_cannot_read_ends_the_connection() {
        // Proves that other protocols, missing and huge lengths are faults.
        check("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", Parsed::Unreadable);
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Parsed::Unreadable);
        check("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", Parsed::Unreadable);
        check(&"x".repeat(RESPONSE_LENGTH_MAX + 1), Parsed::Unreadable);
    }
}
