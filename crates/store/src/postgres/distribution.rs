//! Spreading the tables over the servers of a Citus cluster: by shard, and what all shards share
//! to every server.

use super::call::{Call, Param};
use super::connection::Connection;
use super::load::column;
use super::migrate;
use super::session::Role;
use super::settings::Settings;
use crate::engine::EngineError;
use crate::error::OpenError;

/// What belongs to one seller lies where its shard row lies.
const BY_SHARD: &[&str] = &[
    "shard",
    "lane",
    "quota",
    "sale",
    "idempotency",
    "user_account",
    "user_name",
    "audit",
    "due",
    "found",
    "posting",
    "balance",
    "outbox",
    "seat_block",
    "reservation",
    "phone",
    "allowance",
    "enrolment",
    "order_reference",
    "card",
    "pass",
    "special_ticket",
    "transfer",
    "event_book",
    "owner_book",
    "customer",
    "customer_code",
    "customer_order",
    "payout",
    "gate",
    "job",
    "task",
    "chain",
    "club_store",
    "member",
    "staff",
    "package",
    "contract",
    "promo_code",
    "settlement_file",
    "settlement_difference",
    "payment_profile",
    "wallet",
];

/// What is read by everybody, or asked without knowing whose it is.
const EVERYWHERE: &[&str] = &[
    "organiser",
    "series",
    "venue",
    "event",
    "ticket_type",
    "principal",
    "seat_map",
    "card_type",
    "pass_type",
    "agency",
    "id_block",
    "node",
    "setting",
    "migration",
];

const EXTENSION: &str =
    "SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'create_distributed_table')";

const DONE: &str =
    "SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass($1::text))";

/// Each table with its statement, in the order in which they must run.
fn statements() -> Vec<(&'static str, String)> {
    let by_shard = BY_SHARD.iter().map(|table| {
        let beside = match *table {
            "shard" => String::new(),
            _ => ", colocate_with => 'shard'".to_owned(),
        };
        (*table, format!("SELECT create_distributed_table('{table}', 'shard'{beside})"))
    });
    let everywhere = EVERYWHERE
        .iter()
        .map(|table| (*table, format!("SELECT create_reference_table('{table}')")));
    by_shard.chain(everywhere).collect()
}

/// The statements that distribute the tables, for people to read.
#[must_use]
pub fn distribution() -> Vec<String> {
    statements().into_iter().map(|(_, sql)| sql).collect()
}

/// Migrates the database and distributes each table that is not distributed yet; tells about
/// each. No node should be running.
///
/// # Errors
/// [`OpenError::NotDistributable`] where there is no Citus, and whatever keeps the database from
/// being opened.
pub fn distribute(settings: &Settings, tell: &mut dyn FnMut(&str)) -> Result<(), OpenError> {
    let mut connection = super::apart(|| prepared(settings))?;
    for (table, sql) in statements() {
        let done = super::apart(|| distribute_one(&mut connection, table, &sql))?;
        tell(&if done { sql } else { format!("{table} is distributed already") });
    }
    Ok(())
}

fn prepared(settings: &Settings) -> Result<Connection, OpenError> {
    let mut connection = Connection::open(settings, Role::Keeper)?;
    migrate::migrate(&mut connection)?;
    if !is_true(&mut connection, EXTENSION, Vec::new())? {
        return Err(OpenError::NotDistributable);
    }
    Ok(connection)
}

fn distribute_one(
    connection: &mut Connection,
    table: &'static str,
    sql: &str,
) -> Result<bool, EngineError> {
    if is_true(connection, DONE, vec![Box::new(table)])? {
        return Ok(false);
    }
    connection.simple(sql)?;
    Ok(true)
}

fn is_true(
    connection: &mut Connection,
    sql: &'static str,
    params: Vec<Param>,
) -> Result<bool, EngineError> {
    let rows = connection.ask(Call::new(sql, params))?;
    rows.first().map_or(Ok(false), |row| column(row, 0))
}
