//! What is stored, as the lane and the readers see it.

use domain::effect::Owed;
use domain::facts::Key;
use domain::ids::{EventId, NumberKind, SaleId, Shard};
use domain::ledger::{Account, Posting};
use domain::record::{Kind, Record};
use domain::time::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Row as SqlRow};

use super::rows::{id_of, parts_of};
use super::{read, statements};
use crate::changes::{Due, Found};
use crate::codec::{BODY_VERSION, decode};
use crate::engine::EngineError;
use crate::error::Fault;
use crate::records::{self, Address, Value};
use crate::snapshot::{Balance, PostingPlace, Row, Snapshot, WorkKind};

/// One transaction's view.
pub(super) struct SqliteView<'a>(pub(super) &'a Connection);

/// Loads aggregates by key; quickest when those of a kind come together.
pub(super) fn load(
    connection: &Connection,
    keys: &[Key],
) -> Result<Vec<Option<Record>>, EngineError> {
    let mut records = Vec::with_capacity(keys.len());
    for run in keys.chunk_by(|a, b| a.kind == b.kind) {
        let Some(first) = run.first() else { continue };
        let statements = statements::of(first.kind);
        let mut statement = connection.prepare_cached(&statements.select)?;
        for key in run {
            records.push(load_one(&mut statement, statements.table.address, key)?);
        }
    }
    Ok(records)
}

fn load_one(
    statement: &mut CachedStatement<'_>,
    address: Address,
    key: &Key,
) -> Result<Option<Record>, EngineError> {
    let shard = key.shard.0;
    let mut rows = match address {
        Address::Number => statement.query([id_of(key.shard, key.number)]),
        Address::Shard => statement.query([shard]),
        Address::DayHash => statement.query((shard, key.number, &key.hash.to_be_bytes()[..])),
    }?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let body = row.get_ref(1)?.as_bytes().map_err(rusqlite::Error::from)?;
    let record = decode(BODY_VERSION, key, row.get(0)?, body).map_err(EngineError::Unreadable)?;
    compare_columns(row, &record)?;
    Ok(Some(record))
}

/// Columns repeat what the body says: a row in which they differ was damaged or changed by
/// somebody, and must not be sold over.
fn compare_columns(row: &SqlRow<'_>, record: &Record) -> Result<(), EngineError> {
    let mut values = Vec::new();
    records::columns(record, &mut values);
    for (value, column) in values.iter().zip(2..) {
        let same = match (value, row.get_ref(column)?) {
            (Value::Integer(Some(value)), ValueRef::Integer(stored)) => *value == stored,
            (Value::Integer(None), ValueRef::Null) => true,
            (Value::Text(value), ValueRef::Text(stored)) => value.as_bytes() == stored,
            _ => false,
        };
        if !same {
            let Key { shard, kind, number, .. } = record.key();
            return Err(EngineError::Unreadable(format!(
                "{kind:?} {number} in shard {}: its columns differ from its body",
                shard.0
            )));
        }
    }
    Ok(())
}

impl Snapshot for SqliteView<'_> {
    fn records(&self, keys: &[Key]) -> Result<Vec<Option<Record>>, Fault> {
        Ok(load(self.0, keys)?)
    }

    fn page(
        &self,
        kind: Kind,
        shard: Shard,
        after: Option<&Key>,
        limit: u32,
    ) -> Result<Vec<Row>, Fault> {
        let statements = statements::of(kind);
        let mut statement = self.0.prepare_cached(&statements.page)?;
        let mut rows = match statements.table.address {
            Address::Number => {
                let first = after.map_or(id_of(shard, 0) - 1, |key| id_of(shard, key.number));
                statement.query((first, id_of(shard, u32::MAX), limit))
            }
            Address::Shard => {
                let first = i64::from(shard.0) - i64::from(after.is_none());
                statement.query((first, shard.0, limit))
            }
            Address::DayHash => {
                let (day, hash) = after.map_or((-1, 0), |key| (i64::from(key.number), key.hash));
                statement.query((shard.0, day, &hash.to_be_bytes()[..], limit))
            }
        }?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            page.push(page_row(kind, statements.table.address, shard, row)?);
        }
        Ok(page)
    }

    fn sales_of(
        &self,
        shard: Shard,
        event: EventId,
        after: SaleId,
        limit: u32,
    ) -> Result<Vec<Row>, Fault> {
        let mut statement = self.0.prepare_cached(
            "SELECT version, body, id FROM sale
             WHERE id > ?1 AND id <= ?2 AND event = ?3 ORDER BY id LIMIT ?4",
        )?;
        let (first, last) = (id_of(shard, after.0), id_of(shard, u32::MAX));
        let mut rows = statement.query((first, last, event.0, limit))?;
        let mut sales = Vec::new();
        while let Some(row) = rows.next()? {
            sales.push(page_row(Kind::Sale, Address::Number, shard, row)?);
        }
        Ok(sales)
    }

    fn shards(&self) -> Result<Vec<Shard>, Fault> {
        let mut statement = self.0.prepare_cached("SELECT shard FROM shard ORDER BY shard")?;
        let rows = statement.query_map([], |row| Ok(Shard(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn block(&self, kind: NumberKind, block: u32) -> Result<Option<Shard>, Fault> {
        let shard = self
            .0
            .prepare_cached("SELECT shard FROM id_block WHERE kind = ?1 AND block = ?2")?
            .query_row((kind.code(), block), |row| Ok(Shard(row.get(0)?)))
            .optional()?;
        Ok(shard)
    }

    fn blocks(&self) -> Result<Vec<(NumberKind, u32, Shard)>, Fault> {
        let sql = "SELECT kind, block, shard FROM id_block ORDER BY kind, block";
        let mut statement = self.0.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut blocks = Vec::new();
        while let Some(row) = rows.next()? {
            let code: u8 = row.get(0)?;
            let kind = NumberKind::ALL.iter().find(|kind| kind.code() == code);
            let unknown = || Fault::Unreadable(format!("numbers of the unknown kind {code}"));
            blocks.push((*kind.ok_or_else(unknown)?, row.get(1)?, Shard(row.get(2)?)));
        }
        Ok(blocks)
    }

    fn idempotency_day(&self, shard: Shard, day: u32) -> Result<bool, Fault> {
        let sql = "SELECT 1 FROM idempotency WHERE shard = ?1 AND day = ?2 LIMIT 1";
        Ok(self.0.prepare_cached(sql)?.exists((shard.0, day))?)
    }

    /// Shard by shard, so that work that is not due yet is not looked at.
    fn due(&self, now: Timestamp, work: WorkKind, limit: u32) -> Result<Vec<Due>, Fault> {
        let mut statement = self.0.prepare_cached(
            "SELECT due.shard, due.at, due.kind, due.number
             FROM shard CROSS JOIN due ON due.shard = shard.shard AND due.at <= ?1
             WHERE (due.kind = ?2) = ?3
             ORDER BY due.at, due.shard, due.kind, due.number LIMIT ?4",
        )?;
        let (kind, contracts) = (Kind::Contract as u8, work == WorkKind::Contracts);
        let rows = statement.query_map((now.0, kind, contracts, limit), read::due)?;
        Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    fn due_of(&self, shard: Shard) -> Result<Vec<Due>, Fault> {
        let mut statement = self.0.prepare_cached(
            "SELECT shard, at, kind, number FROM due WHERE shard = ?1 ORDER BY at, kind, number",
        )?;
        let rows = statement.query_map([shard.0], read::due)?;
        Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// Shard by shard, as its key begins.
    fn found(&self, word: u128, limit: u32) -> Result<Vec<Found>, Fault> {
        let mut statement = self.0.prepare_cached(
            "SELECT found.shard, found.word, found.kind, found.number
             FROM shard CROSS JOIN found ON found.shard = shard.shard AND found.word = ?1
             ORDER BY found.shard, found.kind, found.number LIMIT ?2",
        )?;
        let rows = statement.query_map((&word.to_be_bytes()[..], limit), read::found)?;
        Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    fn found_of(
        &self,
        shard: Shard,
        after: Option<&Found>,
        limit: u32,
    ) -> Result<Vec<Found>, Fault> {
        let mut statement = self.0.prepare_cached(
            "SELECT shard, word, kind, number FROM found
             WHERE shard = ?1 AND (word, kind, number) > (?2, ?3, ?4)
             ORDER BY word, kind, number LIMIT ?5",
        )?;
        let (word, kind, number) =
            after.map_or((0, 0, 0), |row| (row.word, row.kind as u8, row.number));
        let after = (shard.0, &word.to_be_bytes()[..], kind, number, limit);
        let rows = statement.query_map(after, read::found)?;
        Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    fn outbox(&self, after: Option<(Shard, u32)>, limit: u32) -> Result<Vec<Owed>, Fault> {
        let mut statement = self
            .0
            .prepare_cached("SELECT id, body FROM outbox WHERE id > ?1 ORDER BY id LIMIT ?2")?;
        let after = after.map_or(-1, |(shard, number)| id_of(shard, number));
        let mut rows = statement.query((after, limit))?;
        let mut outbox = Vec::new();
        while let Some(row) = rows.next()? {
            let (shard, id) = parts_of(row.get(0)?);
            let effect = serde_json::from_slice(row.get_ref(1)?.as_bytes()?);
            let effect = effect.map_err(|error| {
                Fault::Unreadable(format!("effect {id} in shard {}: {error}", shard.0))
            })?;
            outbox.push(Owed { shard, id, effect });
        }
        Ok(outbox)
    }

    fn outbox_length(&self) -> Result<u64, Fault> {
        let mut statement = self.0.prepare_cached("SELECT count(*) FROM outbox")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    fn postings(&self, shard: Shard, first: SaleId, last: SaleId) -> Result<Vec<Posting>, Fault> {
        let mut statement = self.0.prepare_cached(
            "SELECT sale, attempt, kind, at, currency, body FROM posting
             WHERE shard = ?1 AND sale BETWEEN ?2 AND ?3 ORDER BY sale, attempt, kind",
        )?;
        let mut rows = statement.query((shard.0, first.0, last.0))?;
        let mut postings = Vec::new();
        while let Some(row) = rows.next()? {
            postings.push(read::posting(shard, row)?);
        }
        Ok(postings)
    }

    fn postings_after(
        &self,
        shard: Shard,
        after: PostingPlace,
        limit: u32,
    ) -> Result<Vec<Posting>, Fault> {
        let mut statement = self.0.prepare_cached(
            "SELECT sale, attempt, kind, at, currency, body FROM posting
             WHERE shard = ?1 AND (sale, attempt, kind) > (?2, ?3, ?4)
             ORDER BY sale, attempt, kind LIMIT ?5",
        )?;
        let PostingPlace { number, step, kind } = after;
        let mut rows = statement.query((shard.0, number, step, kind, limit))?;
        let mut postings = Vec::new();
        while let Some(row) = rows.next()? {
            postings.push(read::posting(shard, row)?);
        }
        Ok(postings)
    }

    fn balances(&self, shard: Shard) -> Result<Vec<Balance>, Fault> {
        let mut statement = self.0.prepare_cached(
            "SELECT account, currency, amount FROM balance WHERE shard = ?1
             ORDER BY account, currency",
        )?;
        let mut rows = statement.query([shard.0])?;
        let mut balances = Vec::new();
        while let Some(row) = rows.next()? {
            let account: String = row.get(0)?;
            let unreadable = || Fault::Unreadable(format!("balance of {account}"));
            balances.push(Balance {
                account: Account::parse(&account).ok_or_else(unreadable)?,
                currency: row.get(1)?,
                amount: row.get(2)?,
            });
        }
        Ok(balances)
    }

    fn integrity(&self) -> Result<Vec<String>, Fault> {
        let mut statement = self.0.prepare("PRAGMA integrity_check")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        let mut findings = rows.collect::<Result<Vec<_>, _>>()?;
        findings.retain(|finding| finding != "ok");
        for (kind, sql) in COLUMNS_DIFFER {
            let mut statement = self.0.prepare(sql)?;
            let ids = statement.query_map([], |row| row.get::<_, i64>(0))?;
            for id in ids {
                let (shard, number) = parts_of(id?);
                let shard = shard.0;
                findings.push(format!(
                    "The columns of {kind} {number} of shard {shard} differ from its body."
                ));
            }
        }
        Ok(findings)
    }
}

/// Columns repeat what the body says; these find where they do not.
const COLUMNS_DIFFER: [(&str, &str); 2] = [
    (
        "sale",
        "SELECT id FROM sale WHERE json_valid(body) AND (
             state IS NOT body ->> '$.state' OR event IS NOT body ->> '$.event'
             OR total IS NOT body ->> '$.total' OR currency IS NOT body ->> '$.currency'
             OR placed_at IS NOT body ->> '$.placed_at'
             OR changed_at IS NOT body ->> '$.changed_at')
         LIMIT 1000",
    ),
    (
        "quota",
        "SELECT id FROM quota WHERE json_valid(body) AND (
             capacity IS NOT body ->> '$.limit' OR held IS NOT body ->> '$.held'
             OR sold IS NOT body ->> '$.sold')
         LIMIT 1000",
    ),
];

fn page_row(kind: Kind, address: Address, shard: Shard, row: &SqlRow<'_>) -> Result<Row, Fault> {
    let key = match address {
        Address::Number => Key::number(shard, kind, parts_of(row.get(2)?).1),
        Address::Shard => Key::number(shard, kind, 0),
        Address::DayHash => {
            let hash: [u8; 16] = row.get(4)?;
            Key::hashed(shard, kind, row.get(3)?, u128::from_be_bytes(hash))
        }
    };
    let body = row.get_ref(1)?.as_bytes()?;
    let record = decode(BODY_VERSION, &key, row.get(0)?, body).map_err(Fault::Unreadable);
    Ok(Row { key, record })
}
