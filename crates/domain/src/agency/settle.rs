//! What becomes of an order when the sale that pays it is settled; called in the sale's own commit.

use super::{CustomerOrder, OrderState, Subscription};
use crate::attempt::Consent;
use crate::facts::{Facts, Halt};
use crate::refusal::Code;
use crate::sale::{Goods, Sale};
use crate::time::Timestamp;

/// Why the order of a sale does not want its money: it was cancelled, changed, or paid otherwise
/// since. `None` when it does, and for whatever is no order.
///
/// # Errors
/// [`Halt::Missing`]
pub(crate) fn refuses(sale: &Sale, facts: &Facts<'_>) -> Result<Option<Code>, Halt> {
    let Goods::Order { order, .. } = &sale.goods else { return Ok(None) };
    let key = CustomerOrder::key_of(sale.shard, *order);
    let Some(order) = facts.look::<CustomerOrder>(key)? else {
        return Ok(Some(Code::OrderNotFound));
    };
    if order.state == OrderState::Cancelled {
        return Ok(Some(Code::OrderCancelled));
    }
    let is_other = order.open.is_some_and(|open| open != sale.id);
    let fits = order.state.is_unpaid() && order.due() == sale.total && !is_other;
    Ok((!fits).then_some(Code::OrderChanged))
}

/// The sale is paid: so is its order.
///
/// # Errors
/// [`Halt::Missing`]
pub(crate) fn paid(sale: &Sale, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
    edit(sale, facts, |order| {
        order.paid += sale.total;
        order.open = None;
        order.enter(OrderState::Paid, now);
        order.subscription = subscription(sale, order, now);
    })
}

/// What renews the order's recurring lines: only what a gateway took with the payer's consent to
/// keep it can be taken again.
fn subscription(sale: &Sale, order: &CustomerOrder, now: Timestamp) -> Option<Subscription> {
    let charge = sale.charge().filter(|charge| charge.consent == Consent::Keep)?;
    let (terms, charge) = (charge.terms.clone(), charge.charge_ref());
    Some(Subscription::wanted(order.recurring()?, terms, charge, now))
}

/// The sale's money did not come, or goes back: its order may be paid anew.
///
/// # Errors
/// [`Halt::Missing`]
pub(crate) fn failed(sale: &Sale, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
    edit(sale, facts, |order| {
        if order.open != Some(sale.id) {
            return;
        }
        order.open = None;
        if order.state == OrderState::PaymentPending {
            order.enter(OrderState::Open, now);
        }
    })
}

/// `amount` minor units of the sale, which paid its order, were promised back. What goes back of a
/// later period changes nothing of the order itself.
///
/// # Errors
/// [`Halt::Missing`]
pub(crate) fn refunded(
    sale: &Sale,
    amount: i64,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    edit(sale, facts, |order| {
        order.paid -= amount;
        let is_all = order.paid <= 0;
        let state = if is_all { OrderState::Refunded } else { OrderState::PartiallyRefunded };
        order.enter(state, now);
        if let Some(subscription) = order.subscription.as_mut().filter(|_| is_all) {
            subscription.end(now);
        }
    })
}

fn edit(
    sale: &Sale,
    facts: &mut Facts<'_>,
    change: impl FnOnce(&mut CustomerOrder),
) -> Result<(), Halt> {
    let Goods::Order { order, renewal: None, .. } = &sale.goods else { return Ok(()) };
    let key = CustomerOrder::key_of(sale.shard, *order);
    if let Some(order) = facts.edit::<CustomerOrder>(key)? {
        change(order);
    }
    Ok(())
}
