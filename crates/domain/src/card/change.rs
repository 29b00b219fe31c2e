//! What a club changes of a card: who holds it, and whether it can be used.

use std::sync::Arc;

use super::{Card, CardAddress, CardHolder, CardState};
use crate::audit::{AuditChange, AuditEvent, AuditNote};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::Shard;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// What shall be different; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardChange {
    /// Members of the holder that are set replace what was there.
    pub holder: CardHolder,
    /// Whether it shall be closed.
    pub blocked: Option<bool>,
}

/// Changes a card. The audit tells the members that differ, before and after; a change that
/// changes nothing is not told.
#[derive(Clone, Debug)]
pub struct ChangeCard {
    /// Which card.
    pub card: CardAddress,
    /// What shall be different.
    pub change: CardChange,
    /// Who does it; its detail is the reason.
    pub note: AuditNote,
}

impl Command for ChangeCard {
    type Outcome = Arc<Card>;

    fn shards(&self) -> Shards {
        Shards::Two(self.card.shard, Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Card::key_of(self.card));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Card>, Halt> {
        let before = facts.share::<Card>(Card::key_of(self.card))?;
        let before = before
            .ok_or_else(|| Refusal::new(Code::OwnerCardNotFound, "There is no such card."))?;
        let mut card = Card::clone(&before);
        card.change(&self.change)?;
        if card == *before {
            return Ok(before);
        }
        card.changed_at = now;
        let change = AuditChange::of(&members(&before, &card));
        self.note_of(&before, &card).record_change(card.shard, &change, facts, now);
        Ok(facts.put(card))
    }
}

impl Card {
    /// # Errors
    /// [`Code::OwnerCardNotValid`] for a card that was paid back.
    fn change(&mut self, change: &CardChange) -> Result<(), Refusal> {
        if self.state == CardState::Refunded {
            let message = "The card was paid back; it cannot be changed any more.";
            return Err(Refusal::new(Code::OwnerCardNotValid, message));
        }
        let CardHolder { phone, device_id, holder_id, name, email } = change.holder.clone();
        if phone.is_some() && phone != self.holder.phone {
            // It belonged to the phone it was ordered with.
            self.holder.device_id = None;
        }
        replace(&mut self.holder.phone, phone);
        replace(&mut self.holder.device_id, device_id);
        replace(&mut self.holder.holder_id, holder_id);
        replace(&mut self.holder.name, name);
        replace(&mut self.holder.email, email);
        match change.blocked {
            Some(true) => self.state = CardState::Blocked,
            Some(false) => self.state = CardState::Active,
            None => {}
        }
        Ok(())
    }
}

fn replace(member: &mut Option<String>, value: Option<String>) {
    if value.is_some() {
        *member = value;
    }
}

impl ChangeCard {
    fn note_of(&self, before: &Card, after: &Card) -> AuditNote {
        let event = match (before.state, after.state) {
            (was, is) if was == is => AuditEvent::CardChanged,
            (_, CardState::Blocked) => AuditEvent::CardBlocked,
            _ => AuditEvent::CardUnblocked,
        };
        let CardAddress { shard, id } = self.card;
        let mut detail = format!("card {} of seller {}", id.0, shard.0);
        if !self.note.detail.is_empty() {
            detail += &format!(": {}", self.note.detail);
        }
        AuditNote { event, detail, ..self.note.clone() }
    }
}

/// Each member of a card that may change: its name, what it was and what it is.
fn members<'a>(
    before: &'a Card,
    after: &'a Card,
) -> [(&'static str, Option<&'a str>, Option<&'a str>); 5] {
    let both = |name, of: fn(&Card) -> Option<&str>| (name, of(before), of(after));
    [
        both("phone", |card| card.holder.phone.as_deref()),
        both("holder_id", |card| card.holder.holder_id.as_deref()),
        both("name", |card| card.holder.name.as_deref()),
        both("email", |card| card.holder.email.as_deref()),
        both("state", |card| Some(card.state.name())),
    ]
}
