//! The statements of each table of aggregates, made once from its declaration.
//!
//! Each names one shard, `$1`. Those that write take one array for each column.
//!
//! How they find rows must not depend on statistics: those of a table that fills up while an event
//! goes on sale are minutes old, and a plain join would read the whole shard for each batch. So
//! what is loaded is looked up row by row (`OFFSET 0` keeps the planner from making a join of it),
//! and what is written is found as `ON CONFLICT` finds it, by the key.

use std::sync::LazyLock;

use domain::record::Kind;

use crate::records::{Address, TABLES, Table};

/// Columns that hold words; all others hold numbers.
const TEXT_COLUMNS: [&str; 2] = ["state", "currency"];

/// What is said to one table.
pub(super) struct Statements {
    pub(super) table: &'static Table,
    /// Rows by their addresses: version, body, then what the address consists of.
    pub(super) load: String,
    /// New rows; contradicts existing ones.
    pub(super) insert: String,
    /// Rows, new or not.
    pub(super) upsert: String,
    /// Rows after an address, in order: version, body, then what the address consists of.
    pub(super) page: String,
    /// The same, and then the other columns.
    pub(super) columns: String,
}

static STATEMENTS: LazyLock<Vec<Statements>> =
    LazyLock::new(|| TABLES.iter().map(Statements::new).collect());

/// The statements of every table.
pub(super) fn all() -> &'static [Statements] {
    &STATEMENTS
}

/// The statements of the table that holds `kind`.
pub(super) fn of(kind: Kind) -> &'static Statements {
    let found = STATEMENTS.iter().find(|statements| statements.table.kind == kind);
    found.expect("every kind has a table, or `records::columns` would not compile")
}

/// What an address consists of beside the shard: names and types.
fn parts_of(address: Address) -> &'static [(&'static str, &'static str)] {
    match address {
        Address::Number => &[("number", "bigint")],
        Address::DayHash => &[("day", "bigint"), ("hash", "bytea")],
        Address::Shard => &[],
    }
}

impl Statements {
    fn new(table: &'static Table) -> Statements {
        let name = table.name;
        let parts = parts_of(table.address);
        let address: Vec<&str> = parts.iter().map(|(column, _)| *column).collect();
        let type_of = |column| if TEXT_COLUMNS.contains(&column) { "text" } else { "bigint" };
        let columns: Vec<(&str, &str)> = parts
            .iter()
            .copied()
            .chain(table.columns.iter().map(|column| (*column, type_of(*column))))
            .chain([("version", "bigint"), ("body", "text")])
            .collect();
        let names: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
        let changed = &names[parts.len()..];
        let insert = format!(
            "INSERT INTO {name} (shard, {}) SELECT $1::bigint, new.* FROM {}",
            names.join(", "),
            unnested("new", &columns)
        );
        Statements {
            table,
            load: load(name, parts),
            upsert: format!(
                "{insert} ON CONFLICT (shard, {}) DO UPDATE SET {}",
                address.join(", "),
                assigned(changed, "excluded")
            ),
            insert,
            page: page(table, &address, &[]),
            columns: page(table, &address, table.columns),
        }
    }
}

/// Arrays from `$2` on, side by side.
fn unnested(name: &str, columns: &[(&str, &str)]) -> String {
    let arrays: Vec<String> =
        columns.iter().zip(2..).map(|((_, kind), number)| format!("${number}::{kind}[]")).collect();
    let names: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
    format!("unnest({}) AS {name} ({})", arrays.join(", "), names.join(", "))
}

fn assigned(columns: &[&str], from: &str) -> String {
    let assignments = columns.iter().map(|column| format!("{column} = {from}.{column}"));
    assignments.collect::<Vec<_>>().join(", ")
}

fn load(name: &str, parts: &[(&str, &str)]) -> String {
    if parts.is_empty() {
        return format!("SELECT version, body FROM {name} WHERE shard = $1 AND body IS NOT NULL");
    }
    let each = |shown: fn(&str) -> String, between: &str| {
        parts.iter().map(|(column, _)| shown(column)).collect::<Vec<_>>().join(between)
    };
    let wanted = each(|column| format!("wanted.{column}"), ", ");
    let matched = each(|column| format!("stored.{column} = wanted.{column}"), " AND ");
    format!(
        "SELECT found.version, found.body, {wanted} FROM {} CROSS JOIN LATERAL (\
         SELECT stored.version, stored.body FROM {name} AS stored \
         WHERE stored.shard = $1 AND {matched} OFFSET 0) AS found",
        unnested("wanted", parts)
    )
}

fn page(table: &Table, address: &[&str], columns: &[&str]) -> String {
    let name = table.name;
    let parts = address.join(", ");
    let shown = [&["version", "body"], address, columns].concat().join(", ");
    match table.address {
        Address::Shard => load(name, &[]),
        Address::Number => format!(
            "SELECT {shown} FROM {name} WHERE shard = $1 AND number > $2 \
             ORDER BY {parts} LIMIT $3"
        ),
        Address::DayHash => format!(
            "SELECT {shown} FROM {name} WHERE shard = $1 \
             AND (day, hash) > ($2, $3) ORDER BY {parts} LIMIT $4"
        ),
    }
}
