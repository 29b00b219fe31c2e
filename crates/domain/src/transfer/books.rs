//! A move in the books (`payments.md` §7.2): what the old event's organiser is owed less, the new
//! one is owed more. Each seller's books sum to zero; what is between them stands in
//! [`Account::Between`], and within one seller passes through the new order's holding account.

use super::swap::Topup;
use crate::books::{OwedFor, owe};
use crate::card::{CardAddress, return_credit};
use crate::facts::{Facts, Halt};
use crate::ledger::{Account, PostingKind};
use crate::sale::Sale;
use crate::sale::refund::proportion;
use crate::time::Timestamp;

/// What of the old ticket's price goes back instead of moving, in minor units.
#[derive(Clone, Debug, Default)]
pub(super) struct Back {
    /// By the gateways.
    pub(super) money: i64,
    /// To season cards, card by card.
    pub(super) credit: Vec<(CardAddress, i64)>,
}

impl Back {
    pub(super) fn credit_sum(&self) -> i64 {
        self.credit.iter().map(|(_, amount)| amount).sum()
    }
}

/// Where a price is between leaving one sale and arriving at the other.
fn bridge(own: &Sale, other: &Sale, new: &Sale) -> Account {
    match own.shard == other.shard {
        true => Account::OrderHolding(new.id),
        false => Account::Between(other.shard),
    }
}

/// The old event loses the ticket's price and fee; `value` of it moves, the rest goes back.
pub(super) fn book_out(
    old: &Sale,
    new: &Sale,
    value: i64,
    back: &Back,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let to_phone = new.origin.is_some_and(|origin| origin.transfer.is_none());
    let fee = if to_phone { fee_booked(old) } else { fee_of_rest(old) };
    let mut posting = old
        .posting(0, PostingKind::MovedOut, now)
        .debit(Account::PlatformFeeIncome, fee)
        .credit(bridge(old, new, new), value)
        .credit(Account::RefundPayable(old.id), back.money);
    for (step, (card, amount)) in (0_u8..).zip(&back.credit) {
        return_credit(facts, *card, *amount, now)?;
        if card.shard == old.shard {
            posting = posting.credit(Account::StoreCredit(card.id), *amount);
            continue;
        }
        posting = posting.credit(Account::Between(card.shard), *amount);
        let mut restored = old.posting(step, PostingKind::CreditRestored, now);
        restored.shard = card.shard;
        facts.post(
            restored
                .debit(Account::Between(old.shard), *amount)
                .credit(Account::StoreCredit(card.id), *amount),
        );
    }
    // Whatever the other legs leave open is the organiser's.
    let owner = posting.sum();
    let posting = owe(facts, posting, OwedFor::Event(old.event), owner)?;
    facts.post(posting);
    Ok(())
}

/// The platform's part as it stands in the books: what was kept of refunded parts is in it, and
/// goes along to another phone.
fn fee_booked(sale: &Sale) -> i64 {
    sale.fee - sale.refunds.iter().map(|refund| refund.fee).sum::<i64>()
}

/// The platform's part of what is left of the old ticket's price, after parts of it were refunded.
fn fee_of_rest(old: &Sale) -> i64 {
    old.fee - proportion(old.fee, old.total - old.value(), old.total)
}

/// The new event gains the ticket's price and fee: what moved, and the top-up.
pub(super) fn book_in(
    old: &Sale,
    new: &Sale,
    value: i64,
    topup: Topup<'_>,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let fee = fee_booked(new);
    let posting = new
        .posting(0, PostingKind::MovedIn, now)
        .debit(bridge(new, old, new), value)
        .credit(Account::PlatformFeeIncome, fee);
    let posting = match topup {
        Topup::None => posting,
        Topup::Charge(charge) => {
            posting.debit(Account::GatewayClearing(charge.terms.name.clone()), charge.moved)
        }
        Topup::ByHand(amount) => posting.debit(Account::Bank, amount),
    };
    let posting = owe(facts, posting, OwedFor::Event(new.event), new.value() - fee)?;
    facts.post(posting);
    Ok(())
}
