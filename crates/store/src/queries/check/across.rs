//! What sellers have with each other: season cards used at another club, and tickets that moved.
//!
//! Each entry is a difference that comes to zero when every seller has been looked at, and is
//! dropped as soon as it does.

use std::collections::BTreeMap;
use std::hash::Hash;

use domain::card::{Card, CardAddress};
use domain::ids::{EventId, Shard};
use domain::ledger::Account;
use domain::sale::{Entitlement, Sale, SaleState};

use super::CheckReport;
use crate::snapshot::Balance;

/// Differences between sellers, so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Across {
    /// Free tickets that a card says were used at an event, less those that sales say.
    tickets: BTreeMap<(Shard, u32, EventId), i128>,
    /// What the books owe a card's holder, less what the card says, less what open sales hold.
    credit: BTreeMap<(Shard, u32), i128>,
    /// What two sellers owe each other, by currency; the lower number first.
    between: BTreeMap<(Shard, Shard, String), i128>,
}

fn add<K: Ord + Hash>(differences: &mut BTreeMap<K, i128>, key: K, amount: i128) {
    use std::collections::btree_map::Entry;
    match differences.entry(key) {
        Entry::Vacant(_) if amount == 0 => {}
        Entry::Vacant(entry) => drop(entry.insert(amount)),
        Entry::Occupied(mut entry) => {
            *entry.get_mut() += amount;
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

/// Whether the sale still has the rights that it used.
pub(super) fn uses_rights(sale: &Sale) -> bool {
    sale.state.holds_places() || sale.state == SaleState::Issued
}

impl Across {
    pub(super) fn add_card(&mut self, card: &Card) {
        let (shard, id) = (card.shard, card.id.0);
        for (event, used) in &card.used_by_event {
            add(&mut self.tickets, (shard, id, *event), (*used).into());
        }
        add(&mut self.credit, (shard, id), -i128::from(card.credit));
    }

    pub(super) fn add_sale(&mut self, sale: &Sale) {
        if !uses_rights(sale) {
            return;
        }
        for entitlement in &sale.entitlements {
            match entitlement {
                Entitlement::FreeTickets { card: CardAddress { shard, id }, count, .. } => {
                    let key = (*shard, id.0, sale.event);
                    add(&mut self.tickets, key, -i128::from(*count));
                }
                // Booked when the sale is issued; before, it is held.
                Entitlement::StoreCredit { card: CardAddress { shard, id }, amount, .. }
                    if sale.state.holds_places() =>
                {
                    add(&mut self.credit, (*shard, id.0), -i128::from(*amount));
                }
                _ => {}
            }
        }
    }

    pub(super) fn add_balance(&mut self, shard: Shard, balance: &Balance) {
        let amount = i128::from(balance.amount);
        match balance.account {
            Account::StoreCredit(card) => add(&mut self.credit, (shard, card.0), -amount),
            Account::Between(other) => {
                let key = (shard.min(other), shard.max(other), balance.currency.clone());
                add(&mut self.between, key, amount);
            }
            _ => {}
        }
    }

    /// Adds what was seen of another shard.
    pub(crate) fn absorb(&mut self, other: Across) {
        other.tickets.into_iter().for_each(|(key, by)| add(&mut self.tickets, key, by));
        other.credit.into_iter().for_each(|(key, by)| add(&mut self.credit, key, by));
        other.between.into_iter().for_each(|(key, by)| add(&mut self.between, key, by));
    }

    /// Whether all that was seen fits together.
    pub(crate) fn agrees(&self) -> bool {
        self.tickets.is_empty() && self.credit.is_empty() && self.between.is_empty()
    }

    /// Tells what does not, once every shard was looked at.
    pub(crate) fn report(&self, report: &mut CheckReport) {
        for ((shard, card, event), by) in &self.tickets {
            report.find(format!(
                "Card {card} of shard {} says {by} more free tickets were used for event {} than \
                 sales say.",
                shard.0, event.0
            ));
        }
        for ((shard, card), by) in &self.credit {
            report.find(format!(
                "The books owe card {card} of shard {} {by} more than is on it and held by open \
                 sales.",
                shard.0
            ));
        }
        for ((one, other, currency), by) in &self.between {
            report.find(format!(
                "What shards {} and {} owe each other differs by {by} {currency}.",
                one.0, other.0
            ));
        }
    }
}
