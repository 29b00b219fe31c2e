//! What names something else, and whether that is there and says the same.

use domain::card::{Card, CardAddress};
use domain::facts::Key;
use domain::idempotency::Idempotency;
use domain::ids::{NUMBER_BLOCK_SIZE, NumberKind, TransferId};
use domain::record::Kind;
use domain::sale::Sale;
use domain::task::Task;

use super::CheckReport;
use crate::error::Fault;
use crate::snapshot::Snapshot;

/// One that cannot be read is there, and a finding of its own.
pub(super) fn is_absent(view: &dyn Snapshot, key: &Key) -> Result<bool, Fault> {
    match view.record(key) {
        Ok(record) => Ok(record.is_none()),
        Err(Fault::Unreadable(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// A caller's key that led to gifts leads to cards that are there.
pub(super) fn check_gifts(
    view: &dyn Snapshot,
    row: &Idempotency,
    report: &mut CheckReport,
) -> Result<(), Fault> {
    for id in &row.cards {
        let card = CardAddress { shard: row.seller, id: *id };
        if is_absent(view, &Card::key_of(card))? {
            report.find(format!(
                "A caller's key leads to card {} of shard {}, but there is no such card.",
                id.0, row.seller.0
            ));
        }
    }
    Ok(())
}

/// A task is about something that is there.
pub(super) fn check_task(
    view: &dyn Snapshot,
    task: &Task,
    report: &mut CheckReport,
) -> Result<(), Fault> {
    let name = format!("Task {} of shard {}", task.id.0, task.shard.0);
    if let Some(sale) = task.sale
        && is_absent(view, &Sale::key_of(task.shard, sale))?
    {
        report.find(format!("{name} is about sale {}, which is not there.", sale.0));
    }
    if let Some(transfer) = task.transfer
        && transfer_is_absent(view, transfer)?
    {
        report.find(format!("{name} is about transfer {}, which is not there.", transfer.0));
    }
    Ok(())
}

/// A transfer lies with the seller of its target, to which its number leads.
fn transfer_is_absent(view: &dyn Snapshot, transfer: TransferId) -> Result<bool, Fault> {
    let block = view.block(NumberKind::Transfer, transfer.0 / NUMBER_BLOCK_SIZE)?;
    let Some(shard) = block else { return Ok(true) };
    is_absent(view, &Key::number(shard, Kind::Transfer, transfer.0))
}
