//! A provider says by itself that something happened to a payment.

use super::{NewTask, TaskKind, ask_person};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::idempotency::{Idempotency, Identity, Mark};
use crate::ids::{SaleId, Shard};
use crate::money::Money;
use crate::record::Kind;
use crate::sale::Sale;
use crate::sale::refund::LostDispute;
use crate::time::Timestamp;

/// For how many days before today a message is recognised when it comes again: providers repeat
/// one for three days (`payments.md` §2.3), and clocks differ.
const REMEMBERED_DAYS: u32 = 4;

/// Takes a message in, once; asks a person where only a person can act.
#[derive(Clone, Debug)]
pub struct TakeNotice {
    /// Whose sale it is about.
    pub shard: Shard,
    /// Which sale.
    pub sale: SaleId,
    /// The key of the payment that it is about.
    pub key: String,
    /// Who sent it, by the configured name; only a gateway that was paid through is believed.
    pub gateway: String,
    /// The same whenever the message comes: a hash of sender and message.
    pub message: u128,
    /// What a person is asked, if the message asks for one.
    pub ask: Option<NoticeTask>,
    /// A dispute that was lost, with the key of the payment as its charge. It is booked; where the
    /// rules cannot do that, the task says why.
    pub lost: Option<LostDispute>,
}

/// What a person is asked because of a message.
#[derive(Clone, Debug)]
pub struct NoticeTask {
    /// Why.
    pub kind: TaskKind,
    /// How much it is about, if the message says so.
    pub money: Option<Money>,
    /// What happened and what to do.
    pub text: String,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noticed {
    /// It came for the first time.
    Now,
    /// It came before; nothing was done.
    Before,
    /// No payment of that key went through that gateway; nothing was done.
    Unknown,
}

impl Command for TakeNotice {
    type Outcome = Noticed;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Sale::key_of(self.shard, self.sale));
        keys.extend(self.rows(now));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Noticed, Halt> {
        let sale = facts.share::<Sale>(Sale::key_of(self.shard, self.sale))?;
        let Some(sale) = sale.filter(|sale| self.is_about(sale)) else {
            return Ok(Noticed::Unknown);
        };
        let mut known = false;
        for row in self.rows(now) {
            known |= facts.look::<Idempotency>(row)?.is_some();
        }
        if known {
            return Ok(Noticed::Before);
        }
        let booked = self.lose(&sale, facts, now)?;
        if let Some(NoticeTask { kind, money, mut text }) = self.ask.clone() {
            text.push_str(&booked);
            let (sale, transfer) = (Some(self.sale), None);
            ask_person(facts, self.shard, NewTask { kind, sale, transfer, money, text }, now)?;
        }
        self.mark().remember(self.shard, self.sale, facts, now);
        Ok(Noticed::Now)
    }
}

impl TakeNotice {
    fn is_about(&self, sale: &Sale) -> bool {
        let mut attempts = sale.attempts.iter();
        attempts.any(|attempt| attempt.key == self.key && attempt.terms.name == self.gateway)
    }

    /// Books a dispute that was lost; brings what the task says of it.
    fn lose(&self, sale: &Sale, facts: &mut Facts<'_>, now: Timestamp) -> Result<String, Halt> {
        let Some(lost) = &self.lost else { return Ok(String::new()) };
        let mut changed = sale.clone();
        match changed.lose_dispute(lost, facts, now) {
            Ok(()) => {
                facts.put(changed);
                Ok(" The seller owes it. The tickets stay good until somebody ends them.".into())
            }
            Err(Halt::Refused(refusal)) => {
                Ok(format!(" Nothing was booked: {} Book it by hand.", refusal.message))
            }
            Err(halt) => Err(halt),
        }
    }

    fn mark(&self) -> Mark {
        Mark::Key(self.shard, Identity { hash: self.message, fingerprint: 0 })
    }

    /// Where the message may have been written down; tomorrow too, if another node's clock is
    /// ahead.
    fn rows(&self, now: Timestamp) -> impl Iterator<Item = Key> + use<> {
        let (shard, message, today) = (self.shard, self.message, now.day());
        let days = today.saturating_sub(REMEMBERED_DAYS)..=today.saturating_add(1);
        days.map(move |day| Key::hashed(shard, Kind::Idempotency, day, message))
    }
}
