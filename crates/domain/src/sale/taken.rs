//! What a sale has taken from others, and the only code that takes or gives it after placing:
//! places of quotas, numbered seats, and entitlements.

use super::{Entitlement, Goods, Place, Sale};
use crate::card::{Card, return_credit};
use crate::catalogue::Event;
use crate::club::{contract, overdue};
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
        if let Goods::Contract { contract: id } = self.goods {
            contract::not_sold(self, id, facts, now)?;
        }
        overdue::not_paid(self, facts, now)?;
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
        #[cfg(feature = "planted-bugs")]
        if crate::planted::is(crate::planted::Bug::SeatKept) {
            return Ok(());
        }
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
        self.entitlements.iter().try_for_each(|right| self.return_one(right, facts, now))
    }

    /// Gives back one right that was used instead of money.
    pub(super) fn return_one(
        &self,
        right: &Entitlement,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        match right {
            Entitlement::FreeTickets { card, count, .. } => {
                if let Some(card) = facts.edit::<Card>(Card::key_of(*card))? {
                    card.return_tickets(self.event, *count, now);
                }
            }
            Entitlement::StoreCredit { card, amount, .. } => {
                return_credit(facts, *card, *amount, now)?;
            }
            Entitlement::Pass { pass, .. } => {
                if let Some(pass) = facts.edit::<Pass>(Pass::key_of(self.shard, *pass))? {
                    pass.give_back(self.event);
                }
            }
            Entitlement::SpecialTicket { hash, .. } | Entitlement::FederationCard { hash, .. } => {
                let key = SpecialTicket::key_of(self.shard, *hash);
                if let Some(special) = facts.edit::<SpecialTicket>(key)? {
                    special.used_by = None;
                }
            }
            Entitlement::GiveAway { .. } => {}
        }
        Ok(())
    }

    /// Takes everything anew for an approval that came late: equal places if all are free, the
    /// same seats if nobody has them, the same rights if they are still there. True when it could.
    pub(super) fn retake(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
        if matches!(self.goods, Goods::Contract { .. } | Goods::Instalment { .. }) {
            // The member was told that nothing was sold, and may have bought again since; what
            // fell due is tried anew.
            return Ok(false);
        }
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
        if !seating::are_free(facts, self)? || !self.use_entitlements_again(facts, now)? {
            return Ok(false);
        }
        self.change_places(facts, |quota, count| quota.sold += count)?;
        seating::retake(facts, self, now)?;
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

    /// Uses every right again, or none of them; true when it could.
    fn use_entitlements_again(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
        for (index, right) in self.entitlements.iter().enumerate() {
            if !self.use_again(right, facts, now)? {
                let used = &self.entitlements[..index];
                used.iter().try_for_each(|right| self.return_one(right, facts, now))?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Uses a right again if it is still there.
    fn use_again(
        &self,
        right: &Entitlement,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<bool, Halt> {
        Ok(match right {
            Entitlement::FreeTickets { card, count, .. } => {
                let card = facts.edit::<Card>(Card::key_of(*card))?;
                card.is_some_and(|card| card.take_tickets(self.event, *count, now).is_ok())
            }
            Entitlement::StoreCredit { card, amount, .. } => {
                let card = facts.edit::<Card>(Card::key_of(*card))?;
                card.is_some_and(|card| card.take_credit(*amount, now).is_ok())
            }
            Entitlement::Pass { pass, .. } => {
                let pass = facts.edit::<Pass>(Pass::key_of(self.shard, *pass))?;
                pass.is_some_and(|pass| pass.take(self.event, self.id).is_ok())
            }
            Entitlement::SpecialTicket { hash, .. } | Entitlement::FederationCard { hash, .. } => {
                let key = SpecialTicket::key_of(self.shard, *hash);
                let special = facts.edit::<SpecialTicket>(key)?;
                let special = special.filter(|special| special.used_by.is_none());
                special.map(|special| special.used_by = Some(self.id)).is_some()
            }
            Entitlement::GiveAway { .. } => true,
        })
    }
}
