//! A ticket that leaves an event which was paid out: its organiser owes the price (`domain.md`
//! §4.4).

use super::TransferAddress;
use crate::books::paid_out;
use crate::catalogue::Organiser;
use crate::facts::{Facts, Halt, Key};
use crate::record::Kind;
use crate::sale::Sale;
use crate::task::{NewTask, TaskKind, ask_person};
use crate::time::Timestamp;

/// Whether `old` leaves an event that was paid out to an organiser who may not owe money, so that a
/// person must settle with it. That may change while a difference waits for its payment.
pub(super) fn needs_person(old: &Sale, facts: &Facts<'_>) -> Result<bool, Halt> {
    if paid_out(facts, old.shard, old.event)?.is_none() {
        return Ok(false);
    }
    let organiser = facts.look::<Organiser>(Key::number(old.shard, Kind::Organiser, 0))?;
    Ok(organiser.is_some_and(|organiser| organiser.rules.debt_refused))
}

/// Asks that person, in the commit that books the move; true where one is needed.
pub(super) fn ask_for_payout(
    old: &Sale,
    transfer: Option<TransferAddress>,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<bool, Halt> {
    if !needs_person(old, facts)? {
        return Ok(false);
    }
    let text = "A ticket of an event that was paid out moves away; settle its price with the \
                organiser, who may not owe money.";
    let task = NewTask {
        kind: TaskKind::PayoutCorrection,
        sale: Some(old.id),
        transfer: transfer.map(|transfer| transfer.id),
        money: None,
        text: text.to_owned(),
    };
    ask_person(facts, old.shard, task, now)?;
    Ok(true)
}
