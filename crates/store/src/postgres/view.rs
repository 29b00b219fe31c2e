//! What is stored, as the readers see it.
//!
//! Questions about one seller name its shard. What is asked over all sellers (work that is due,
//! effects that are owed, who the sellers are) goes through the shards by their own keys.

use std::cell::RefCell;

use domain::effect::Owed;
use domain::facts::Key;
use domain::ids::{EventId, NumberKind, SaleId, Shard};
use domain::ledger::{Account, Posting};
use domain::record::{Kind, Record};
use domain::time::Timestamp;
use tokio_postgres::Row as SqlRow;

use super::call::{Call, Param};
use super::connection::Connection;
use super::load::{self, column, number};
use super::read;
use super::session::PATIENT_TIMEOUT_MS;
use super::statements;
use crate::changes::{Due, Found};
use crate::codec::Codec;
use crate::engine::EngineError;
use crate::error::Fault;
use crate::records::Address;
use crate::snapshot::{Balance, PostingPlace, Row, Snapshot, WorkKind};

const SHARDS: &str = "SELECT shard FROM shard ORDER BY shard";

const BLOCK: &str = "SELECT shard FROM id_block WHERE kind = $1 AND block = $2";

const BLOCKS: &str = "SELECT kind, block, shard FROM id_block ORDER BY kind, block";

const IDEMPOTENCY_DAY: &str =
    "SELECT EXISTS (SELECT FROM idempotency WHERE shard = $1 AND day = $2)";

/// Shard by shard, so that work that is not due yet is not looked at.
const DUE: &str = "SELECT work.shard, work.at, work.kind, work.number
     FROM shard CROSS JOIN LATERAL (
         SELECT due.shard, due.at, due.kind, due.number FROM due
         WHERE due.shard = shard.shard AND due.at <= $1
             AND (due.kind = $2) = ($3 = 1::bigint)
         ORDER BY due.at, due.kind, due.number LIMIT $4
     ) AS work
     ORDER BY work.at, work.shard, work.kind, work.number LIMIT $4";

const DUE_OF: &str =
    "SELECT shard, at, kind, number FROM due WHERE shard = $1 ORDER BY at, kind, number";

/// Shard by shard, as its key begins.
const FOUND: &str = "SELECT word.shard, word.word, word.kind, word.number
     FROM shard CROSS JOIN LATERAL (
         SELECT found.shard, found.word, found.kind, found.number FROM found
         WHERE found.shard = shard.shard AND found.word = $1
         ORDER BY found.kind, found.number LIMIT $2
     ) AS word
     ORDER BY word.shard, word.kind, word.number LIMIT $2";

const FOUND_OF: &str = "SELECT shard, word, kind, number FROM found
     WHERE shard = $1 AND (word, kind, number) > ($2, $3, $4)
     ORDER BY word, kind, number LIMIT $5";

const SALES_OF: &str = "SELECT version, body, number FROM sale
     WHERE shard = $1 AND number > $2 AND event = $3 ORDER BY number LIMIT $4";

const OUTBOX: &str = "SELECT shard, number, body FROM outbox
     WHERE shard > $1 OR (shard = $1 AND number > $2) ORDER BY shard, number LIMIT $3";

const OUTBOX_LENGTH: &str = "SELECT count(*) FROM outbox";

const POSTINGS: &str = "SELECT sale, attempt, kind, at, currency, body FROM posting
     WHERE shard = $1 AND sale BETWEEN $2 AND $3 ORDER BY sale, attempt, kind";

const POSTINGS_AFTER: &str = "SELECT sale, attempt, kind, at, currency, body FROM posting
     WHERE shard = $1 AND (sale, attempt, kind) > ($2, $3, $4)
     ORDER BY sale, attempt, kind LIMIT $5";

const BALANCES: &str = "SELECT account, currency, amount FROM balance
     WHERE shard = $1 ORDER BY account, currency";

/// One transaction's view.
pub(super) struct PostgresView<'a> {
    connection: RefCell<Connection>,
    pub(super) codec: &'a Codec,
}

impl PostgresView<'_> {
    pub(super) fn new(connection: Connection, codec: &Codec) -> PostgresView<'_> {
        PostgresView { connection: RefCell::new(connection), codec }
    }

    pub(super) fn into_connection(self) -> Connection {
        self.connection.into_inner()
    }

    pub(super) fn ask(
        &self,
        sql: &'static str,
        params: Vec<Param>,
    ) -> Result<Vec<SqlRow>, EngineError> {
        self.connection.borrow_mut().ask(Call::new(sql, params))
    }

    /// Allows what follows in this transaction more time, for a check of everything.
    pub(super) fn be_patient(&self) -> Result<(), EngineError> {
        let sql = format!("SET LOCAL statement_timeout = {PATIENT_TIMEOUT_MS}");
        self.connection.borrow_mut().simple(&sql)
    }

    /// The parameters of a page.
    pub(super) fn page_params(
        shard: Shard,
        kind: Kind,
        after: Option<&Key>,
        limit: u32,
    ) -> Vec<Param> {
        let mut params: Vec<Param> = vec![Box::new(i64::from(shard.0))];
        let first = after.map_or(-1, |key| i64::from(key.number));
        match statements::of(kind).table.address {
            Address::Shard => return params,
            Address::Number => params.push(Box::new(first)),
            Address::DayHash => {
                let hash = after.map_or(0, |key| key.hash);
                params.push(Box::new(first));
                params.push(Box::new(hash.to_be_bytes().to_vec()));
            }
        }
        params.push(Box::new(i64::from(limit)));
        params
    }

    /// Aggregates, each at an address `like` this one.
    fn read_page(&self, like: &Key, rows: &[SqlRow]) -> Result<Vec<Row>, Fault> {
        let page = rows.iter().map(|row| {
            let key = load::key_of(like, row)?;
            Ok(Row { key, record: load::record(self.codec, &key, row).map_err(Fault::from) })
        });
        page.collect()
    }
}

fn big(number: impl Into<i64>) -> Param {
    Box::new(number.into())
}

fn bytes(hash: u128) -> Param {
    Box::new(hash.to_be_bytes().to_vec())
}

impl Snapshot for PostgresView<'_> {
    fn records(&self, keys: &[Key]) -> Result<Vec<Option<Record>>, Fault> {
        let mut connection = self.connection.borrow_mut();
        Ok(load::load(&mut connection, self.codec, keys)?)
    }

    fn page(
        &self,
        kind: Kind,
        shard: Shard,
        after: Option<&Key>,
        limit: u32,
    ) -> Result<Vec<Row>, Fault> {
        let like = Key::number(shard, kind, 0);
        let statements = statements::of(kind);
        if statements.table.address == Address::Shard && after.is_some() {
            return Ok(Vec::new());
        }
        let rows = self.ask(&statements.page, Self::page_params(shard, kind, after, limit))?;
        self.read_page(&like, &rows)
    }

    fn sales_of(
        &self,
        shard: Shard,
        event: EventId,
        after: SaleId,
        limit: u32,
    ) -> Result<Vec<Row>, Fault> {
        let params = vec![big(shard.0), big(after.0), big(event.0), big(limit)];
        let rows = self.ask(SALES_OF, params)?;
        self.read_page(&Key::number(shard, Kind::Sale, 0), &rows)
    }

    fn shards(&self) -> Result<Vec<Shard>, Fault> {
        let rows = self.ask(SHARDS, Vec::new())?;
        Ok(rows.iter().map(|row| number(row, 0).map(Shard)).collect::<Result<_, _>>()?)
    }

    fn block(&self, kind: NumberKind, block: u32) -> Result<Option<Shard>, Fault> {
        let rows = self.ask(BLOCK, vec![big(kind.code()), big(block)])?;
        Ok(rows.first().map(|row| number(row, 0).map(Shard)).transpose()?)
    }

    fn blocks(&self) -> Result<Vec<(NumberKind, u32, Shard)>, Fault> {
        let rows = self.ask(BLOCKS, Vec::new())?;
        rows.iter().map(read::block).collect()
    }

    fn idempotency_day(&self, shard: Shard, day: u32) -> Result<bool, Fault> {
        let rows = self.ask(IDEMPOTENCY_DAY, vec![big(shard.0), big(day)])?;
        Ok(rows.first().map_or(Ok(false), |row| column(row, 0))?)
    }

    fn due(&self, now: Timestamp, work: WorkKind, limit: u32) -> Result<Vec<Due>, Fault> {
        let kind = big(Kind::Contract as u8);
        let rows =
            self.ask(DUE, vec![big(now.0), kind, big(work == WorkKind::Contracts), big(limit)])?;
        Ok(rows.iter().filter_map(|row| read::due(row).transpose()).collect::<Result<_, _>>()?)
    }

    fn due_of(&self, shard: Shard) -> Result<Vec<Due>, Fault> {
        self.be_patient()?;
        let rows = self.ask(DUE_OF, vec![big(shard.0)])?;
        Ok(rows.iter().filter_map(|row| read::due(row).transpose()).collect::<Result<_, _>>()?)
    }

    fn found(&self, word: u128, limit: u32) -> Result<Vec<Found>, Fault> {
        let rows = self.ask(FOUND, vec![bytes(word), big(limit)])?;
        Ok(rows.iter().filter_map(|row| read::found(row).transpose()).collect::<Result<_, _>>()?)
    }

    fn found_of(
        &self,
        shard: Shard,
        after: Option<&Found>,
        limit: u32,
    ) -> Result<Vec<Found>, Fault> {
        self.be_patient()?;
        let (word, kind, number) =
            after.map_or((0, 0, 0), |row| (row.word, row.kind as u8, row.number));
        let params = vec![big(shard.0), bytes(word), big(kind), big(number), big(limit)];
        let rows = self.ask(FOUND_OF, params)?;
        Ok(rows.iter().filter_map(|row| read::found(row).transpose()).collect::<Result<_, _>>()?)
    }

    fn outbox(&self, after: Option<(Shard, u32)>, limit: u32) -> Result<Vec<Owed>, Fault> {
        let (shard, number) =
            after.map_or((big(-1), big(-1)), |(shard, number)| (big(shard.0), big(number)));
        let rows = self.ask(OUTBOX, vec![shard, number, big(limit)])?;
        rows.iter().map(read::owed).collect()
    }

    fn outbox_length(&self) -> Result<u64, Fault> {
        self.be_patient()?;
        let rows = self.ask(OUTBOX_LENGTH, Vec::new())?;
        Ok(rows.first().map_or(Ok(0), |row| number(row, 0))?)
    }

    fn postings(&self, shard: Shard, first: SaleId, last: SaleId) -> Result<Vec<Posting>, Fault> {
        self.be_patient()?;
        let rows = self.ask(POSTINGS, vec![big(shard.0), big(first.0), big(last.0)])?;
        rows.iter().map(|row| read::posting(shard, row)).collect()
    }

    fn postings_after(
        &self,
        shard: Shard,
        after: PostingPlace,
        limit: u32,
    ) -> Result<Vec<Posting>, Fault> {
        let PostingPlace { number, step, kind } = after;
        let params = vec![big(shard.0), big(number), big(step), big(kind), big(limit)];
        let rows = self.ask(POSTINGS_AFTER, params)?;
        rows.iter().map(|row| read::posting(shard, row)).collect()
    }

    fn balances(&self, shard: Shard) -> Result<Vec<Balance>, Fault> {
        let rows = self.ask(BALANCES, vec![big(shard.0)])?;
        let read = |row: &SqlRow| {
            let account: String = column(row, 0)?;
            let unreadable = || Fault::Unreadable(format!("balance of {account}"));
            Ok(Balance {
                account: Account::parse(&account).ok_or_else(unreadable)?,
                currency: column(row, 1)?,
                amount: column(row, 2)?,
            })
        };
        rows.iter().map(read).collect()
    }

    fn integrity(&self) -> Result<Vec<String>, Fault> {
        self.be_patient()?;
        super::integrity::findings(self)
    }
}
