//! The statements of each table, made once from its declaration.

use std::sync::LazyLock;

use domain::record::Kind;

use crate::records::{Address, TABLES, Table};

/// What is said to one table.
pub(super) struct Statements {
    pub(super) table: &'static Table,
    /// One row by its address: form, body, and the columns that repeat parts of it.
    pub(super) select: String,
    /// A new row; contradicts an existing one.
    pub(super) insert: String,
    /// A row, new or not.
    pub(super) replace: String,
    /// Rows of a shard after an address, in order.
    pub(super) page: String,
}

static STATEMENTS: LazyLock<Vec<Statements>> =
    LazyLock::new(|| TABLES.iter().map(Statements::new).collect());

/// The statements of the table that holds `kind`.
pub(super) fn of(kind: Kind) -> &'static Statements {
    let found = STATEMENTS.iter().find(|statements| statements.table.kind == kind);
    found.expect("every kind has a table, or `records::columns` would not compile")
}

impl Statements {
    fn new(table: &'static Table) -> Statements {
        let name = table.name;
        let (address, after): (&[&str], _) = match table.address {
            Address::Number => (&["id"], "id > ?1 AND id <= ?2"),
            Address::Shard => (&["shard"], "shard > ?1 AND shard <= ?2"),
            Address::DayHash => {
                (&["shard", "day", "hash"], "shard = ?1 AND (day, hash) > (?2, ?3)")
            }
        };
        let columns = [address, table.columns, &["version", "body"]].concat();
        let marks: Vec<_> = (1..=columns.len()).map(|number| format!("?{number}")).collect();
        let matches: Vec<_> = address
            .iter()
            .zip(1..)
            .map(|(column, number)| format!("{column} = ?{number}"))
            .collect();
        let values = format!("INTO {name} ({}) VALUES ({})", columns.join(", "), marks.join(", "));
        let address = address.join(", ");
        Statements {
            table,
            select: format!(
                "SELECT {} FROM {name} WHERE {} AND body IS NOT NULL",
                [&["version", "body"], table.columns].concat().join(", "),
                matches.join(" AND ")
            ),
            insert: format!("INSERT {values}"),
            replace: format!("REPLACE {values}"),
            page: format!(
                "SELECT version, body, {address} FROM {name} WHERE {after} AND body IS NOT NULL \
                 ORDER BY {address} LIMIT ?{}",
                if table.address == Address::DayHash { 4 } else { 3 }
            ),
        }
    }
}
