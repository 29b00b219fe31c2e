//! Names for contents, so that a browser keeps what has not changed.

/// A strong entity tag of these bytes together.
pub(crate) fn strong_etag(parts: &[&[u8]]) -> String {
    format!("\"{}\"", fingerprint(parts))
}

/// Sixteen hexadecimal digits that change when the bytes change. It names versions of one thing
/// against accidents (FNV-1a), and keeps nobody from making two of the same name on purpose.
pub(crate) fn fingerprint(parts: &[&[u8]]) -> String {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let bytes = parts.iter().flat_map(|part| part.iter());
    let hash = bytes.fold(OFFSET_BASIS, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::{fingerprint, strong_etag};

    /// Proves the published test values of FNV-1a, whatever the parts are cut into.
    #[test]
    fn known_values() {
        assert_eq!(fingerprint(&[]), "cbf29ce484222325");
        assert_eq!(fingerprint(&[b"a"]), "af63dc4c8601ec8c");
        assert_eq!(strong_etag(&[b"foo", b"bar"]), "\"85944171f73967e8\"");
    }
}
