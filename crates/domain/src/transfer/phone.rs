//! Giving a ticket to another phone (`domain.md` §7.1): a new ticket with new codes replaces it,
//! for the same event, place and price, and its money goes along.

use std::sync::Arc;

use super::SaleAddress;
use super::route::check_ticket;
use super::swap::{Topup, swap};
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::idempotency::Marks;
use crate::ids::{LineId, PhoneId, SaleId, Shard};
use crate::offer::Offer;
use crate::pass::Pass;
use crate::refusal::{Code, Refusal};
use crate::sale::refund::with_house;
use crate::sale::{Buyer, Entitlement, NewSale, Origin, Sale};
use crate::seating;
use crate::seller::Seller;
use crate::special_ticket::SpecialTicket;
use crate::time::Timestamp;
use crate::token::Secret;

/// Gives a ticket to another phone.
#[derive(Clone, Debug)]
pub struct MoveToPhone {
    /// The ticket.
    pub from: SaleAddress,
    /// Its event as the catalogue showed it.
    pub offer: Arc<Offer>,
    /// The seller whose season card the ticket was paid with, if it is another.
    pub partner: Option<Shard>,
    /// The new phone, in international form.
    pub phone: String,
    /// Its published number, where it is a phone that was proved before.
    pub phone_id: Option<PhoneId>,
    /// 128 random bits for the new ticket's handle.
    pub secret: Secret,
    /// By what the request is known when it comes again.
    pub marks: Marks,
    /// What the audit tells of it.
    pub note: AuditNote,
}

/// A ticket that was given away, now or when it was first asked for.
#[derive(Clone, Debug)]
pub struct MovedToPhone {
    /// The new ticket.
    pub sale: Arc<Sale>,
    /// Whether the same request had been answered before.
    pub repeated: bool,
}

impl Command for MoveToPhone {
    type Outcome = MovedToPhone;

    fn shards(&self) -> Shards {
        // The audit and the marks of signatures are the house's.
        with_house(self.from.shard, self.partner)
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Sale::key_of(self.from.shard, self.from.id));
        self.marks.keys(self.from.shard, now, keys);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<MovedToPhone, Halt> {
        if let Some(sale) = self.marks.repeat(self.from.shard, facts, now)? {
            return Ok(MovedToPhone { sale, repeated: true });
        }
        let old = self.ticket(facts)?;
        check_ticket(&old, &self.offer, now)?;
        if old.buyer.phone.as_deref() == Some(&self.phone) {
            let message = "The ticket belongs to that phone already.";
            return Err(Refusal::new(Code::ValidationFailed, message).into());
        }
        let mut old = Sale::clone(&old);
        let mut new = self.new_sale(&old, facts, now)?;
        self.marks.remember(new.shard, new.id, facts, now);
        seating::hand_over(facts, &old, &new)?;
        hand_rights_over(&old, &mut new, facts)?;
        swap(&mut old, &mut new, 0, Topup::None, facts, now)?;
        new.previous_state = None;
        facts.put(old);
        self.note.record_of(self.from.shard, facts, now);
        Ok(MovedToPhone { sale: facts.put(new), repeated: false })
    }
}

impl MoveToPhone {
    fn ticket(&self, facts: &Facts<'_>) -> Result<Arc<Sale>, Halt> {
        let seller = facts.look::<Seller>(Key::seller(self.from.shard))?;
        if seller.is_none_or(|seller| seller.catalogue_revision != self.offer.revision) {
            return Err(Halt::Stale);
        }
        let sale = facts.share::<Sale>(Sale::key_of(self.from.shard, self.from.id))?;
        let not_found = || Refusal::new(Code::TicketNotFound, "There is no such ticket.");
        let sale = sale.ok_or_else(not_found)?;
        let locked = self.shards();
        let is_locked = sale.card_sellers().all(|seller| locked.contains(seller));
        if is_locked { Ok(sale) } else { Err(Halt::Stale) }
    }

    fn new_sale(&self, old: &Sale, facts: &mut Facts<'_>, now: Timestamp) -> Result<Sale, Halt> {
        let Sale { shard, event, currency, .. } = *old;
        let id = SaleId(facts.number(shard, SaleId::KIND)?);
        let mut lines = old.lines.clone();
        for line in &mut lines {
            line.transferred_from = Some(line.id);
            line.id = LineId(facts.number(shard, LineId::KIND)?);
        }
        let original_phone = old.buyer.original_phone.clone().or(old.buyer.phone.clone());
        let new = NewSale { shard, id, secret: self.secret, event, currency };
        Ok(Sale {
            total: old.total,
            fee: old.fee,
            lines,
            places: old.places.clone(),
            seats: old.seats.clone(),
            refunds: old.refunds.clone(),
            buyer: Buyer {
                phone: Some(self.phone.clone()),
                phone_id: self.phone_id,
                original_phone,
                device_id: None,
                letters: None,
                ..old.buyer.clone()
            },
            method: old.method,
            origin: Some(Origin { from: self.from, transfer: None, card_seller: None }),
            ..Sale::new(new, now)
        })
    }
}

/// The rights that made the ticket cheaper or free are used for the new one, at the same event.
/// Store credit is money and goes with that.
fn hand_rights_over(old: &Sale, new: &mut Sale, facts: &mut Facts<'_>) -> Result<(), Halt> {
    for entitlement in old.entitlements.iter().filter(|it| !super::rights::is_credit(it)) {
        match entitlement {
            Entitlement::Pass { pass, .. } => {
                if let Some(pass) = facts.edit::<Pass>(Pass::key_of(new.shard, *pass))? {
                    pass.used.insert(new.event, new.id);
                }
            }
            Entitlement::SpecialTicket { hash, .. } | Entitlement::FederationCard { hash, .. } => {
                let key = SpecialTicket::key_of(new.shard, *hash);
                if let Some(special) = facts.edit::<SpecialTicket>(key)? {
                    special.used_by = Some(new.id);
                }
            }
            _ => {}
        }
        new.entitlements.push(entitlement.clone());
    }
    let renumbered = old.lines.iter().zip(&new.lines);
    let renumbered: Vec<_> = renumbered.map(|(old, new)| (old.id, new.id)).collect();
    for entitlement in &mut new.entitlements {
        let (Entitlement::Pass { line, .. } | Entitlement::SpecialTicket { line, .. }) =
            entitlement
        else {
            continue;
        };
        if let Some((_, after)) = renumbered.iter().find(|(before, _)| before == line) {
            *line = *after;
        }
    }
    Ok(())
}
