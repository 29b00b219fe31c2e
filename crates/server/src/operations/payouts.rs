//! Paying organisers out, and what they are owed (`domain.md` §8, `payments.md` §7).

mod correct;
mod create;
mod list;
mod owed;

use contract::payouts as published;
use domain::money::Money;
use domain::payout::Payout;

use super::event_presentation::{int, utc};
use super::handlers::{Handler, handler};
use crate::money::decimal;

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(published::create::PAYOUTS_CREATE, create::serve),
    handler!(published::list::PAYOUTS_LIST, list::serve),
    handler!(published::owed::PAYOUTS_OWED, owed::serve),
    handler!(published::correct::PAYOUTS_CORRECT, correct::serve),
];

/// A payout as published.
fn payout(payout: &Payout) -> published::Payout {
    let money = |amount| decimal(Money::new(amount, payout.currency));
    published::Payout {
        payout_id: int(payout.id.0),
        event_owner_id: int(payout.shard.0),
        payout_for: Some(payout.what.name().into()),
        event_id: int(payout.event.0),
        payable: money(payout.payable),
        netted: money(payout.netted),
        paid: money(payout.paid),
        currency: Some(payout.currency.code().into()),
        paid_utc: utc(payout.at),
        by: Some(payout.by.clone()),
        reference: payout.reference.clone(),
    }
}
