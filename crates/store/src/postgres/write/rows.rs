//! Rows of aggregates, column by column.

use domain::facts::Key;
use domain::record::Record;

use super::super::call::{Call, Param};
use super::super::statements;
use super::{big, bigs};
use crate::changes::{Before, RecordChange};
use crate::codec::Codec;
use crate::engine::EngineError;
use crate::records::{self, Address, Value, never_replaced_unseen};

/// How rows are written, by what is known of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// They are new.
    Insert,
    /// They are there, or nobody looked.
    Upsert,
}

impl Way {
    fn of(change: &RecordChange) -> Way {
        match change.before {
            Before::Absent => Way::Insert,
            Before::Unseen if never_replaced_unseen(change.key.kind) => Way::Insert,
            Before::Present | Before::Unseen => Way::Upsert,
        }
    }
}

/// The statements for rows of one table in one shard.
pub(super) fn record_calls(codec: &Codec, run: &[RecordChange]) -> Result<Vec<Call>, EngineError> {
    let mut calls = Vec::new();
    for way in [Way::Insert, Way::Upsert] {
        let rows: Vec<&RecordChange> = run.iter().filter(|change| Way::of(change) == way).collect();
        if let Some(first) = rows.first() {
            calls.push(record_call(codec, way, &first.key, &rows)?);
        }
    }
    Ok(calls)
}

fn record_call(
    codec: &Codec,
    way: Way,
    first: &Key,
    rows: &[&RecordChange],
) -> Result<Call, EngineError> {
    let statements = statements::of(first.kind);
    let mut params = vec![big(first.shard.0)];
    params.extend(addresses(statements.table.address, rows));
    params.extend(columns(statements.table.columns.len(), rows));
    let (mut versions, mut bodies) = (Vec::<i64>::new(), Vec::with_capacity(rows.len()));
    for row in rows {
        let (version, body) = encoded(codec, &row.after)?;
        versions.push(version.into());
        bodies.push(body);
    }
    params.push(Box::new(versions));
    params.push(Box::new(bodies));
    Ok(match way {
        Way::Insert => Call::new(&statements.insert, params),
        Way::Upsert => Call::new(&statements.upsert, params),
    })
}

fn addresses(address: Address, rows: &[&RecordChange]) -> Vec<Param> {
    let numbers = || bigs(rows, |row| row.key.number.into());
    match address {
        Address::Shard => Vec::new(),
        Address::Number => vec![numbers()],
        Address::DayHash => {
            let hashes = rows.iter().map(|row| row.key.hash.to_be_bytes().to_vec());
            vec![numbers(), Box::new(hashes.collect::<Vec<Vec<u8>>>())]
        }
    }
}

/// The columns beside address and body, each as an array.
fn columns(count: usize, rows: &[&RecordChange]) -> Vec<Param> {
    let mut values = Vec::with_capacity(count * rows.len());
    rows.iter().for_each(|row| records::columns(&row.after, &mut values));
    (0..count).map(|column| array(values[column..].iter().step_by(count))).collect()
}

fn array<'a>(values: impl Iterator<Item = &'a Value> + Clone) -> Param {
    if let Some(Value::Text(_)) = values.clone().next() {
        let texts = values.map(|value| match value {
            Value::Text(text) => *text,
            Value::Integer(_) => "",
        });
        return Box::new(texts.collect::<Vec<&str>>());
    }
    let numbers = values.map(|value| match value {
        Value::Integer(number) => *number,
        Value::Text(_) => None,
    });
    Box::new(numbers.collect::<Vec<Option<i64>>>())
}

/// The body, with the form it is in.
pub(super) fn encoded(codec: &Codec, record: &Record) -> Result<(u32, String), EngineError> {
    let mut body = Vec::new();
    let version = codec.encode(record, &mut body).map_err(EngineError::Constraint)?;
    let body = String::from_utf8(body);
    Ok((version, body.map_err(|error| EngineError::Constraint(error.to_string()))?))
}
