//! Writing one batch: each statement is prepared once a batch and runs over all its rows.

use domain::facts::Key;
use domain::record::Record;
use rusqlite::{CachedStatement, Connection};

use super::rows::id_of;
use super::statements;
use crate::changes::{BalanceChange, Before, Changes, Due, Found, RecordChange, ShardChange};
use crate::codec::Codec;
use crate::engine::EngineError;
use crate::records::{self, Address, Value, never_replaced_unseen};

/// Buffers that are kept from batch to batch.
#[derive(Default)]
pub(super) struct Writer {
    codec: Codec,
    body: Vec<u8>,
    columns: Vec<Value>,
}

impl Writer {
    /// Writes everything; the first row that contradicts what is stored ends it.
    pub(super) fn write(
        &mut self,
        connection: &Connection,
        changes: &Changes,
    ) -> Result<(), EngineError> {
        self.write_shards(connection, &changes.shards)?;
        let same_table =
            |a: &RecordChange, b: &RecordChange| a.key.kind == b.key.kind && is_new(a) == is_new(b);
        for run in changes.records.chunk_by(same_table) {
            self.write_records(connection, run)?;
        }
        write_due(connection, changes)?;
        write_found(connection, changes)?;
        self.write_postings(connection, changes)?;
        changes.balances.iter().try_for_each(|change| write_balance(connection, change))?;
        self.write_outbox(connection, changes)?;
        write_blocks(connection, changes)?;
        connection
            .prepare_cached("REPLACE INTO lane (lane, batch, at) VALUES (?1, ?2, ?3)")?
            .execute((changes.lane, changes.batch, changes.at.0))?;
        Ok(())
    }

    fn write_shards(
        &mut self,
        connection: &Connection,
        shards: &[ShardChange],
    ) -> Result<(), EngineError> {
        for ShardChange { shard, sequence, seller } in shards {
            connection
                .prepare_cached(
                    "INSERT INTO shard (shard, sequence) VALUES (?1, ?2)
                     ON CONFLICT (shard) DO UPDATE SET sequence = excluded.sequence",
                )?
                .execute((shard.0, sequence))?;
            let Some(seller) = seller else { continue };
            let (version, body) = self.encode(&Record::Seller(seller.clone()))?;
            connection
                .prepare_cached(
                    "UPDATE shard SET catalogue_revision = ?2, version = ?3, body = ?4
                     WHERE shard = ?1",
                )?
                .execute((shard.0, seller.catalogue_revision, version, body))?;
        }
        Ok(())
    }

    /// Rows of one table, all of them new or none.
    fn write_records(
        &mut self,
        connection: &Connection,
        run: &[RecordChange],
    ) -> Result<(), EngineError> {
        let Some(first) = run.first() else { return Ok(()) };
        let statements = statements::of(first.key.kind);
        let sql = if is_new(first) { &statements.insert } else { &statements.replace };
        let mut statement = connection.prepare_cached(sql)?;
        for change in run {
            let mut number = bind_address(&mut statement, statements.table.address, &change.key)?;
            self.columns.clear();
            records::columns(&change.after, &mut self.columns);
            for value in &self.columns {
                number += 1;
                statement.raw_bind_parameter(number, value)?;
            }
            let (version, body) = self.encode(&change.after)?;
            statement.raw_bind_parameter(number + 1, version)?;
            statement.raw_bind_parameter(number + 2, body)?;
            statement.raw_execute()?;
        }
        Ok(())
    }

    fn write_postings(
        &mut self,
        connection: &Connection,
        changes: &Changes,
    ) -> Result<(), EngineError> {
        let mut statement = connection.prepare_cached(
            "INSERT INTO posting (shard, sale, attempt, kind, at, currency, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for posting in &changes.postings {
            let body = self.encode_with(|body| serde_json::to_writer(body, &posting.legs))?;
            statement.execute((
                posting.shard.0,
                posting.source.number(),
                posting.step,
                posting.kind.code(),
                posting.at.0,
                posting.currency.code(),
                body,
            ))?;
        }
        Ok(())
    }

    fn write_outbox(
        &mut self,
        connection: &Connection,
        changes: &Changes,
    ) -> Result<(), EngineError> {
        for owed in &changes.owed {
            let body = self.encode_with(|body| serde_json::to_writer(body, &owed.effect))?;
            connection
                .prepare_cached("INSERT INTO outbox (id, body) VALUES (?1, ?2)")?
                .execute((id_of(owed.shard, owed.id), body))?;
        }
        for (shard, id) in &changes.outbox_done {
            connection
                .prepare_cached("DELETE FROM outbox WHERE id = ?1")?
                .execute([id_of(*shard, *id)])?;
        }
        Ok(())
    }

    fn encode(&mut self, record: &Record) -> Result<(u32, &str), EngineError> {
        self.body.clear();
        let version = self.codec.encode(record, &mut self.body);
        let version = version.map_err(EngineError::Constraint)?;
        Ok((version, as_text(&self.body)?))
    }

    fn encode_with(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>,
    ) -> Result<&str, EngineError> {
        self.body.clear();
        write(&mut self.body).map_err(|error| EngineError::Constraint(error.to_string()))?;
        as_text(&self.body)
    }
}

fn as_text(body: &[u8]) -> Result<&str, EngineError> {
    std::str::from_utf8(body).map_err(|error| EngineError::Constraint(error.to_string()))
}

fn is_new(change: &RecordChange) -> bool {
    match change.before {
        Before::Present => false,
        Before::Absent => true,
        Before::Unseen => never_replaced_unseen(change.key.kind),
    }
}

/// Binds an address from parameter 1 on; answers the last parameter used.
fn bind_address(
    statement: &mut CachedStatement<'_>,
    address: Address,
    key: &Key,
) -> Result<usize, EngineError> {
    match address {
        Address::Number => {
            statement.raw_bind_parameter(1, id_of(key.shard, key.number))?;
            Ok(1)
        }
        Address::Shard => {
            statement.raw_bind_parameter(1, key.shard.0)?;
            Ok(1)
        }
        Address::DayHash => {
            statement.raw_bind_parameter(1, key.shard.0)?;
            statement.raw_bind_parameter(2, key.number)?;
            statement.raw_bind_parameter(3, &key.hash.to_be_bytes()[..])?;
            Ok(3)
        }
    }
}

fn write_blocks(connection: &Connection, changes: &Changes) -> Result<(), EngineError> {
    for (kind, block, shard) in &changes.blocks {
        connection
            .prepare_cached("INSERT INTO id_block (kind, block, shard) VALUES (?1, ?2, ?3)")?
            .execute((kind.code(), block, shard.0))?;
    }
    Ok(())
}

fn write_due(connection: &Connection, changes: &Changes) -> Result<(), EngineError> {
    const REMOVE: &str =
        "DELETE FROM due WHERE shard = ?1 AND at = ?2 AND kind = ?3 AND number = ?4";
    const ADD: &str = "REPLACE INTO due (shard, at, kind, number) VALUES (?1, ?2, ?3, ?4)";
    for (sql, rows) in [(REMOVE, &changes.due_removed), (ADD, &changes.due_added)] {
        let mut statement = connection.prepare_cached(sql)?;
        for Due { shard, at, kind, number } in rows {
            statement.execute((shard.0, at.0, *kind as u8, number))?;
        }
    }
    Ok(())
}

fn write_found(connection: &Connection, changes: &Changes) -> Result<(), EngineError> {
    const REMOVE: &str =
        "DELETE FROM found WHERE shard = ?1 AND word = ?2 AND kind = ?3 AND number = ?4";
    const ADD: &str = "REPLACE INTO found (shard, word, kind, number) VALUES (?1, ?2, ?3, ?4)";
    for (sql, rows) in [(REMOVE, &changes.found_removed), (ADD, &changes.found_added)] {
        if rows.is_empty() {
            continue;
        }
        let mut statement = connection.prepare_cached(sql)?;
        for Found { shard, word, kind, number } in rows {
            statement.execute((shard.0, &word.to_be_bytes()[..], *kind as u8, number))?;
        }
    }
    Ok(())
}

fn write_balance(connection: &Connection, change: &BalanceChange) -> Result<(), EngineError> {
    let (account, currency) = (change.account.to_string(), change.currency.code());
    let amount: i64 = connection
        .prepare_cached(
            "INSERT INTO balance (shard, account, currency, amount) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET amount = amount + excluded.amount
             RETURNING amount",
        )?
        .query_row((change.shard.0, &account, currency, change.amount), |row| row.get(0))?;
    if amount == 0 {
        connection
            .prepare_cached(
                "DELETE FROM balance WHERE shard = ?1 AND account = ?2 AND currency = ?3",
            )?
            .execute((change.shard.0, &account, currency))?;
    }
    Ok(())
}
