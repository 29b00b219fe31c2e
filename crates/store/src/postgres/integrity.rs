//! Columns repeat what bodies say; this finds where they do not.
//!
//! The bodies are read by the program, not by PostgreSQL's JSON functions, which end a whole
//! question at the first body that holds U+0000 or is no JSON. What cannot be read is left to the
//! rest of the check, which meets it too.

use domain::facts::Key;
use domain::ids::Shard;
use tokio_postgres::Row;

use super::load::{self, column};
use super::statements::{self, Statements};
use super::view::PostgresView;
use crate::engine::EngineError;
use crate::error::Fault;
use crate::queries::PAGE_ROWS_MAX;
use crate::queries::check::FINDINGS_MAX;
use crate::records::{self, Address, Value};
use crate::snapshot::Snapshot as _;

/// Where version, body and number end and the other columns begin.
const COLUMNS_FIRST: usize = 3;

/// Every row whose columns differ from its body, in sentences.
pub(super) fn findings(view: &PostgresView<'_>) -> Result<Vec<String>, Fault> {
    let mut findings = Vec::new();
    for shard in view.shards()? {
        let tables = statements::all().iter();
        for statements in tables.filter(|statements| is_compared(statements)) {
            compare(view, shard, statements, &mut findings)?;
        }
    }
    Ok(findings)
}

fn is_compared(statements: &Statements) -> bool {
    let table = statements.table;
    table.address == Address::Number && !table.columns.is_empty()
}

fn compare(
    view: &PostgresView<'_>,
    shard: Shard,
    statements: &'static Statements,
    findings: &mut Vec<String>,
) -> Result<(), Fault> {
    let kind = statements.table.kind;
    let mut after: Option<Key> = None;
    while findings.len() < FINDINGS_MAX {
        let params = PostgresView::page_params(shard, kind, after.as_ref(), PAGE_ROWS_MAX);
        let rows = view.ask(&statements.columns, params)?;
        for row in &rows {
            let key = load::key_of(&Key::number(shard, kind, 0), row)?;
            if differs(view, &key, row)? {
                let (name, number) = (statements.table.name, key.number);
                findings.push(format!(
                    "The columns of {name} {number} of shard {} differ from its body.",
                    shard.0
                ));
            }
            after = Some(key);
        }
        if rows.is_empty() {
            break;
        }
    }
    Ok(())
}

fn differs(view: &PostgresView<'_>, key: &Key, row: &Row) -> Result<bool, EngineError> {
    let Ok(record) = load::record(view.codec, key, row) else { return Ok(false) };
    let mut expected = Vec::new();
    records::columns(&record, &mut expected);
    for (value, index) in expected.iter().zip(COLUMNS_FIRST..) {
        let same = match value {
            Value::Integer(number) => column::<Option<i64>>(row, index)? == *number,
            Value::Text(text) => column::<Option<String>>(row, index)?.as_deref() == Some(*text),
        };
        if !same {
            return Ok(true);
        }
    }
    Ok(false)
}
