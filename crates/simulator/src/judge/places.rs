//! Places, counted by the judge from the sales it sees.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{EventId, QuotaId, Shard, TicketTypeId};
use domain::quota::Quota;
use domain::sale::{Sale, SaleState};
use store::testing::{GROUND, TERRACE, TERRACE_ROWS};

use super::prices::{self, Program};
use crate::season::FINAL_PLACES;

/// What is taken of one quota, and its limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Taken {
    held: i64,
    sold: i64,
    limit: i64,
}

/// Every quota, as counted and as stored.
#[derive(Default)]
pub(super) struct Places {
    counted: BTreeMap<(Shard, QuotaId), Taken>,
    stored: BTreeMap<(Shard, QuotaId), Taken>,
    /// As it was after the last commit that touched it.
    before: BTreeMap<(Shard, QuotaId), Taken>,
    touched: BTreeSet<(Shard, QuotaId)>,
}

impl Places {
    /// A sale counts so often: 1 when it is seen anew, -1 for how it was seen before.
    pub(super) fn count(&mut self, sale: &Sale, times: i64) {
        for (line, left) in sale.lines.iter().zip(prices::left(sale)) {
            for quota in quotas_of(sale.event, line.ticket_type) {
                let key = (sale.shard, *quota);
                let taken = self.counted.entry(key).or_default();
                let count = times * left;
                match sale.state {
                    SaleState::AwaitingPayment | SaleState::UnderReview => taken.held += count,
                    SaleState::Issued => taken.sold += count,
                    _ => {}
                }
                self.touched.insert(key);
            }
        }
        if sale.state.holds_places() {
            self.leave_shared(sale, times);
        }
    }

    /// What a ticket that waits will take over from the one it replaces is still that one's.
    fn leave_shared(&mut self, sale: &Sale, times: i64) {
        for place in &sale.takes_over.places {
            let taken = self.counted.entry((sale.shard, place.quota)).or_default();
            taken.held -= times * i64::from(place.count);
        }
    }

    /// A quota was stored.
    pub(super) fn store(&mut self, quota: &Quota) {
        let key = (quota.shard, quota.id);
        let limit = quota.limit.map_or(i64::MAX, i64::from);
        let taken = Taken { held: quota.held.into(), sold: quota.sold.into(), limit };
        self.stored.insert(key, taken);
        self.counted.entry(key).or_default().limit = limit;
        self.touched.insert(key);
    }

    /// What is wrong after a commit, if anything: the rule and the finding.
    pub(super) fn end_commit(&mut self) -> Option<(&'static str, String)> {
        let touched = std::mem::take(&mut self.touched);
        touched.into_iter().find_map(|key| self.check(key))
    }

    fn check(&mut self, key: (Shard, QuotaId)) -> Option<(&'static str, String)> {
        let counted = self.counted.get(&key).copied().unwrap_or_default();
        let stored = self.stored.get(&key).copied().unwrap_or_default();
        let before = self.before.insert(key, counted).unwrap_or_default();
        let finding = || format!("quota {key:?}: stored {stored:?}, counted {counted:?}");
        if counted != stored {
            return Some(("a quota says what its sales say", finding()));
        }
        // A limit that is lowered takes nothing back, and may be lowered last in its batch.
        let taken = |at: Taken| at.held + at.sold;
        let limit = counted.limit.max(before.limit);
        let over = taken(counted) > limit && taken(counted) > taken(before);
        over.then(|| ("no place is sold twice", finding()))
    }
}

fn quotas_of(event: EventId, kind: TicketTypeId) -> &'static [QuotaId] {
    match prices::program(event) {
        Program::Match if kind == TERRACE => &[GROUND, TERRACE_ROWS],
        Program::Match => &[GROUND],
        Program::Final => &[FINAL_PLACES],
        Program::Seated => &[],
    }
}
