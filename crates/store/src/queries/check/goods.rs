//! Passes and season cards that sales sold: they are there, and live no longer than their sale.

use domain::card::{Card, CardAddress, CardState};
use domain::facts::Key;
use domain::ids::CardId;
use domain::pass::Pass;
use domain::record::{Aggregate, Record};
use domain::sale::{Goods, Sale, SaleState};

use super::{CheckReport, contracts};
use crate::error::Fault;
use crate::snapshot::Snapshot;

/// What became of one thing that was sold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Live,
    Ended,
    Missing,
}

pub(super) fn check(
    view: &dyn Snapshot,
    sale: &Sale,
    report: &mut CheckReport,
) -> Result<(), Fault> {
    if let Goods::Contract { contract } = sale.goods {
        return contracts::check(view, sale, contract, report);
    }
    if let Goods::Instalment { contract, number, .. } = sale.goods {
        return contracts::check_try(view, sale, (contract, number), report);
    }
    if sale.issued_at.is_none() {
        return Ok(());
    }
    let name = format!("Sale {} of shard {}", sale.id.0, sale.shard.0);
    match &sale.goods {
        Goods::Admissions
        | Goods::Order { .. }
        | Goods::Contract { .. }
        | Goods::Instalment { .. } => {}
        Goods::Pass { pass: None, .. } => report.find(format!("{name} made no pass.")),
        Goods::Pass { pass: Some(id), .. } => {
            let key = Pass::key_of(sale.shard, *id);
            let found = find::<Pass>(view, &key, |it| it.sale == sale.id, |it| it.active)?;
            tell(sale, &format!("{name} sold pass {}", id.0), found, report);
        }
        Goods::Cards { types, cards, .. } => {
            if types.len() != cards.len() {
                let (wanted, made) = (types.len(), cards.len());
                report.find(format!("{name} made {made} of {wanted} season cards."));
            }
            for id in cards {
                let found = find_card(view, sale, *id)?;
                tell(sale, &format!("{name} sold card {}", id.0), found, report);
            }
        }
    }
    Ok(())
}

fn find_card(view: &dyn Snapshot, sale: &Sale, id: CardId) -> Result<Found, Fault> {
    let key = Card::key_of(CardAddress { shard: sale.shard, id });
    find::<Card>(
        view,
        &key,
        |card| card.sale == Some(sale.id),
        |card| card.state != CardState::Refunded,
    )
}

/// Looks for what the sale says it sold. One that cannot be read is a finding of its own.
fn find<A: Aggregate>(
    view: &dyn Snapshot,
    key: &Key,
    is_of_sale: impl FnOnce(&A) -> bool,
    is_live: impl FnOnce(&A) -> bool,
) -> Result<Found, Fault> {
    let record: Option<Record> = match view.record(key) {
        Err(Fault::Unreadable(_)) => return Ok(Found::Ended),
        record => record?,
    };
    Ok(match record.as_ref().and_then(A::from_record) {
        Some(it) if !is_of_sale(it) => Found::Missing,
        Some(it) if is_live(it) => Found::Live,
        Some(_) => Found::Ended,
        None => Found::Missing,
    })
}

fn tell(sale: &Sale, what: &str, found: Found, report: &mut CheckReport) {
    use SaleState::{Cancelled, Returned, Returning};
    let has_ended = matches!(sale.state, Returning | Returned | Cancelled);
    match found {
        Found::Missing => report.find(format!("{what}, which is not there.")),
        Found::Live if has_ended => {
            report.find(format!("{what} and is {}, but that still works.", sale.state.name()));
        }
        Found::Live | Found::Ended => {}
    }
}
