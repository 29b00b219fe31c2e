//! What the judge makes of each commit.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::attempt::{AttemptState, REVIEW_AFTER, Verb};
use domain::effect::Effect;
use domain::ids::TicketTypeId;
use domain::record::{Kind, Record};
use domain::sale::{Sale, SaleState};
use domain::time::Timestamp;
use store::Due;
use store::changes::Changes;
use store::testing::{ADULT, CHILD};

use super::{Judge, Seen, sales};
use crate::book::Book;
use crate::plan::Bank;

impl Judge {
    /// Something was committed.
    pub(crate) fn sees_commit(&mut self, changes: &Changes, book: &Book, now: Timestamp) {
        for change in &changes.records {
            match &change.after {
                Record::Sale(sale) => self.sees_sale(sale, changes, book, now),
                Record::Quota(quota) => self.places.store(quota),
                _ => {}
            }
        }
        let wrong = self.places.end_commit();
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

    fn sees_sale(&mut self, sale: &Arc<Sale>, changes: &Changes, book: &Book, now: Timestamp) {
        let old = self.sales.get(&sale.id).map(|seen| Arc::clone(&seen.sale));
        match &old {
            None => self.sees_new_sale(sale),
            Some(old) => {
                if let Some(rule) = sales::check_change(old, sale) {
                    self.blame(rule, || format!("from {old:?} to {sale:?}"));
                }
                self.places.count(old, -1);
            }
        }
        self.places.count(sale, 1);
        if old.as_ref().is_none_or(|old| old.state != sale.state) {
            self.sees_state(sale, changes, book, now);
        }
        if let Some(seen) = self.sales.get_mut(&sale.id) {
            seen.sale = Arc::clone(sale);
            seen.states.insert(sale.state.name());
        }
        for attempt in &sale.attempts {
            if !self.attempts.contains_key(&attempt.key) {
                self.attempts.insert(attempt.key.clone(), sale.id);
            }
        }
    }

    fn sees_new_sale(&mut self, sale: &Arc<Sale>) {
        let Some(asked) = self.asked.get(&sale.secret.0).cloned() else {
            return self.blame("every sale was asked for", || format!("{sale:?}"));
        };
        let lines = sale.lines.iter().map(|line| (line.ticket_type, line.count));
        let total: i64 = asked.lines.iter().map(|line| price(line.0) * i64::from(line.1)).sum();
        let as_asked = lines.eq(asked.lines.iter().copied())
            && sale.total == total
            && self.sellers[asked.seller].shard == sale.shard
            && sale.attempts.len() == usize::from(total > 0);
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
        let seen = Seen { sale: Arc::clone(sale), states: BTreeSet::new(), order: asked.order };
        self.sales.insert(sale.id, seen);
    }

    fn sees_state(&mut self, sale: &Sale, changes: &Changes, book: &Book, now: Timestamp) {
        match sale.state {
            SaleState::Issued if sale.total > 0 => {
                let taken = money(sale, book, now);
                if taken != sale.total {
                    let finding = || format!("{taken} was taken for {sale:?}");
                    self.blame("nothing is live without its money", finding);
                }
            }
            SaleState::UnderReview => self.sees_review(sale, changes),
            _ => {}
        }
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
        let silent = matches!(self.banks.get(&order), Some(Bank::Fails { .. }));
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

fn price(kind: TicketTypeId) -> i64 {
    match kind {
        ADULT => 5_000,
        CHILD => 0,
        _ => 7_000,
    }
}
