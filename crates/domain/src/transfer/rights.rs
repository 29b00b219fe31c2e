//! Rights that were used instead of money, when their ticket moves (`domain.md` §4.2).
//!
//! Store credit is money and always goes along. Free tickets of a season card and a team pass go
//! along if they made the whole ticket free and entitle to the target, too; else they are given
//! back, and the new ticket is paid for. Single-use codes, federations' cards and gifts are for
//! what they were given for, so they stay.

use super::route::TargetLine;
use crate::card::{Card, CardAddress};
use crate::facts::{Facts, Halt};
use crate::offer::Offer;
use crate::pass::Pass;
use crate::sale::{Entitlement, Sale, SaleState};
use crate::time::Timestamp;

/// Whether free tickets and passes made the whole of `sale` free and go along to `target`.
pub(super) fn go_along(
    sale: &Sale,
    target: &Offer,
    lines: &[TargetLine<'_>],
    facts: &Facts<'_>,
    now: Timestamp,
) -> Result<bool, Halt> {
    // The rights of a ticket that ended were given back and are somebody else's to use.
    if sale.state != SaleState::Issued {
        return Ok(false);
    }
    let mut covered = 0;
    for entitlement in &sale.entitlements {
        let (count, entitles) = match entitlement {
            Entitlement::FreeTickets { card, count, .. } => {
                (*count, card_entitles(sale, *card, *count, target, facts, now)?)
            }
            Entitlement::Pass { pass, .. } => {
                let key = Pass::key_of(sale.shard, *pass);
                let pass = facts.look::<Pass>(key)?;
                (1, pass.is_some_and(|pass| pass_entitles(sale, pass, target, lines)))
            }
            _ => return Ok(false),
        };
        if !entitles {
            return Ok(false);
        }
        covered += count;
    }
    let admissions: u32 = lines.iter().map(|line| line.priced.count).sum();
    Ok(covered > 0 && covered == admissions)
}

fn card_entitles(
    sale: &Sale,
    address: CardAddress,
    count: u32,
    target: &Offer,
    facts: &Facts<'_>,
    now: Timestamp,
) -> Result<bool, Halt> {
    let Some(mut card) = facts.look::<Card>(Card::key_of(address))?.cloned() else {
        return Ok(false);
    };
    if target.event.owner_cards_not_allowed || !card.is_good_at(target.shard(), facts)? {
        return Ok(false);
    }
    card.return_tickets(sale.event, count, now);
    Ok(card.take_tickets(target.event_id(), count, now).is_ok())
}

fn pass_entitles(sale: &Sale, pass: &Pass, target: &Offer, lines: &[TargetLine<'_>]) -> bool {
    let mut tried = pass.clone();
    tried.give_back(sale.event);
    target.shard() == pass.shard
        && target.event.series == Some(pass.series)
        && lines.iter().all(|line| line.priced.ticket_type.id == pass.ticket_type)
        && tried.take(target.event_id(), sale.id).is_ok()
}

/// Gives back what the old ticket used, but for its store credit, which is money.
pub(super) fn give_back(old: &Sale, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
    let mut without_credit = old.clone();
    without_credit.entitlements.retain(|it| !is_credit(it));
    without_credit.return_entitlements(facts, now)
}

/// Uses the rights of the old ticket for the new one; only after [`go_along`] and [`give_back`].
pub(super) fn take_along(
    old: &Sale,
    new: &mut Sale,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    for entitlement in old.entitlements.iter().filter(|it| !is_credit(it)) {
        match entitlement {
            Entitlement::FreeTickets { card, count, .. } => {
                if let Some(card) = facts.edit::<Card>(Card::key_of(*card))? {
                    card.take_tickets(new.event, *count, now)?;
                }
                new.entitlements.push(entitlement.clone());
            }
            Entitlement::Pass { pass, .. } => {
                if let Some(pass) = facts.edit::<Pass>(Pass::key_of(new.shard, *pass))? {
                    pass.take(new.event, new.id)?;
                }
                let line = new.lines.first().map(|line| line.id).unwrap_or_default();
                new.entitlements.push(Entitlement::Pass { pass: *pass, line });
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn is_credit(entitlement: &Entitlement) -> bool {
    matches!(entitlement, Entitlement::StoreCredit { .. })
}
