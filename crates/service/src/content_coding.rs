//! How an answer may be compressed (`servicestack.md §5.8`).

/// A way to compress a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentCoding {
    /// `br`
    Brotli,
    /// `deflate`: zlib's frame around the bare stream, as the standard means it.
    Deflate,
    /// `gzip`
    Gzip,
}

impl ContentCoding {
    /// In the order in which the original prefers them.
    const PREFERRED: [Self; 3] = [Self::Brotli, Self::Deflate, Self::Gzip];

    /// The name in `Accept-Encoding` and `Content-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Deflate => "deflate",
            Self::Gzip => "gzip",
        }
    }

    /// The best one that an `Accept-Encoding` header names. Its weights are ignored, but for a
    /// weight of nothing, which means no.
    pub fn accepted(header: &str) -> Option<Self> {
        Self::PREFERRED.into_iter().find(|coding| takes(header, coding.name()))
    }
}

fn takes(header: &str, coding: &str) -> bool {
    let mut entries = header.split(',').map(|entry| entry.split(';'));
    entries.any(|mut parts| {
        let is_named = parts.next().is_some_and(|name| name.trim().eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=").map(str::trim));
        is_named && weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0))
    })
}

#[cfg(test)]
mod tests {
    use super::ContentCoding;

    fn check(header: &str, expected: Option<&str>) {
        assert_eq!(ContentCoding::accepted(header).map(ContentCoding::name), expected, "{header}");
    }

    /// Proves the order of preference, and that a weight of nothing means no.
    #[test]
    fn the_best_accepted_coding_is_taken() {
        check("gzip, br", Some("br"));
        check("gzip;q=1.0, deflate;q=0.1", Some("deflate"));
        check("GZIP", Some("gzip"));
        check("br;q=0, gzip;q=0.5", Some("gzip"));
        check("br;q=nonsense", None);
        check("identity, zstd, *", None);
        check("", None);
    }
}
