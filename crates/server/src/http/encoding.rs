//! Compressed answers (`servicestack.md` §5.8).
//!
//! Only answers without secrets are compressed. The length of a compressed answer tells how much of
//! it repeats: whoever can make a browser send requests and count bytes guesses a secret letter by
//! letter, if the answer holds both the secret and something of the request (BREACH).

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use service::content_coding::ContentCoding;
use service::reply::Reply;

/// Shorter bodies fit into one packet either way.
const BODY_LENGTH_MIN: usize = 1_024;

/// How hard Brotli tries, of 11: beyond it takes long for little.
const BROTLI_QUALITY: u32 = 4;

/// Brotli's window, as a power of two: no answer is much larger than a quarter of a mebibyte.
const BROTLI_WINDOW: u32 = 18;

/// Bytes that the Brotli writer takes at a time.
const BUFFER_LENGTH: usize = 4_096;

/// The answer in the best coding that `accepted`, an `Accept-Encoding` header, names.
pub(super) fn encode(reply: Reply, accepted: Option<&str>) -> Reply {
    if !is_worth_it(&reply) {
        return reply;
    }
    let Some(coding) = accepted.and_then(ContentCoding::accepted) else { return reply };
    match compressed(&reply.body, coding) {
        Ok(body) if body.len() < reply.body.len() => {
            let mut reply = Reply { body, ..reply };
            // The same bytes no longer, so the tag may only say that it means the same.
            for (_, tag) in reply.headers.iter_mut().filter(|(name, _)| *name == "ETag") {
                *tag = format!("W/{}", tag.trim_start_matches("W/")).into();
            }
            reply.with_header("Content-Encoding", coding.name())
        }
        _ => reply,
    }
}

fn is_worth_it(reply: &Reply) -> bool {
    let content_type = reply.content_type.as_deref().unwrap_or_default();
    let is_text = content_type.starts_with("text/")
        || ["json", "javascript", "xml", "jsv"].iter().any(|word| content_type.contains(word));
    reply.is_public && reply.status == 200 && reply.body.len() >= BODY_LENGTH_MIN && is_text
}

fn compressed(plain: &[u8], coding: ContentCoding) -> io::Result<Vec<u8>> {
    match coding {
        ContentCoding::Brotli => {
            let (quality, window) = (BROTLI_QUALITY, BROTLI_WINDOW);
            let mut encoder =
                brotli::CompressorWriter::new(Vec::new(), BUFFER_LENGTH, quality, window);
            encoder.write_all(plain)?;
            Ok(encoder.into_inner())
        }
        ContentCoding::Deflate => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(plain)?;
            encoder.finish()
        }
        ContentCoding::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(plain)?;
            encoder.finish()
        }
    }
}

#[cfg(test)]
mod tests {
    use hyper::body::Bytes;
    use hyper::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};
    use service::reply::Reply;

    use super::encode;
    use crate::http::decoding::decode;

    fn answer(length: usize) -> Reply {
        let reply = Reply::new(200, "application/json", b"a".repeat(length));
        Reply { is_public: true, ..reply }.with_header("ETag", "\"x\"")
    }

    /// Proves that each coding can be read again, and that the tag says what became of the bytes.
    #[test]
    fn what_is_compressed_can_be_read() {
        for coding in ["br", "deflate", "gzip"] {
            let encoded = encode(answer(5_000), Some(coding));
            assert_eq!(encoded.header("Content-Encoding"), Some(coding));
            assert_eq!(encoded.header("ETag"), Some("W/\"x\""));
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
            let decoded = decode(&headers, Bytes::from(encoded.body));
            assert_eq!(decoded.unwrap(), b"a".repeat(5_000), "{coding}");
        }
    }

    fn check_plain(reply: &Reply, accepted: Option<&str>) {
        assert_eq!(encode(reply.clone(), accepted), *reply);
    }

    /// Proves that short, secret, failed and other answers stay as they are.
    #[test]
    fn other_answers_stay_plain() {
        check_plain(&answer(2_000), None);
        check_plain(&answer(2_000), Some("zstd"));
        check_plain(&answer(1_023), Some("br"));
        check_plain(&Reply { is_public: false, ..answer(2_000) }, Some("br"));
        check_plain(&Reply { status: 400, ..answer(2_000) }, Some("br"));
        check_plain(&Reply { content_type: Some("image/png".into()), ..answer(2_000) }, Some("br"));
    }
}
