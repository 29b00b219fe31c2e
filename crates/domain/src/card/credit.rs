//! Store credit that comes back to its card.

use super::{Card, CardAddress, CardState};
use crate::facts::{Facts, Halt};
use crate::money::Money;
use crate::task::{NewTask, TaskKind, ask_person};
use crate::time::Timestamp;

/// Gives `amount` minor units of credit back to a card. Nobody can use it on one that was paid back
/// meanwhile, so there a person is asked to see to it.
///
/// # Errors
/// [`Halt::Missing`]
pub(crate) fn return_credit(
    facts: &mut Facts<'_>,
    address: CardAddress,
    amount: i64,
    now: Timestamp,
) -> Result<(), Halt> {
    let Some(card) = facts.edit::<Card>(Card::key_of(address))? else { return Ok(()) };
    card.return_credit(amount, now);
    if card.state != CardState::Refunded || amount == 0 {
        return Ok(());
    }
    let (sale, money) = (card.sale, Some(Money::new(amount, card.currency)));
    let text = format!(
        "Store credit came back to season card {}, which was paid back before. Give it back by \
         other means and close this task with a note; nothing else is booked.",
        address.id.0
    );
    let (kind, transfer) = (TaskKind::CreditOfEndedCard, None);
    ask_person(facts, address.shard, NewTask { kind, sale, transfer, money, text }, now)?;
    Ok(())
}
