//! Which payment a line is about.
//!
//! A line names its payment by our key or by the gateway's reference, and no index leads from
//! either to a sale; so all sales are looked at once, page by page, beside all lines. A refund may
//! be named by its charge; then the amount tells which refund of it is meant.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::attempt::{Attempt, ChargeRef, Verb};
use domain::ids::{SaleId, Shard};
use domain::sale::Sale;
use domain::settlement::{Judgement, LineKind, brought_in, judge};
use domain::time::Timestamp;
use gateway::borgun::order_id;
use store::{Fault, PAGE_ROWS_MAX, Store};

use super::read::ReadLine;

/// Where the payment of a line is, and what the line means for it as things are now.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) shard: Shard,
    pub(super) sale: SaleId,
    pub(super) attempt: u8,
    pub(super) judgement: Judgement,
}

/// What a look at all sales has found.
#[derive(Debug, Default)]
pub(super) struct Matched {
    /// An entry a line; `None` where the till knows no such payment.
    pub(super) found: Vec<Option<Found>>,
    /// Payments through the gateway that moved before the moment asked for and that neither this
    /// file nor an earlier one has settled, by seller; at most as many as asked for.
    pub(super) missing: BTreeMap<Shard, Vec<(SaleId, u8)>>,
    /// How many there are.
    pub(super) missing_count: usize,
    /// Whether any payment ever went through the gateway.
    pub(super) gateway_known: bool,
}

/// What to look for.
pub(super) struct Search<'l> {
    pub(super) gateway: &'l str,
    pub(super) lines: &'l [ReadLine],
    /// Payments from before this moment should have been settled; `None`: none is missed.
    pub(super) missing_before: Option<Timestamp>,
    /// How many missing payments are told.
    pub(super) missing_max: usize,
}

impl Search<'_> {
    /// Looks at every sale.
    pub(super) async fn run(&self, store: &Store) -> Result<Matched, Fault> {
        let mut matcher = Matcher::new(self);
        for shard in store.sellers().await? {
            let mut after = SaleId(0);
            loop {
                let sales = store.sales(shard, after, PAGE_ROWS_MAX).await?;
                let Some(last) = sales.last() else { break };
                after = last.id;
                sales.iter().for_each(|sale| matcher.look(sale));
            }
        }
        Ok(matcher.finish())
    }
}

struct Matcher<'l> {
    search: &'l Search<'l>,
    by_hash: HashMap<u128, usize>,
    by_name: HashMap<&'l str, Vec<usize>>,
    /// Of lines that are about no such charge or refund, the first payment that they name.
    named: HashMap<usize, Found>,
    matched: Matched,
}

impl<'l> Matcher<'l> {
    fn new(search: &'l Search<'l>) -> Matcher<'l> {
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_hash = HashMap::new();
        for (index, line) in search.lines.iter().enumerate() {
            by_hash.insert(line.line.hash(search.gateway), index);
            for name in &line.names {
                by_name.entry(name).or_default().push(index);
            }
        }
        let found = search.lines.iter().map(|_| None).collect();
        let matched = Matched { found, ..Matched::default() };
        Matcher { search, by_hash, by_name, named: HashMap::new(), matched }
    }

    fn look(&mut self, sale: &Sale) {
        let of_gateway = |attempt: &&Attempt| attempt.terms.name == self.search.gateway;
        let attempts: Vec<&Attempt> = sale.attempts.iter().filter(of_gateway).collect();
        if attempts.is_empty() {
            return;
        }
        self.matched.gateway_known = true;
        let mut taken = HashSet::new();
        for settled in &sale.settled {
            if let Some(index) = self.by_hash.get(&settled.line) {
                self.take(*index, sale, settled.attempt, &mut taken);
            }
        }
        let moves = |attempt: &&&Attempt| brought_in(attempt.verb, 1) != 0;
        let moving: Vec<&Attempt> = attempts.iter().filter(moves).copied().collect();
        for attempt in &moving {
            let names = own_names(attempt);
            self.match_one(sale, attempt, &names, false, &mut taken);
        }
        for attempt in moving.iter().filter(|attempt| attempt.verb == Verb::Refund) {
            let names = charge_names(sale, attempt);
            self.match_one(sale, attempt, &names, true, &mut taken);
        }
        moving.iter().for_each(|attempt| self.note_named(sale, attempt));
        for attempt in sale.unsettled().filter(of_gateway) {
            if !taken.contains(&attempt.number) {
                self.miss(sale, attempt);
            }
        }
    }

    /// Gives a line without a payment to this attempt, if one names it and is about such a one.
    fn match_one(
        &mut self,
        sale: &Sale,
        attempt: &Attempt,
        names: &[String],
        same_amount: bool,
        taken: &mut HashSet<u8>,
    ) {
        if taken.contains(&attempt.number) {
            return;
        }
        let wanted = match attempt.verb {
            Verb::Refund if attempt.disputed => LineKind::Chargeback,
            Verb::Refund => LineKind::Refund,
            _ => LineKind::Charge,
        };
        let fits = |index: &usize| {
            let line = &self.search.lines[*index].line;
            self.matched.found[*index].is_none()
                && line.kind == wanted
                && (!same_amount || line.amount == attempt.moved)
        };
        let mut indexes = names.iter().filter_map(|name| self.by_name.get(name.as_str())).flatten();
        if let Some(index) = indexes.find(|index| fits(index)).copied() {
            self.take(index, sale, attempt.number, taken);
        }
    }

    /// A line may name a payment that is not what it says: a dispute, a refund of which the till
    /// knows nothing. Whether a later sale has what it says is known at the end.
    fn note_named(&mut self, sale: &Sale, attempt: &Attempt) {
        for name in own_names(attempt) {
            for index in self.by_name.get(name.as_str()).into_iter().flatten() {
                if !self.named.contains_key(index) {
                    let found = self.found(*index, sale, attempt);
                    self.named.insert(*index, found);
                }
            }
        }
    }

    fn found(&self, index: usize, sale: &Sale, attempt: &Attempt) -> Found {
        let line = &self.search.lines[index].line;
        let judgement = judge(line, self.search.gateway, Some((sale, attempt)));
        Found { shard: sale.shard, sale: sale.id, attempt: attempt.number, judgement }
    }

    fn take(&mut self, index: usize, sale: &Sale, number: u8, taken: &mut HashSet<u8>) {
        let attempt = sale.attempts.iter().find(|attempt| attempt.number == number);
        let Some(attempt) = attempt else { return };
        taken.insert(number);
        self.matched.found[index] = Some(self.found(index, sale, attempt));
    }

    fn finish(mut self) -> Matched {
        for (index, found) in self.matched.found.iter_mut().enumerate() {
            if found.is_none() {
                *found = self.named.remove(&index);
            }
        }
        self.matched
    }

    fn miss(&mut self, sale: &Sale, attempt: &Attempt) {
        let Some(before) = self.search.missing_before else { return };
        if attempt.created_at >= before {
            return;
        }
        if self.matched.missing_count < self.search.missing_max {
            let missing = self.matched.missing.entry(sale.shard).or_default();
            missing.push((sale.id, attempt.number));
        }
        self.matched.missing_count += 1;
    }
}

/// What a gateway may call this very attempt: by our key, by the short form that Borgun takes of
/// it, or by its own reference. What was captured has the names of its reservation, too.
fn own_names(attempt: &Attempt) -> Vec<String> {
    let reference = attempt.approval.as_ref().map(|approval| approval.reference.clone());
    let key = attempt.key.clone();
    let own = ChargeRef { key, reference: reference.unwrap_or_default() };
    let reserved = attempt.of.clone().filter(|_| attempt.verb == Verb::Capture);
    let mut names = names_of(own);
    names.extend(attempt.handle.clone());
    names.extend(reserved.into_iter().flat_map(names_of));
    names
}

/// What a gateway may call the charge that a refund gives back.
fn charge_names(sale: &Sale, refund: &Attempt) -> Vec<String> {
    let charge = refund.of.clone().or_else(|| sale.charge().map(Attempt::charge_ref));
    charge.into_iter().flat_map(names_of).collect()
}

fn names_of(charge: ChargeRef) -> Vec<String> {
    let short = order_id(&charge.key);
    let mut names = vec![charge.key, charge.reference, short];
    names.retain(|name| !name.is_empty());
    names
}
