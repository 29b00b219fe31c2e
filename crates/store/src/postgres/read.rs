//! Rows of the tables that hold no aggregates.

use domain::effect::Owed;
use domain::ids::{NumberKind, Shard};
use domain::ledger::{Posting, PostingKind};
use domain::money::Currency;
use domain::record::Kind;
use domain::time::Timestamp;
use tokio_postgres::Row;

use super::load::{column, hash, number};
use crate::changes::{Due, Found};
use crate::engine::EngineError;
use crate::error::Fault;

/// `None` for a kind that a newer program made; that program looks after it.
fn kind_of(code: i64) -> Option<Kind> {
    Kind::ALL.iter().find(|kind| i64::from(**kind as u8) == code).copied()
}

/// A row of the work table; `None` as in [`kind_of`].
pub(super) fn due(row: &Row) -> Result<Option<Due>, EngineError> {
    let Some(kind) = kind_of(column(row, 2)?) else { return Ok(None) };
    let (shard, at) = (Shard(number(row, 0)?), Timestamp(column(row, 1)?));
    Ok(Some(Due { shard, at, kind, number: number(row, 3)? }))
}

/// A row of the finder; `None` as in [`kind_of`].
pub(super) fn found(row: &Row) -> Result<Option<Found>, EngineError> {
    let Some(kind) = kind_of(column(row, 2)?) else { return Ok(None) };
    let (shard, word) = (Shard(number(row, 0)?), hash(row, 1)?);
    Ok(Some(Found { shard, word, kind, number: number(row, 3)? }))
}

/// A claimed block of numbers.
pub(super) fn block(row: &Row) -> Result<(NumberKind, u32, Shard), Fault> {
    let code: i64 = column(row, 0)?;
    let kind = NumberKind::ALL.iter().find(|kind| i64::from(kind.code()) == code);
    let unknown = || Fault::Unreadable(format!("numbers of the unknown kind {code}"));
    Ok((*kind.ok_or_else(unknown)?, number(row, 1)?, Shard(number(row, 2)?)))
}

/// An effect that is owed.
pub(super) fn owed(row: &Row) -> Result<Owed, Fault> {
    let (shard, id) = (Shard(number(row, 0)?), number(row, 1)?);
    let body: String = column(row, 2)?;
    let effect = serde_json::from_str(&body)
        .map_err(|error| Fault::Unreadable(format!("effect {id} in shard {}: {error}", shard.0)))?;
    Ok(Owed { shard, id, effect })
}

/// An entry of the books.
pub(super) fn posting(shard: Shard, row: &Row) -> Result<Posting, Fault> {
    let source: u32 = number(row, 0)?;
    let unreadable =
        |what: &str| Fault::Unreadable(format!("posting of {source} in shard {}: {what}", shard.0));
    let code: i64 = column(row, 2)?;
    let kind = PostingKind::ALL.iter().find(|known| i64::from(known.code()) == code);
    let (currency, body): (String, String) = (column(row, 4)?, column(row, 5)?);
    let kind = *kind.ok_or_else(|| unreadable("unknown kind"))?;
    let legs = serde_json::from_str(&body);
    Ok(Posting {
        shard,
        source: kind.source(source),
        step: number(row, 1)?,
        kind,
        at: Timestamp(column(row, 3)?),
        currency: Currency::parse(&currency).ok_or_else(|| unreadable("unknown currency"))?,
        legs: legs.map_err(|error| unreadable(&error.to_string()))?,
    })
}
