//! Season cards: what is used of each, by what the sales say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::card::{Card, CardAddress, CardState};
use domain::ids::{CardId, EventId, Shard};
use domain::sale::{Entitlement, Sale, SaleState};

/// What sales used of one card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Used {
    credit: i64,
    tickets: BTreeMap<EventId, i64>,
}

/// Every card, as counted and as stored.
#[derive(Default)]
pub(super) struct Cards {
    used: BTreeMap<(Shard, CardId), Used>,
    stored: BTreeMap<(Shard, CardId), Arc<Card>>,
    touched: BTreeSet<(Shard, CardId)>,
}

impl Cards {
    /// A sale counts so often: 1 when it is seen anew, -1 for how it was seen before.
    pub(super) fn count(&mut self, sale: &Sale, times: i64) {
        let live = matches!(
            sale.state,
            SaleState::AwaitingPayment | SaleState::UnderReview | SaleState::Issued
        );
        // Credit of a ticket that was cancelled without a refund stays spent.
        let spent = live || sale.state == SaleState::Cancelled;
        for right in &sale.entitlements {
            match right {
                Entitlement::StoreCredit { card, amount, .. } if spent => {
                    self.used(*card).credit += times * amount;
                }
                Entitlement::FreeTickets { card, count, .. } if live => {
                    let tickets = self.used(*card).tickets.entry(sale.event).or_default();
                    *tickets += times * i64::from(*count);
                }
                _ => {}
            }
        }
    }

    fn used(&mut self, card: CardAddress) -> &mut Used {
        self.touched.insert((card.shard, card.id));
        self.used.entry((card.shard, card.id)).or_default()
    }

    /// A card was stored.
    pub(super) fn store(&mut self, card: &Arc<Card>) {
        self.touched.insert((card.shard, card.id));
        self.stored.insert((card.shard, card.id), Arc::clone(card));
    }

    /// The first card of an order.
    pub(super) fn first_of(&self, sale: &Sale) -> Option<CardAddress> {
        let mut cards = self.stored.values().filter(|card| card.sale == Some(sale.id));
        cards.next().map(|card| CardAddress { shard: card.shard, id: card.id })
    }

    /// What is wrong after a commit, if anything: the rule and the finding.
    pub(super) fn end_commit(&mut self) -> Option<(&'static str, String)> {
        let touched = std::mem::take(&mut self.touched);
        touched.into_iter().find_map(|key| self.check(key))
    }

    fn check(&self, key: (Shard, CardId)) -> Option<(&'static str, String)> {
        let used = self.used.get(&key).cloned().unwrap_or_default();
        let Some(card) = self.stored.get(&key) else {
            return Some(("a card that is used is there", format!("{key:?}")));
        };
        let finding = || format!("{card:?}: counted {used:?}");
        let tickets: i64 = used.tickets.values().sum();
        let too_many = |most: Option<u32>, count: i64| most.is_some_and(|it| count > it.into());
        let per_event = used.tickets.values().max().copied().unwrap_or(0);
        if card.credit < 0 || card.credit > card.credit_granted {
            return Some(("credit is never below zero or above what was bought", finding()));
        }
        if too_many(card.tickets_max, tickets) || too_many(card.tickets_per_event_max, per_event) {
            return Some(("no card gives more free tickets than were bought", finding()));
        }
        // What comes back to a card that was paid back is nobody's to use.
        let credit_agrees =
            card.state == CardState::Refunded || card.credit_granted - card.credit == used.credit;
        let agrees = i64::from(card.tickets_used) == tickets && credit_agrees;
        (!agrees).then(|| ("a card says what its sales say", finding()))
    }

    /// What every card has left, by the name of its account.
    pub(super) fn credits(&self) -> impl Iterator<Item = ((Shard, String), i64)> {
        self.stored
            .values()
            .map(|card| ((card.shard, format!("store_credit:{}", card.id.0)), card.credit))
    }
}
