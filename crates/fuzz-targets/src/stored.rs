//! Bodies as they are stored: a damaged file must not bring the program down.

use domain::record::Kind;
use store::testing::{decode_body, encode_body};

/// The first byte chooses the kind, the rest is the body. What can be read is written the same,
/// and read the same again.
pub(crate) fn stored(input: &[u8]) {
    let Some((kind, body)) = input.split_first() else { return };
    let kind = Kind::ALL[usize::from(*kind) % Kind::ALL.len()];
    let Ok(record) = decode_body(kind, body) else { return };
    let written = encode_body(&record).expect("what was read can be written");
    let again = decode_body(kind, &written).expect("what was written can be read");
    assert_eq!(again, record);
}
