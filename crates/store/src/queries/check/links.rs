//! What names something else, and whether that is there and says the same.

use domain::card::{Card, CardAddress};
use domain::facts::Key;
use domain::idempotency::Idempotency;
use domain::ids::{NUMBER_BLOCK_SIZE, NumberKind, TransferId};
use domain::record::{Aggregate as _, Kind};
use domain::sale::{Sale, SaleState};
use domain::task::Task;
use domain::transfer::{SaleAddress, Transfer, TransferState};

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

/// A transfer that waits has locked the ticket that is to move; one that is done has moved it.
pub(super) fn check_transfer(
    view: &dyn Snapshot,
    transfer: &Transfer,
    report: &mut CheckReport,
) -> Result<(), Fault> {
    let name = format!("Transfer {} of shard {}", transfer.id.0, transfer.shard.0);
    let Some(from) = sale_at(view, transfer.from)? else {
        report.find(format!("{name} moves a ticket that is not there."));
        return Ok(());
    };
    let is_its_own = |locked: &domain::transfer::TransferAddress| {
        (locked.shard, locked.id) == (transfer.shard, transfer.id)
    };
    let fits = match transfer.state {
        TransferState::AwaitingTopup => from.locked_by.as_ref().is_some_and(is_its_own),
        TransferState::Completed => {
            from.state == SaleState::Transferred && from.moved_to == Some(transfer.to)
        }
        TransferState::Expired | TransferState::Cancelled => {
            !from.locked_by.as_ref().is_some_and(is_its_own)
        }
    };
    if !fits {
        report.find(format!(
            "{name} is {:?}, but its ticket, sale {} of shard {}, does not say so.",
            transfer.state, transfer.from.id.0, transfer.from.shard.0
        ));
    }
    Ok(())
}

/// A ticket that replaced another has all that went out of that one, and nothing else.
pub(super) fn check_origin(
    view: &dyn Snapshot,
    sale: &Sale,
    report: &mut CheckReport,
) -> Result<(), Fault> {
    let Some(origin) = sale.origin.filter(|_| sale.issued_at.is_some()) else { return Ok(()) };
    let name = format!("Sale {} of shard {}", sale.id.0, sale.shard.0);
    let Some(before) = sale_at(view, origin.from)? else {
        report.find(format!("{name} replaced a ticket that is not there."));
        return Ok(());
    };
    let own = SaleAddress { shard: sale.shard, id: sale.id };
    if before.moved_to != Some(own) {
        report.find(format!(
            "{name} replaced sale {} of shard {}, which did not move there.",
            before.id.0, before.shard.0
        ));
    }
    let carried: i64 = sale.carried.iter().map(|fund| fund.amount).sum();
    if carried != before.money_out() {
        report.find(format!(
            "{name} brought {carried} from sale {} of shard {}, of which {} went out.",
            before.id.0,
            before.shard.0,
            before.money_out()
        ));
    }
    Ok(())
}

fn sale_at(
    view: &dyn Snapshot,
    address: SaleAddress,
) -> Result<Option<std::sync::Arc<Sale>>, Fault> {
    let SaleAddress { shard, id } = address;
    match view.record(&Sale::key_of(shard, id)) {
        Ok(record) => Ok(record.as_ref().and_then(Sale::from_record).cloned()),
        Err(Fault::Unreadable(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}
