//! Tickets that moved or wait to: the transfer, the old ticket and the new one say the same.

use std::sync::Arc;

use domain::record::Aggregate as _;
use domain::sale::{Sale, SaleState};
use domain::transfer::{SaleAddress, Transfer, TransferState};

use super::CheckReport;
use crate::error::Fault;
use crate::snapshot::Snapshot;

/// A transfer that waits has locked the ticket that is to move, and the new one holds its place;
/// one that is done has moved it; one that ended otherwise has left no trace.
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
    if !fits_old(transfer, &from) {
        report.find(format!(
            "{name} is {:?}, but its ticket, sale {} of shard {}, does not say so.",
            transfer.state, transfer.from.id.0, transfer.from.shard.0
        ));
    }
    let to = sale_at(view, transfer.to)?;
    if !to.is_some_and(|to| fits_new(transfer, &to)) {
        report.find(format!(
            "{name} is {:?}, but its new ticket, sale {} of shard {}, does not say so.",
            transfer.state, transfer.to.id.0, transfer.to.shard.0
        ));
    }
    Ok(())
}

fn fits_old(transfer: &Transfer, from: &Sale) -> bool {
    let is_locked = from.locked_by == Some(transfer.address());
    match transfer.state {
        TransferState::AwaitingTopup => is_locked,
        TransferState::Completed => {
            from.state == SaleState::Transferred && from.moved_to == Some(transfer.to)
        }
        TransferState::Expired | TransferState::Cancelled => !is_locked,
    }
}

fn fits_new(transfer: &Transfer, to: &Sale) -> bool {
    let is_of_it = to.origin.is_some_and(|origin| {
        origin.from == transfer.from && origin.transfer == Some(transfer.address())
    });
    let (is_held, is_live) = (to.state.holds_places(), to.issued_at.is_some());
    is_of_it
        && match transfer.state {
            TransferState::AwaitingTopup => is_held,
            TransferState::Completed => is_live,
            TransferState::Expired | TransferState::Cancelled => !is_held && !is_live,
        }
}

/// What a ticket says of its own moves: who locks it, where it went, where it came from.
pub(super) fn check_sale(
    view: &dyn Snapshot,
    sale: &Sale,
    report: &mut CheckReport,
) -> Result<(), Fault> {
    check_lock(view, sale, report)?;
    check_successor(view, sale, report)?;
    check_origin(view, sale, report)
}

/// A ticket is locked by a transfer that waits for it; another would lock it for good.
fn check_lock(view: &dyn Snapshot, sale: &Sale, report: &mut CheckReport) -> Result<(), Fault> {
    let Some(address) = sale.locked_by else { return Ok(()) };
    let record = match view.record(&Transfer::key_of(address)) {
        Err(Fault::Unreadable(_)) => return Ok(()),
        record => record?,
    };
    let waits = record.as_ref().and_then(Transfer::from_record).is_some_and(|transfer| {
        transfer.state == TransferState::AwaitingTopup && transfer.from == own(sale)
    });
    if !waits {
        report.find(format!(
            "Sale {} of shard {} is locked by transfer {} of shard {}, which does not wait for it.",
            sale.id.0, sale.shard.0, address.id.0, address.shard.0
        ));
    }
    Ok(())
}

/// A ticket that moved has a successor that knows it.
fn check_successor(
    view: &dyn Snapshot,
    sale: &Sale,
    report: &mut CheckReport,
) -> Result<(), Fault> {
    if sale.state != SaleState::Transferred {
        return Ok(());
    }
    let to = match sale.moved_to {
        Some(to) => sale_at(view, to)?,
        None => None,
    };
    let origin = to.and_then(|to| to.origin);
    if origin.map(|origin| origin.from) != Some(own(sale)) {
        report.find(format!(
            "Sale {} of shard {} was moved, but no ticket says that it came from there.",
            sale.id.0, sale.shard.0
        ));
    }
    Ok(())
}

/// A ticket that replaced another has all that went out of that one, and nothing else.
fn check_origin(view: &dyn Snapshot, sale: &Sale, report: &mut CheckReport) -> Result<(), Fault> {
    let Some(origin) = sale.origin.filter(|_| sale.issued_at.is_some()) else { return Ok(()) };
    let name = format!("Sale {} of shard {}", sale.id.0, sale.shard.0);
    let Some(before) = sale_at(view, origin.from)? else {
        report.find(format!("{name} replaced a ticket that is not there."));
        return Ok(());
    };
    if before.moved_to != Some(own(sale)) {
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

fn own(sale: &Sale) -> SaleAddress {
    SaleAddress { shard: sale.shard, id: sale.id }
}

fn sale_at(view: &dyn Snapshot, address: SaleAddress) -> Result<Option<Arc<Sale>>, Fault> {
    let SaleAddress { shard, id } = address;
    match view.record(&Sale::key_of(shard, id)) {
        Ok(record) => Ok(record.as_ref().and_then(Sale::from_record).cloned()),
        Err(Fault::Unreadable(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}
