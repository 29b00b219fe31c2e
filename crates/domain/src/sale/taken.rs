//! What a sale has taken from others, and the only code that takes or gives it after placing:
//! places of quotas, numbered seats, and entitlements.

use super::{Entitlement, Place, Sale};
use crate::card::{Card, CardAddress};
use crate::catalogue::Event;
use crate::facts::{Facts, Halt, Key};
use crate::pass::Pass;
use crate::quota::Quota;
use crate::record::Kind;
use crate::seating;
use crate::special_ticket::SpecialTicket;
use crate::time::Timestamp;

impl Sale {
    /// Gives back what is held, because the money did not come.
    pub(crate) fn release(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        self.change_places(facts, Quota::release)?;
        seating::release(facts, self, now)?;
        self.return_entitlements(facts, now)
    }

    /// Makes what is held sold.
    pub(crate) fn keep(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        self.change_places(facts, Quota::settle)?;
        seating::settle(facts, self, now)
    }

    /// Gives back places and seats that were sold, because the ticket is not good any more.
    /// Entitlements are given back apart: a moved ticket may take them along.
    ///
    /// # Errors
    /// [`Halt::Missing`]
    pub fn give_back(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        self.change_places(facts, Quota::give_back)?;
        if self.refunds.is_empty() {
            return seating::give_back(facts, self, now);
        }
        // Seats of admissions that were paid back may be somebody else's by now.
        seating::give_back(facts, &Sale { seats: self.seats_held(), ..self.clone() }, now)
    }

    /// Gives back every right that was used instead of money.
    ///
    /// # Errors
    /// [`Halt::Missing`]
    pub fn return_entitlements(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        for entitlement in &self.entitlements {
            match entitlement {
                Entitlement::FreeTickets { card, count, .. } => {
                    change_card(facts, *card, |card| card.return_tickets(self.event, *count, now))?;
                }
                Entitlement::StoreCredit { card, amount, .. } => {
                    change_card(facts, *card, |card| card.return_credit(*amount, now))?;
                }
                Entitlement::Pass { pass, .. } => {
                    if let Some(pass) = facts.edit::<Pass>(Pass::key_of(self.shard, *pass))? {
                        pass.give_back(self.event);
                    }
                }
                Entitlement::SpecialTicket { hash, .. }
                | Entitlement::FederationCard { hash, .. } => {
                    let key = SpecialTicket::key_of(self.shard, *hash);
                    if let Some(special) = facts.edit::<SpecialTicket>(key)? {
                        special.used_by = None;
                    }
                }
                Entitlement::GiveAway { .. } => {}
            }
        }
        Ok(())
    }

    /// Takes everything anew for an approval that came late: equal places if all are free, the
    /// same seats if nobody has them, the same rights if they are still there. True when it could.
    pub(super) fn retake(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
        if self.event.0 != 0 {
            let event = facts.look::<Event>(Key::number(self.shard, Kind::Event, self.event.0))?;
            if !event.is_some_and(|event| event.still_to_come(now)) {
                return Ok(false);
            }
        }
        for Place { quota, count } in &self.places {
            let quota = facts.look::<Quota>(Key::number(self.shard, Kind::Quota, quota.0))?;
            if quota.and_then(Quota::free).is_some_and(|free| free < *count) {
                return Ok(false);
            }
        }
        if !seating::are_free(facts, self)? || !self.entitlements_free(facts, now)? {
            return Ok(false);
        }
        self.change_places(facts, |quota, count| quota.sold += count)?;
        seating::retake(facts, self, now)?;
        self.retake_entitlements(facts, now)?;
        Ok(true)
    }

    fn change_places(
        &self,
        facts: &mut Facts<'_>,
        change: impl Fn(&mut Quota, u32),
    ) -> Result<(), Halt> {
        for Place { quota, count } in &self.places {
            let key = Key::number(self.shard, Kind::Quota, quota.0);
            if let Some(quota) = facts.edit::<Quota>(key)? {
                change(quota, *count);
            }
        }
        Ok(())
    }

    /// Tries on copies whether every right could be used again.
    fn entitlements_free(&self, facts: &Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
        for entitlement in &self.entitlements {
            let is_free = match entitlement {
                Entitlement::FreeTickets { card, count, .. } => {
                    let card = facts.look::<Card>(Card::key_of(*card))?.cloned();
                    card.is_some_and(|mut card| card.take_tickets(self.event, *count, now).is_ok())
                }
                Entitlement::StoreCredit { card, amount, .. } => {
                    let card = facts.look::<Card>(Card::key_of(*card))?.cloned();
                    card.is_some_and(|mut card| card.take_credit(*amount, now).is_ok())
                }
                Entitlement::Pass { pass, .. } => {
                    let pass = facts.look::<Pass>(Pass::key_of(self.shard, *pass))?.cloned();
                    pass.is_some_and(|mut pass| pass.take(self.event, self.id).is_ok())
                }
                Entitlement::SpecialTicket { hash, .. }
                | Entitlement::FederationCard { hash, .. } => {
                    let key = SpecialTicket::key_of(self.shard, *hash);
                    let special = facts.look::<SpecialTicket>(key)?;
                    special.is_some_and(|special| special.used_by.is_none())
                }
                Entitlement::GiveAway { .. } => true,
            };
            if !is_free {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn retake_entitlements(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        for entitlement in &self.entitlements {
            match entitlement {
                Entitlement::FreeTickets { card, count, .. } => change_card(facts, *card, |card| {
                    let _ = card.take_tickets(self.event, *count, now);
                })?,
                Entitlement::StoreCredit { card, amount, .. } => change_card(facts, *card, |card| {
                    let _ = card.take_credit(*amount, now);
                })?,
                Entitlement::Pass { pass, .. } => {
                    if let Some(pass) = facts.edit::<Pass>(Pass::key_of(self.shard, *pass))? {
                        let _ = pass.take(self.event, self.id);
                    }
                }
                Entitlement::SpecialTicket { hash, .. }
                | Entitlement::FederationCard { hash, .. } => {
                    let key = SpecialTicket::key_of(self.shard, *hash);
                    if let Some(special) = facts.edit::<SpecialTicket>(key)? {
                        special.used_by = Some(self.id);
                    }
                }
                Entitlement::GiveAway { .. } => {}
            }
        }
        Ok(())
    }
}

fn change_card(
    facts: &mut Facts<'_>,
    card: CardAddress,
    change: impl FnOnce(&mut Card),
) -> Result<(), Halt> {
    if let Some(card) = facts.edit::<Card>(Card::key_of(card))? {
        change(card);
    }
    Ok(())
}
