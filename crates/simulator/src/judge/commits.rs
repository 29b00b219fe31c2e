//! What the judge makes of each commit.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::attempt::{AttemptState, REVIEW_AFTER, Verb};
use domain::effect::Effect;
use domain::ids::SaleId;
use domain::record::{Kind, Record};
use domain::sale::{Sale, SaleState};
use domain::time::Timestamp;
use store::Due;
use store::changes::Changes;

use super::{Judge, Seen, prices, sales};
use crate::book::Book;
use crate::plan::Bank;

impl Judge {
    /// Something was committed.
    pub(crate) fn sees_commit(&mut self, changes: &Changes, book: &Book, now: Timestamp) {
        for sale in sales_in_order(changes) {
            self.sees_sale(sale, changes, book, now);
        }
        for change in &changes.records {
            match &change.after {
                Record::Sale(_) => {}
                Record::Quota(quota) => self.places.store(quota),
                other => self.sees_other(other),
            }
        }
        let changed = sales_in_order(changes).iter().map(|sale| sale.id).collect();
        self.check_successors(&changed);
        let wrong = self.places.end_commit();
        let wrong = wrong.or_else(|| self.seats.end_commit());
        let wrong = wrong.or_else(|| self.cards.end_commit());
        let wrong = wrong.or_else(|| self.books.see(&changes.postings, &changes.balances));
        if let Some((rule, finding)) = wrong {
            self.blame(rule, || finding);
        }
        self.sees_work(changes);
        self.owed.extend(changes.owed.iter().map(|owed| (owed.shard, owed.id)));
        for done in &changes.outbox_done {
            self.owed.remove(done);
        }
    }

    fn sees_other(&mut self, record: &Record) {
        match record {
            Record::SeatBlock(block) => self.seats.see_block(block),
            Record::Reservation(hold) => self.seats.see_hold(hold),
            Record::Card(card) => self.cards.store(card),
            Record::Transfer(it) => drop(self.transfers.insert((it.shard, it.id), it.clone())),
            Record::Task(task) => drop(self.tasks.insert((task.shard, task.id), task.clone())),
            Record::Gate(gate) => drop(self.gates.insert((gate.shard, gate.event), gate.clone())),
            Record::EventBook(book) => self.books.see_event(book),
            _ => {}
        }
    }

    fn sees_sale(&mut self, sale: &Arc<Sale>, changes: &Changes, book: &Book, now: Timestamp) {
        let old = self.sales.get(&sale.id).map(|seen| Arc::clone(&seen.sale));
        match &old {
            None => self.sees_new_sale(sale),
            Some(old) => {
                if let Some(rule) = sales::check_change(old, sale) {
                    self.blame(rule, || format!("from {old:?} to {sale:?}"));
                }
                self.places.count(old, -1);
                self.cards.count(old, -1);
            }
        }
        self.places.count(sale, 1);
        self.cards.count(sale, 1);
        self.seats.see_sale(old.as_deref(), sale);
        self.sees_ticket(old.as_deref(), sale);
        if old.as_ref().is_none_or(|old| old.state != sale.state) {
            self.sees_state(sale, changes, book, now);
        }
        if let Some(seen) = self.sales.get_mut(&sale.id) {
            seen.sale = Arc::clone(sale);
            // One batch may take a sale two steps on, and answers after each.
            seen.states.extend(sale.previous_state.map(SaleState::name));
            seen.states.insert(sale.state.name());
        }
        for attempt in &sale.attempts {
            if !self.attempts.contains_key(&attempt.key) {
                self.attempts.insert(attempt.key.clone(), sale.id);
            }
        }
    }

    fn sees_new_sale(&mut self, sale: &Arc<Sale>) {
        if let Some(origin) = sale.origin {
            return self.sees_new_ticket(sale, origin.from.id);
        }
        let Some(asked) = self.asked.get(&sale.secret.0).cloned() else {
            return self.blame("every sale was asked for", || format!("{sale:?}"));
        };
        let lines = sale.lines.iter().map(|line| (line.ticket_type, line.count));
        let total = prices::price_of(&asked);
        let to_pay = total - prices::credit(sale);
        let as_asked = lines.eq(asked.lines.iter().copied())
            && sale.total == total
            && self.sellers[asked.seller].shard == sale.shard
            && sale.attempts.len() == usize::from(to_pay > 0);
        if !as_asked {
            self.blame("a sale is what was asked for", || format!("{asked:?}: {sale:?}"));
        }
        let again = self.sales.values().any(|seen| seen.sale.secret == sale.secret);
        if again || self.sealed.contains(&sale.secret.0) {
            self.blame("a request makes one sale, and none if it failed", || format!("{sale:?}"));
        }
        if let Some(key) = asked.key {
            let (_, earlier) = self.keys.entry((asked.seller, key)).or_default();
            if earlier.replace(sale.id).is_some() {
                self.blame("a buyer's key leads to one sale", || format!("key {key}: {sale:?}"));
            }
        }
        self.insert(sale, asked.order, sale.id, total);
    }

    fn sees_new_ticket(&mut self, sale: &Arc<Sale>, from: SaleId) {
        let Some(origin) = sale.origin else { return };
        let price = self.check_successor(sale, origin.from);
        let root = self.sales.get(&from).map(|seen| (seen.order, seen.root));
        let (order, root) = root.unwrap_or((u32::MAX, sale.id));
        self.insert(sale, order, root, price);
    }

    fn insert(&mut self, sale: &Arc<Sale>, order: u32, root: SaleId, price: i64) {
        let (sale, states) = (Arc::clone(sale), BTreeSet::new());
        self.sales.insert(sale.id, Seen { sale, states, order, root, price });
    }

    fn sees_state(&mut self, sale: &Sale, changes: &Changes, book: &Book, now: Timestamp) {
        match sale.state {
            SaleState::Issued if sale.total > 0 && !self.paid_for(sale, book, now) => {
                self.blame("nothing is live without its money", || format!("{sale:?}"));
            }
            SaleState::UnderReview => self.sees_review(sale, changes),
            _ => {}
        }
    }

    /// Whether the money for a ticket that has just become live is there. Some may be on its way
    /// back, where it replaced another or was paid back in the same batch.
    fn paid_for(&self, sale: &Sale, book: &Book, now: Timestamp) -> bool {
        let Some(root) = self.sales.get(&sale.id).map(|seen| (seen.root, seen.price)) else {
            return false;
        };
        let (root, price) = root;
        let kept = prices::kept(sale, price);
        if sale.origin.is_none() && sale.refunds.is_empty() {
            return money(sale, book, now) == kept;
        }
        let others = self.sales.values().map(|seen| (seen.root, &*seen.sale));
        let family = others.filter(|(of, other)| *of == root && other.id != sale.id);
        let all = family.map(|(_, other)| other).chain([sale]);
        all.map(|it| money(it, book, now) + prices::by_hand(it)).sum::<i64>() >= kept
    }

    fn sees_review(&mut self, sale: &Sale, changes: &Changes) {
        if !self.may_be_reviewed(sale, changes.at) {
            self.blame("a person is asked for a reason", || format!("{sale:?}"));
        }
        let told = changes.owed.iter().any(|owed| match &owed.effect {
            Effect::SaleNeedsReview { sale: id, .. } => *id == sale.id,
            Effect::PaymentReturned { .. } | Effect::Mail { .. } => false,
        });
        if !told {
            self.blame("the operator is told of a review", || format!("{sale:?}"));
        }
    }

    /// Only a gateway that cannot be asked, or one that had nothing to say, leaves it to a
    /// person, and not before a day is over.
    fn may_be_reviewed(&self, sale: &Sale, now: Timestamp) -> bool {
        let Some(charge) = sale.charge() else { return false };
        let order = self.sales.get(&sale.id).map_or(u32::MAX, |seen| seen.order);
        let payer = self.payers.get(&charge.key).copied().unwrap_or(order);
        let silent = matches!(self.banks.get(&payer), Some(Bank::Fails { .. }));
        charge.state == AttemptState::Review
            && now >= charge.created_at.after(REVIEW_AFTER)
            && (silent || !charge.terms.resumable)
    }

    /// The work table names exactly what the sales say is open.
    fn sees_work(&mut self, changes: &Changes) {
        for due in &changes.due_removed {
            if !self.due.remove(due) {
                self.blame("the work table is what the sales say", || format!("no {due:?}"));
            }
        }
        self.due.extend(&changes.due_added);
        for change in &changes.records {
            let Record::Sale(sale) = &change.after else { continue };
            let open = sale.attempts.iter().filter(|attempt| attempt.state.is_open());
            let expected = open.map(|attempt| attempt.ask_at).min();
            let of_sale = |due: &&Due| due.kind == Kind::Sale && due.number == sale.id.0;
            let stored: Vec<_> = self.due.iter().filter(of_sale).map(|due| due.at).collect();
            if stored != expected.into_iter().collect::<Vec<_>>() {
                self.blame("the work table is what the sales say", || {
                    format!("it has {stored:?} for {sale:?}")
                });
            }
        }
    }
}

/// What the gateway has taken and not given back for a sale.
pub(super) fn money(sale: &Sale, book: &Book, now: Timestamp) -> i64 {
    let moved = |verb| -> i64 {
        let attempts = sale.attempts.iter().filter(|attempt| attempt.verb == verb);
        attempts.map(|attempt| book.moved(&attempt.key, now)).sum()
    };
    moved(Verb::Charge) - moved(Verb::Refund)
}

/// The sales of a commit, each after the one that it replaces.
fn sales_in_order(changes: &Changes) -> Vec<&Arc<Sale>> {
    let mut waiting: Vec<_> = changes
        .records
        .iter()
        .filter_map(|change| match &change.after {
            Record::Sale(sale) => Some(sale),
            _ => None,
        })
        .collect();
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let names: BTreeSet<_> = waiting.iter().map(|sale| sale.id).collect();
        let waits = |sale: &Sale| sale.origin.is_some_and(|it| names.contains(&it.from.id));
        let (later, now): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|sale| waits(sale));
        ordered.extend(now);
        waiting = later;
    }
    ordered
}
