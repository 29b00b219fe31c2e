//! Paying organisers out, and what they are owed (`domain.md` §8, `payments.md` §7).

mod correct;
mod create;
mod list;
mod owed;

use contract::payouts as published;
use domain::money::Money;
use domain::payout::Payout;
use service::matched::Matched;
use service::operation::Operation;
use service::reply::Reply;

use super::Call;
use super::event_presentation::{int, utc};
use crate::app::App;
use crate::money::decimal;

/// Serves the request, if the operation is one of these.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Option<Reply> {
    let is = |operation: &'static Operation| std::ptr::eq(matched.operation, operation);
    Some(if is(&published::create::PAYOUTS_CREATE) {
        create::serve(app, matched, call).await
    } else if is(&published::list::PAYOUTS_LIST) {
        list::serve(app, matched, call).await
    } else if is(&published::owed::PAYOUTS_OWED) {
        owed::serve(app, matched, call).await
    } else if is(&published::correct::PAYOUTS_CORRECT) {
        correct::serve(app, matched, call).await
    } else {
        return None;
    })
}

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
