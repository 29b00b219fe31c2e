//! The moment in which one ticket replaces another: states, money, rights and books of both.

use super::books::{Back, book_in, book_out};
use super::payout::ask_for_payout;
use super::rights::is_credit;
use super::{SaleAddress, Transfer, TransferState, taken_over};
use crate::attempt::Attempt;
use crate::facts::{Facts, Halt};
use crate::sale::{Entitlement, Fund, Sale, SaleState};
use crate::time::Timestamp;

/// How the difference was paid.
#[derive(Clone, Copy, Debug)]
pub(super) enum Topup<'a> {
    /// There was none.
    None,
    /// By this charge of the new ticket.
    Charge(&'a Attempt),
    /// To a person, so many minor units; the new ticket has them already.
    ByHand(i64),
}

/// What of the old ticket's price goes back, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Swap {
    /// By the gateways.
    pub(super) money_back: i64,
    /// To season cards.
    pub(super) credit_back: i64,
}

/// The old ticket gives back its place, its seat, and every right but its store credit.
pub(super) fn leave(old: &Sale, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
    old.give_back(facts, now)?;
    super::rights::give_back(old, facts, now)
}

/// Puts `new`, whose place is sold to it, in place of `old`, which has left its own. `back` minor
/// units go back to where they came from: store credit first, as far as it was used.
pub(super) fn swap(
    old: &mut Sale,
    new: &mut Sale,
    back: i64,
    topup: Topup<'_>,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<Swap, Halt> {
    let value = old.value() - back;
    let back = hand_over(old, new, back);
    book_out(old, new, value, &back, facts, now)?;
    book_in(old, new, value, topup, facts, now)?;
    old.entitlements.clear();
    old.locked_by = None;
    old.moved_to = Some(SaleAddress { shard: new.shard, id: new.id });
    old.enter(SaleState::Transferred, now);
    new.enter(SaleState::Issued, now);
    new.failure = None;
    if back.money > 0 {
        old.owed_back += back.money;
        old.tell_of_refund(back.money, facts, now)?;
        old.send_back(facts, now)?;
    }
    Ok(Swap { money_back: back.money, credit_back: back.credit_sum() })
}

/// Money and credit change from `old` to `new`, but for the `back` minor units.
fn hand_over(old: &mut Sale, new: &mut Sale, back: i64) -> Back {
    let mut left = back;
    let mut sum = Back::default();
    for entitlement in old.entitlements.iter().filter(|it| is_credit(it)) {
        let Entitlement::StoreCredit { card, card_type, amount } = entitlement else { continue };
        let part = left.min(*amount);
        left -= part;
        if part > 0 {
            sum.credit.push((*card, part));
        }
        if *amount > part {
            let (card, card_type, amount) = (*card, *card_type, amount - part);
            new.entitlements.push(Entitlement::StoreCredit { card, card_type, amount });
        }
    }
    sum.money = left;
    let moving = old.paid() - old.owed_back - sum.money;
    new.carried = carried(old.funds(), moving);
    old.moved_out = moving;
    sum
}

/// The funds that go along, the oldest first: what came in last stays, to go back first.
fn carried(funds: Vec<Fund>, mut moving: i64) -> Vec<Fund> {
    let mut carried = Vec::new();
    for mut fund in funds.into_iter().rev() {
        fund.amount = fund.amount.min(moving);
        moving -= fund.amount;
        if fund.amount > 0 {
            carried.push(fund);
        }
    }
    carried
}

/// The difference was paid, and the place of `sale` is sold to it: the old ticket ends, its money
/// comes over. Whether that may be is [`super::charged`]'s to say.
pub(crate) fn arrive(
    sale: &mut Sale,
    charge: Option<&Attempt>,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    replace(sale, charge.map_or(Topup::None, Topup::Charge), facts, now)
}

/// The difference was paid: `sale` replaces the ticket it comes from, and its transfer is done.
pub(super) fn replace(
    sale: &mut Sale,
    topup: Topup<'_>,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let Some(origin) = sale.origin else { return Ok(()) };
    let old = facts.share::<Sale>(Sale::key_of(origin.from.shard, origin.from.id))?;
    let Some(mut old) = old.map(|old| Sale::clone(&old)) else { return Ok(()) };
    leave(&old, facts, now)?;
    taken_over::take(sale, facts, now)?;
    swap(&mut old, sale, 0, topup, facts, now)?;
    let by_hand = ask_for_payout(&old, origin.transfer, facts, now)?;
    facts.put(old);
    let Some(address) = origin.transfer else { return Ok(()) };
    if let Some(transfer) = facts.edit::<Transfer>(Transfer::key_of(address))? {
        (transfer.state, transfer.by_hand) = (TransferState::Completed, by_hand);
        (transfer.ended_at, transfer.look_at) = (Some(now), None);
    }
    Ok(())
}
