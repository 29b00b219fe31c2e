//! Loading aggregates by key: one statement for each shard and table.

use domain::facts::Key;
use domain::record::Record;
use rustc_hash::FxHashMap;
use tokio_postgres::Row;
use tokio_postgres::types::FromSqlOwned;

use super::call::{Call, Param};
use super::connection::Connection;
use super::statements;
use crate::codec::Codec;
use crate::engine::EngineError;
use crate::records::Address;

/// Reads a column of a row.
pub(super) fn column<T: FromSqlOwned>(row: &Row, index: usize) -> Result<T, EngineError> {
    row.try_get(index).map_err(|error| EngineError::Unreadable(error.to_string()))
}

/// Reads a column that holds a number of ours.
pub(super) fn number<T: TryFrom<i64>>(row: &Row, index: usize) -> Result<T, EngineError> {
    let value: i64 = column(row, index)?;
    let strange = || EngineError::Unreadable(format!("{value} is out of its range"));
    T::try_from(value).map_err(|_| strange())
}

/// Reads a 128-bit hash.
pub(super) fn hash(row: &Row, index: usize) -> Result<u128, EngineError> {
    let bytes: Vec<u8> = column(row, index)?;
    let bytes: Result<[u8; 16], _> = bytes.try_into();
    let strange = |_| EngineError::Unreadable("a hash has the wrong length".to_owned());
    bytes.map(u128::from_be_bytes).map_err(strange)
}

/// Reads version and body, the first two columns of any row of aggregates.
pub(super) fn record(codec: &Codec, key: &Key, row: &Row) -> Result<Record, EngineError> {
    let body: &str = row.try_get(1).map_err(|error| EngineError::Unreadable(error.to_string()))?;
    let record = codec.decode(key, number(row, 0)?, body.as_bytes());
    record.map_err(EngineError::Unreadable)
}

/// Reads the key of a row, whose address stands behind version and body.
pub(super) fn key_of(like: &Key, row: &Row) -> Result<Key, EngineError> {
    Ok(match statements::of(like.kind).table.address {
        Address::Shard => *like,
        Address::Number => Key { number: number(row, 2)?, ..*like },
        Address::DayHash => Key { number: number(row, 2)?, hash: hash(row, 3)?, ..*like },
    })
}

/// Loads aggregates; `None` for those that do not exist, in the order asked.
pub(super) fn load(
    connection: &mut Connection,
    codec: &Codec,
    keys: &[Key],
) -> Result<Vec<Option<Record>>, EngineError> {
    // One key twice would be one row twice, which does no harm.
    let runs: Vec<&[Key]> = keys.chunk_by(|a, b| (a.shard, a.kind) == (b.shard, b.kind)).collect();
    let calls: Vec<Call> = runs.iter().filter_map(|run| call(run)).collect();
    let answers = connection.run(None, &calls)?;
    let mut found = FxHashMap::default();
    for (run, answer) in runs.iter().zip(answers) {
        for row in &answer.rows {
            let key = key_of(&run[0], row)?;
            found.insert(key, record(codec, &key, row)?);
        }
    }
    Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
}

fn call(run: &[Key]) -> Option<Call> {
    let first = run.first()?;
    let statements = statements::of(first.kind);
    let numbers = || run.iter().map(|key| i64::from(key.number)).collect::<Vec<_>>();
    let mut params: Vec<Param> = vec![Box::new(i64::from(first.shard.0))];
    match statements.table.address {
        Address::Shard => {}
        Address::Number => params.push(Box::new(numbers())),
        Address::DayHash => {
            let hashes = run.iter().map(|key| key.hash.to_be_bytes().to_vec());
            params.push(Box::new(numbers()));
            params.push(Box::new(hashes.collect::<Vec<_>>()));
        }
    }
    Some(Call::new(&statements.load, params))
}
