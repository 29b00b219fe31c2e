//! Stored bodies without a store around them, for those who damage them on purpose.

use domain::facts::Key;
use domain::ids::Shard;
use domain::record::{Kind, Record};

use crate::records;

/// Reads a body as if it were stored under number 1 of shard 1.
///
/// # Errors
/// What is wrong with it.
pub fn decode_body(kind: Kind, body: &[u8]) -> Result<Record, String> {
    records::decode(&Key { shard: Shard(1), kind, number: 1, hash: 1 }, body)
}

/// Writes a body as it is stored.
///
/// # Errors
/// What cannot be written.
pub fn encode_body(record: &Record) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    records::encode(record, &mut body)?;
    Ok(body)
}
