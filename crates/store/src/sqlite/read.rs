//! Rows of the tables that hold no aggregates.

use domain::ids::Shard;
use domain::ledger::{Posting, PostingKind};
use domain::money::Currency;
use domain::record::Kind;
use domain::time::Timestamp;
use rusqlite::Row;

use crate::changes::{Due, Found};
use crate::error::Fault;

/// `None` for a kind that a newer program made; that program looks after it.
fn kind_of(code: u8) -> Option<Kind> {
    Kind::ALL.iter().find(|kind| **kind as u8 == code).copied()
}

/// A row of the work table; `None` as in [`kind_of`].
pub(super) fn due(row: &Row<'_>) -> rusqlite::Result<Option<Due>> {
    let Some(kind) = kind_of(row.get(2)?) else { return Ok(None) };
    let (shard, at) = (Shard(row.get(0)?), Timestamp(row.get(1)?));
    Ok(Some(Due { shard, at, kind, number: row.get(3)? }))
}

/// A row of the finder; `None` as in [`kind_of`].
pub(super) fn found(row: &Row<'_>) -> rusqlite::Result<Option<Found>> {
    let Some(kind) = kind_of(row.get(2)?) else { return Ok(None) };
    let word: [u8; 16] = row.get(1)?;
    let (shard, word) = (Shard(row.get(0)?), u128::from_be_bytes(word));
    Ok(Some(Found { shard, word, kind, number: row.get(3)? }))
}

/// An entry of the books.
pub(super) fn posting(shard: Shard, row: &Row<'_>) -> Result<Posting, Fault> {
    let source: u32 = row.get(0)?;
    let unreadable =
        |what: &str| Fault::Unreadable(format!("posting of {source} in shard {}: {what}", shard.0));
    let kind: u8 = row.get(2)?;
    let kind = PostingKind::ALL.iter().find(|known| known.code() == kind);
    let kind = *kind.ok_or_else(|| unreadable("unknown kind"))?;
    let currency: String = row.get(4)?;
    let legs = serde_json::from_slice(row.get_ref(5)?.as_bytes()?);
    Ok(Posting {
        shard,
        source: kind.source(source),
        step: row.get(1)?,
        kind,
        at: Timestamp(row.get(3)?),
        currency: Currency::parse(&currency).ok_or_else(|| unreadable("unknown currency"))?,
        legs: legs.map_err(|error| unreadable(&error.to_string()))?,
    })
}
