//! Writing one batch: a handful of statements for each shard, all sent together.
//!
//! They do not depend on one another, but for balances of zero, which are looked for last.

mod rows;

use std::collections::BTreeMap;

use domain::ids::{NumberKind, Shard};
use domain::ledger::Posting;
use domain::record::Record;

use self::rows::{encoded, record_calls};
use super::call::{Call, Expected, Param};
use crate::changes::{BalanceChange, Changes, Due, Found, ShardChange};
use crate::codec::Codec;
use crate::engine::EngineError;

/// Every statement of a batch. `locked` are its shards, of which the first holds the lane's row
/// if nothing else is written.
pub(super) fn calls(
    codec: &Codec,
    changes: &Changes,
    locked: &[Shard],
) -> Result<Vec<Call>, EngineError> {
    let mut calls = Vec::new();
    for change in &changes.shards {
        calls.push(shard(codec, change)?);
    }
    for run in
        changes.records.chunk_by(|a, b| (a.key.kind, a.key.shard) == (b.key.kind, b.key.shard))
    {
        calls.extend(record_calls(codec, run)?);
    }
    for removed in by(&changes.due_removed, |due| (due.shard, due.kind)).values() {
        calls.push(due_remove(removed));
    }
    for added in by(&changes.due_added, |due| due.shard).values() {
        calls.push(due_add(added));
    }
    for removed in by(&changes.found_removed, |found| found.shard).values() {
        calls.push(found_call(FOUND_REMOVE, removed));
    }
    for added in by(&changes.found_added, |found| found.shard).values() {
        calls.push(found_call(FOUND_ADD, added));
    }
    for (shard, postings) in by(&changes.postings, |posting| posting.shard) {
        calls.push(posting_call(shard, &postings)?);
    }
    for run in changes.balances.chunk_by(|a, b| a.shard == b.shard) {
        calls.extend(balances(run));
    }
    calls.extend(outbox(changes)?);
    if !changes.blocks.is_empty() {
        calls.push(blocks(&changes.blocks));
    }
    calls.extend(lane_rows(changes, locked));
    Ok(calls)
}

/// Rows side by side that go into one statement.
fn by<T, K: Ord>(rows: &[T], part: impl Fn(&T) -> K) -> BTreeMap<K, Vec<&T>> {
    let mut parts = BTreeMap::<K, Vec<&T>>::new();
    for row in rows {
        parts.entry(part(row)).or_default().push(row);
    }
    parts
}

fn big(number: impl Into<i64>) -> Param {
    Box::new(number.into())
}

fn bigs<T>(rows: &[T], number: impl Fn(&T) -> i64) -> Param {
    Box::new(rows.iter().map(number).collect::<Vec<i64>>())
}

fn texts<T>(rows: &[T], text: impl Fn(&T) -> String) -> Param {
    Box::new(rows.iter().map(text).collect::<Vec<String>>())
}

fn signed(number: u64) -> Result<i64, EngineError> {
    i64::try_from(number).map_err(|error| EngineError::Constraint(error.to_string()))
}

const SHARD_NEW: &str = "INSERT INTO shard (shard, sequence, catalogue_revision, version, body)
     VALUES ($1, $2, coalesce($3, 0::bigint), coalesce($4, 1::bigint), $5)";

const SHARD_NEXT: &str = "UPDATE shard SET sequence = $2::bigint,
         catalogue_revision = coalesce($3, catalogue_revision),
         version = coalesce($4, version), body = coalesce($5, body)
     WHERE shard = $1 AND sequence = $2::bigint - 1";

/// Raises the sequence, from exactly the one that was read under the lock: a fence even if a
/// lock were lost. A shard that has no row yet has no lock; there the first comer wins.
fn shard(codec: &Codec, change: &ShardChange) -> Result<Call, EngineError> {
    let number = change.shard.0;
    let (mut revision, mut version, mut body) = (None::<i64>, None::<i64>, None::<String>);
    if let Some(seller) = &change.seller {
        revision = Some(signed(seller.catalogue_revision)?);
        let (form, text) = encoded(codec, &Record::Seller(seller.clone()))?;
        (version, body) = (Some(form.into()), Some(text));
    }
    let sequence = signed(change.sequence)?;
    let params: Vec<Param> =
        vec![big(number), big(sequence), Box::new(revision), Box::new(version), Box::new(body)];
    if change.sequence == 1 {
        return Ok(Call::new(SHARD_NEW, params).expecting(Expected::FirstComer));
    }
    let fenced = EngineError::Failed(format!(
        "shard {number} was changed by somebody else while this node held its lock"
    ));
    Ok(Call::new(SHARD_NEXT, params).expecting(Expected::Rows(1, fenced)))
}

/// An aggregate has one row here, so its kind and number name it. The time only says where to
/// look, and `+ 0` that nothing else does: kept from the index, the numbers are compared in one
/// walk through that stretch of time, where the planner might walk it once for each of them.
const DUE_REMOVE: &str = "DELETE FROM due WHERE shard = $1 AND at BETWEEN $2 AND $3
     AND kind + 0 = $4 AND number + 0 = ANY($5)";

fn due_remove(rows: &[&Due]) -> Call {
    let times = || rows.iter().map(|due| due.at.0);
    let params = vec![
        big(rows[0].shard.0),
        big(times().min().unwrap_or(0)),
        big(times().max().unwrap_or(0)),
        big(rows[0].kind as u8),
        bigs(rows, |due| due.number.into()),
    ];
    Call::new(DUE_REMOVE, params)
}

const DUE_ADD: &str = "INSERT INTO due (shard, at, kind, number)
     SELECT $1::bigint, new.*
     FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS new (at, kind, number)
     ON CONFLICT DO NOTHING";

fn due_add(rows: &[&Due]) -> Call {
    let params = vec![
        big(rows[0].shard.0),
        bigs(rows, |due| due.at.0),
        bigs(rows, |due| i64::from(due.kind as u8)),
        bigs(rows, |due| due.number.into()),
    ];
    Call::new(DUE_ADD, params)
}

/// That the words are named twice keeps the planner from reading the whole shard: whichever way
/// it joins, it follows the key to these words.
const FOUND_REMOVE: &str = "DELETE FROM found WHERE shard = $1 AND word = ANY($2::bytea[])
     AND (word, kind, number) IN (
         SELECT * FROM unnest($2::bytea[], $3::bigint[], $4::bigint[]))";

const FOUND_ADD: &str = "INSERT INTO found (shard, word, kind, number)
     SELECT $1::bigint, new.*
     FROM unnest($2::bytea[], $3::bigint[], $4::bigint[]) AS new (word, kind, number)
     ON CONFLICT DO NOTHING";

fn found_call(sql: &'static str, rows: &[&Found]) -> Call {
    let words = rows.iter().map(|found| found.word.to_be_bytes().to_vec());
    let params: Vec<Param> = vec![
        big(rows[0].shard.0),
        Box::new(words.collect::<Vec<Vec<u8>>>()),
        bigs(rows, |found| i64::from(found.kind as u8)),
        bigs(rows, |found| found.number.into()),
    ];
    Call::new(sql, params)
}

const POSTING: &str = "INSERT INTO posting (shard, sale, attempt, kind, at, currency, body)
     SELECT $1::bigint, new.* FROM unnest($2::bigint[], $3::bigint[], $4::bigint[],
         $5::bigint[], $6::text[], $7::text[]) AS new (sale, attempt, kind, at, currency, body)";

fn posting_call(shard: Shard, postings: &[&Posting]) -> Result<Call, EngineError> {
    let bodies = postings.iter().map(|posting| json(&posting.legs));
    let bodies: Vec<String> = bodies.collect::<Result<_, _>>()?;
    let params: Vec<Param> = vec![
        big(shard.0),
        bigs(postings, |posting| posting.source.number().into()),
        bigs(postings, |posting| posting.step.into()),
        bigs(postings, |posting| posting.kind.code().into()),
        bigs(postings, |posting| posting.at.0),
        texts(postings, |posting| posting.currency.code().to_owned()),
        Box::new(bodies),
    ];
    Ok(Call::new(POSTING, params))
}

const BALANCE_ADD: &str = "INSERT INTO balance (shard, account, currency, amount)
     SELECT $1::bigint, new.*
     FROM unnest($2::text[], $3::text[], $4::bigint[]) AS new (account, currency, amount)
     ON CONFLICT (shard, account, currency)
     DO UPDATE SET amount = balance.amount + excluded.amount";

const BALANCE_CLEAR: &str = "DELETE FROM balance
     USING unnest($2::text[], $3::text[]) AS old (account, currency)
     WHERE balance.shard = $1 AND balance.account = old.account
     AND balance.currency = old.currency AND balance.amount = 0";

fn balances(rows: &[BalanceChange]) -> [Call; 2] {
    let shard = || big(rows[0].shard.0);
    let accounts = || texts(rows, |change| change.account.to_string());
    let currencies = || texts(rows, |change| change.currency.code().to_owned());
    let amounts = bigs(rows, |change| change.amount);
    [
        Call::new(BALANCE_ADD, vec![shard(), accounts(), currencies(), amounts]),
        Call::new(BALANCE_CLEAR, vec![shard(), accounts(), currencies()]),
    ]
}

const OUTBOX_ADD: &str = "INSERT INTO outbox (shard, number, body)
     SELECT $1::bigint, new.* FROM unnest($2::bigint[], $3::text[]) AS new (number, body)";

const OUTBOX_DONE: &str = "DELETE FROM outbox WHERE shard = $1 AND number = ANY($2)";

fn outbox(changes: &Changes) -> Result<Vec<Call>, EngineError> {
    let mut calls = Vec::new();
    for (shard, owed) in by(&changes.owed, |owed| owed.shard) {
        let bodies = owed.iter().map(|owed| json(&owed.effect));
        let bodies: Vec<String> = bodies.collect::<Result<_, _>>()?;
        let numbers = bigs(&owed, |owed| owed.id.into());
        calls.push(Call::new(OUTBOX_ADD, vec![big(shard.0), numbers, Box::new(bodies)]));
    }
    for (shard, done) in by(&changes.outbox_done, |(shard, _)| *shard) {
        let numbers = bigs(&done, |(_, number)| (*number).into());
        calls.push(Call::new(OUTBOX_DONE, vec![big(shard.0), numbers]));
    }
    Ok(calls)
}

const BLOCKS: &str = "INSERT INTO id_block (kind, block, shard)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])";

fn blocks(rows: &[(NumberKind, u32, Shard)]) -> Call {
    let params = vec![
        bigs(rows, |(kind, _, _)| kind.code().into()),
        bigs(rows, |(_, block, _)| (*block).into()),
        bigs(rows, |(_, _, shard)| shard.0.into()),
    ];
    Call::new(BLOCKS, params)
}

const LANE: &str = "INSERT INTO lane (shard, lane, batch, at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (shard, lane) DO UPDATE SET batch = excluded.batch, at = excluded.at
     WHERE lane.batch < excluded.batch";

/// One row in each shard that is written, so that a batch of one shard touches one node of a
/// cluster. A greater number there means that another process runs under this node's name.
fn lane_rows(changes: &Changes, locked: &[Shard]) -> Vec<Call> {
    let mut shards: Vec<Shard> = changes.shards.iter().map(|change| change.shard).collect();
    shards.extend(changes.outbox_done.iter().map(|(shard, _)| *shard));
    if shards.is_empty() {
        shards.extend(locked.first());
    }
    shards.sort_unstable();
    shards.dedup();
    let fenced = "another process has started under this node's name; end one of the two";
    let call = |shard: &Shard| {
        let batch = i64::try_from(changes.batch).unwrap_or(i64::MAX);
        let params = vec![big(shard.0), big(changes.lane), big(batch), big(changes.at.0)];
        let fenced = EngineError::Failed(fenced.to_owned());
        Call::new(LANE, params).expecting(Expected::Rows(1, fenced))
    };
    shards.iter().map(call).collect()
}

fn json(value: &impl serde::Serialize) -> Result<String, EngineError> {
    serde_json::to_string(value).map_err(|error| EngineError::Constraint(error.to_string()))
}
