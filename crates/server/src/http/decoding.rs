//! Compressed request bodies (`servicestack.md` §5.8).
//!
//! A kilobyte can hold a gigabyte, so what comes out is counted while it comes and obeys the very
//! limit of a body that is not compressed. How well it was compressed does not matter then.

use std::io::{ErrorKind, Read};

use brotli::Decompressor;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use hyper::body::Bytes;
use hyper::header::{CONTENT_ENCODING, HeaderMap};
use service::status::ServiceError;

use super::request::{BODY_LENGTH_MAX, too_large};

/// The codings that are read, as the answer to another one names them.
pub(super) const CODINGS: &str = "gzip, deflate, br";

/// Bytes that the Brotli reader takes at a time.
const BUFFER_LENGTH: usize = 4_096;

/// The body as it was before it was compressed.
///
/// # Errors
/// 415 for another coding, or several one around the other; 400 for bytes that are not in that
/// coding; 413 if more than [`BODY_LENGTH_MAX`] bytes come out.
pub(super) fn decode(headers: &HeaderMap, body: Bytes) -> Result<Bytes, ServiceError> {
    let mut codings = headers.get_all(CONTENT_ENCODING).into_iter();
    let Some(first) = codings.next().filter(|_| !body.is_empty()) else { return Ok(body) };
    let name = first.to_str().unwrap_or_default().trim().to_ascii_lowercase();
    if codings.next().is_some() {
        return Err(unknown("several"));
    }
    let bytes: &[u8] = &body;
    match name.as_str() {
        "" | "identity" => Ok(body),
        "gzip" | "x-gzip" => read(MultiGzDecoder::new(bytes)),
        "deflate" if is_zlib(bytes) => read(ZlibDecoder::new(bytes)),
        "deflate" => read(DeflateDecoder::new(bytes)),
        "br" if has_large_window(bytes) => Err(broken()),
        "br" => read(Decompressor::new(bytes, BUFFER_LENGTH)),
        other => Err(unknown(other)),
    }
}

/// The standard means zlib's frame by `deflate`; .NET and others send the bare stream.
fn is_zlib(bytes: &[u8]) -> bool {
    match bytes {
        [method, flags, ..] => {
            method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0
        }
        _ => false,
    }
}

/// An extension of Brotli outside the standard (RFC 7932), by which a few bytes could ask for a
/// window of a gigabyte.
fn has_large_window(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|first| first & 0x7f == 0x11)
}

fn read(decoder: impl Read) -> Result<Bytes, ServiceError> {
    let mut decoded = Vec::new();
    let limit = BODY_LENGTH_MAX as u64 + 1;
    match decoder.take(limit).read_to_end(&mut decoded) {
        Ok(length) if length > BODY_LENGTH_MAX => Err(too_large()),
        Ok(_) => Ok(decoded.into()),
        Err(error) if error.kind() == ErrorKind::OutOfMemory => Err(too_large()),
        Err(_) => Err(broken()),
    }
}

fn broken() -> ServiceError {
    let message = "The body is not what its Content-Encoding says; nothing was done.";
    ServiceError::new(400, "BadRequest", message)
}

fn unknown(coding: &str) -> ServiceError {
    let shown: String = coding.chars().filter(char::is_ascii_graphic).take(32).collect();
    let message =
        format!("Bodies with the Content-Encoding '{shown}' are not read; send one of {CODINGS}.");
    ServiceError::new(415, "UnsupportedMediaType", message)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use hyper::body::Bytes;
    use hyper::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};

    use super::{BODY_LENGTH_MAX, decode};

    fn decoded(coding: &'static str, body: &[u8]) -> Result<Vec<u8>, u16> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        let decoded = decode(&headers, Bytes::copy_from_slice(body));
        decoded.map(|body| body.to_vec()).map_err(|error| error.status)
    }

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(plain: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn raw(plain: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn brotli(plain: &[u8]) -> Vec<u8> {
        let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4_096, 9, 22);
        encoder.write_all(plain).unwrap();
        encoder.into_inner()
    }

    /// Proves that each coding is read, the two meanings of `deflate` among them.
    #[test]
    fn codings_are_read() {
        let plain = b"{\"name\":\"J\xc3\xb3n\"}".repeat(100);
        for (coding, body) in [
            ("gzip", gzip(&plain)),
            ("X-GZIP", gzip(&plain)),
            ("deflate", zlib(&plain)),
            ("deflate", raw(&plain)),
            ("br", brotli(&plain)),
            ("identity", plain.clone()),
        ] {
            assert_eq!(decoded(coding, &body).as_ref(), Ok(&plain), "{coding}");
        }
        assert_eq!(decoded("gzip", b""), Ok(Vec::new()));
    }

    /// Proves that what comes out obeys the limit of a body, to the byte.
    #[test]
    fn bombs_are_refused() {
        for plain in [vec![b' '; BODY_LENGTH_MAX + 1], vec![0; 64 * BODY_LENGTH_MAX]] {
            for (coding, body) in
                [("gzip", gzip(&plain)), ("deflate", raw(&plain)), ("br", brotli(&plain))]
            {
                assert!(body.len() < BODY_LENGTH_MAX / 8, "{coding} {}", body.len());
                assert_eq!(decoded(coding, &body), Err(413), "{coding}");
            }
        }
        let just = vec![b' '; BODY_LENGTH_MAX];
        assert_eq!(decoded("gzip", &gzip(&just)), Ok(just));
    }

    /// Proves that what is cut, broken, or of another coding is refused.
    #[test]
    fn nonsense_is_refused() {
        let body = gzip(b"{}");
        assert_eq!(decoded("gzip", &body[..body.len() - 1]), Err(400));
        assert_eq!(decoded("gzip", b"{}"), Err(400));
        assert_eq!(decoded("br", b"\xff\xff\xff"), Err(400));
        assert_eq!(decoded("br", b"\x11\x3e\x00"), Err(400));
        assert_eq!(decoded("deflate", &zlib(b"{}")[..4]), Err(400));
        assert_eq!(decoded("gzip, gzip", &gzip(&body)), Err(415));
        assert_eq!(decoded("zstd", &body), Err(415));
    }
}
