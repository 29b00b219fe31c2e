//! One question to the gateway that keeps a subscription, and what its answer means.

use std::sync::Arc;

use super::{
    DOUBT_MAX, Interval, LOOK_EVERY, QUESTION_TIME, RENEWALS_MAX, Subscription,
    SubscriptionStanding, SubscriptionState, SubscriptionTold,
};
use crate::agency::{Agency, Customer, CustomerOrder};
use crate::attempt::{ASK_PAUSES, CallResult, ChargeRef};
use crate::books::OwnerBook;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{CustomerOrderId, Shard};
use crate::money::Money;
use crate::record::Kind;
use crate::task::{NewTask, TaskKind, ask_person};
use crate::time::Timestamp;

/// Brings the subscription of one order forward; nothing for an order that has none.
#[derive(Clone, Debug)]
pub struct SubscriptionStep {
    /// The agency.
    pub shard: Shard,
    /// The order.
    pub order: CustomerOrderId,
    /// What happened.
    pub event: SubscriptionEvent,
}

/// What brings a subscription forward.
#[derive(Clone, Debug)]
pub enum SubscriptionEvent {
    /// Somebody looks whether anything is due.
    Look,
    /// The gateway says that something happened; a hint, so it is asked.
    Hinted,
    /// The gateway's answer to the question of this number.
    Answered(u32, SubscriptionAnswer),
}

/// What a gateway answered: the subscription, `None` where there is none of that key and none can
/// come of what was sent, or why it did not tell.
pub type SubscriptionAnswer = Result<Option<SubscriptionTold>, CallResult>;

/// What is asked of a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionVerb {
    /// Keep one, unless there is one of the key.
    Keep,
    /// How does it stand?
    Read,
    /// End it, if there is one.
    End,
}

/// A question to a gateway, made outside any transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionCall {
    /// What is asked.
    pub verb: SubscriptionVerb,
    /// The number of the question; the answer brings it back.
    pub question: u32,
    /// The gateway's configured name.
    pub gateway: String,
    /// The key of the subscription.
    pub key: String,
    /// What the gateway calls it, once it has said so.
    pub reference: Option<String>,
    /// The key of the customer: the same for all orders of one.
    pub customer_key: String,
    /// What the gateway calls the customer, once it has said so.
    pub customer: Option<String>,
    /// The first payment, whose means of paying is kept.
    pub charge: ChargeRef,
    /// For each period.
    pub money: Money,
    /// How often.
    pub interval: Interval,
    /// When the second period begins.
    pub starts_at: Timestamp,
    /// What bills say, for people.
    pub description: String,
}

impl Command for SubscriptionStep {
    /// The order, if it has a subscription, and what its gateway is to be asked.
    type Outcome = Option<(Arc<CustomerOrder>, Option<SubscriptionCall>)>;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(CustomerOrder::key_of(self.shard, self.order));
        if matches!(self.event, SubscriptionEvent::Answered(..)) {
            keys.extend([Key::seller(self.shard), Agency::key_of(self.shard)]);
            keys.push(Key::number(self.shard, Kind::Organiser, 0));
            keys.push(OwnerBook::key_of(self.shard));
        }
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Self::Outcome, Halt> {
        let key = CustomerOrder::key_of(self.shard, self.order);
        let Some(before) = facts.share::<CustomerOrder>(key)? else { return Ok(None) };
        let mut order = CustomerOrder::clone(&before);
        let Some(mut subscription) = order.subscription.take() else { return Ok(None) };
        match &self.event {
            SubscriptionEvent::Look => {}
            SubscriptionEvent::Hinted => subscription.hinted(now),
            SubscriptionEvent::Answered(question, answer) => {
                subscription.answered(&order, *question, answer, facts, now)?;
            }
        }
        let verb = subscription.question(now);
        order.subscription = Some(subscription);
        let call = match verb {
            Some(verb) => call(&order, verb, facts)?,
            None => None,
        };
        let order = if *before == order { before } else { facts.put(order) };
        Ok(Some((order, call)))
    }
}

impl Subscription {
    /// What has ended for good is not asked about; its last bills were read with its end.
    fn hinted(&mut self, now: Timestamp) {
        if self.state != SubscriptionState::Cancelled {
            self.ask_now(now);
        }
    }

    /// Notes that a question goes out, if one is due. Nobody else asks before its time is over.
    fn question(&mut self, now: Timestamp) -> Option<SubscriptionVerb> {
        if !self.is_due(now) {
            return None;
        }
        (self.asking, self.ask_again) = (true, false);
        self.question = self.question.wrapping_add(1);
        self.ask_at = Some(now.after(QUESTION_TIME));
        Some(match self.state {
            SubscriptionState::Wanted => SubscriptionVerb::Keep,
            SubscriptionState::Ending => SubscriptionVerb::End,
            _ => SubscriptionVerb::Read,
        })
    }

    fn answered(
        &mut self,
        order: &CustomerOrder,
        question: u32,
        answer: &SubscriptionAnswer,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if question != self.question || !self.asking {
            return Ok(());
        }
        self.asking = false;
        match answer {
            Ok(Some(told)) => self.take_in(order, told, facts, now)?,
            Ok(None) => self.is_not_there(order, facts, now)?,
            Err(result) => self.did_not_answer(order, result, facts, now)?,
        }
        if std::mem::take(&mut self.ask_again) && self.state != SubscriptionState::Cancelled {
            self.ask_at = Some(now);
        }
        Ok(())
    }

    fn take_in(
        &mut self,
        order: &CustomerOrder,
        told: &SubscriptionTold,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        self.silences = 0;
        self.reference = Some(told.reference.clone());
        remember_customer(order, &self.terms.name, told.customer.as_deref(), facts)?;
        if !self.book_paid(order, &told.paid, facts, now)? {
            self.not_all_booked(order, facts, now)?;
        }
        let is_ending = self.state == SubscriptionState::Ending;
        self.ask_at = Some(now.after(LOOK_EVERY));
        match told.standing {
            // There are more bills to read before nobody asks any more.
            SubscriptionStanding::Ended if self.ask_again => self.ask_at = Some(now),
            SubscriptionStanding::Ended => {
                (self.state, self.ask_at) = (SubscriptionState::Cancelled, None);
            }
            // It was ended while this was asked, or is not ended yet.
            _ if is_ending => self.ask_later(now),
            SubscriptionStanding::Running => self.state = SubscriptionState::Active,
            SubscriptionStanding::PastDue => self.state = SubscriptionState::PastDue,
        }
        Ok(())
    }

    /// More is booked after the next question. An order that was renewed for twenty years has no
    /// room for more, and a person books the rest.
    fn not_all_booked(
        &mut self,
        order: &CustomerOrder,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if self.renewals.len() < RENEWALS_MAX {
            self.ask_again = true;
            return Ok(());
        }
        if std::mem::replace(&mut self.told, true) {
            return Ok(());
        }
        let what = "It was renewed so often that later periods are not booked any more; end its \
                    subscription, and place a new order.";
        self.ask_person(order, what, facts, now)
    }

    /// The gateway has none of this key.
    fn is_not_there(
        &mut self,
        order: &CustomerOrder,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        match self.state {
            SubscriptionState::Ending => {
                (self.state, self.ask_at) = (SubscriptionState::Cancelled, None);
                Ok(())
            }
            _ => {
                let unknown = CallResult::Unknown("The gateway does not know it.".into());
                self.did_not_answer(order, &unknown, facts, now)
            }
        }
    }

    fn did_not_answer(
        &mut self,
        order: &CustomerOrder,
        result: &CallResult,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let is_final = matches!(
            result,
            CallResult::Declined(_) | CallResult::NotExecuted(_) | CallResult::Misconfigured(_)
        );
        let is_wanted = self.state == SubscriptionState::Wanted;
        let is_late = now >= self.since.after(DOUBT_MAX) && self.is_in_doubt();
        self.ask_later(now);
        if is_wanted && (is_final || is_late) {
            self.state = SubscriptionState::Failed;
        }
        // Only a message makes it be looked for again.
        if self.state == SubscriptionState::Failed {
            self.ask_at = None;
        }
        if self.told || !(is_late || (is_wanted && is_final)) {
            return Ok(());
        }
        self.told = true;
        self.ask_person(order, self.what_to_do(is_final), facts, now)
    }

    fn is_in_doubt(&self) -> bool {
        matches!(self.state, SubscriptionState::Wanted | SubscriptionState::Ending)
    }

    fn ask_later(&mut self, now: Timestamp) {
        let last = ASK_PAUSES.len() - 1;
        self.ask_at = Some(now.after(ASK_PAUSES[usize::from(self.silences).min(last)]));
        self.silences = self.silences.saturating_add(1);
    }

    fn what_to_do(&self, is_refused: bool) -> &'static str {
        match self.state {
            SubscriptionState::Ending => {
                "It is not known whether the gateway has ended this subscription; end it there."
            }
            _ if is_refused => {
                "The gateway keeps no subscription for this order; its first period is paid. Come \
                 to terms with the customer about the later ones."
            }
            _ => {
                "It is not known whether the gateway keeps this subscription; look there, and end \
                 it if it does."
            }
        }
    }

    fn ask_person(
        &self,
        order: &CustomerOrder,
        what: &str,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let key = Subscription::key_of(order.uid);
        let text = format!("Order {}: {what} Its key is {key}.", order.public_id());
        let money = Some(Money::new(self.recurring.amount, order.currency));
        let sale = order.payments.last().copied();
        let kind = TaskKind::SubscriptionInDoubt;
        let task = NewTask { kind, sale, transfer: None, money, text };
        ask_person(facts, order.shard, task, now).map(drop)
    }
}

/// A customer is made at a gateway once, and named from then on.
fn remember_customer(
    order: &CustomerOrder,
    gateway: &str,
    told: Option<&str>,
    facts: &mut Facts<'_>,
) -> Result<(), Halt> {
    let (Some(id), Some(told)) = (order.customer, told) else { return Ok(()) };
    let key = Customer::key_of(order.shard, id);
    let Some(customer) = facts.look::<Customer>(key)? else { return Ok(()) };
    if customer.gateway_names.contains_key(gateway) {
        return Ok(());
    }
    let mut customer = customer.clone();
    customer.gateway_names.insert(gateway.to_owned(), told.to_owned());
    facts.put(customer);
    Ok(())
}

fn call(
    order: &CustomerOrder,
    verb: SubscriptionVerb,
    facts: &Facts<'_>,
) -> Result<Option<SubscriptionCall>, Halt> {
    let Some(subscription) = &order.subscription else { return Ok(None) };
    let customer = match order.customer {
        Some(id) => facts.look::<Customer>(Customer::key_of(order.shard, id))?,
        None => None,
    };
    let gateway = subscription.terms.name.clone();
    let key = Subscription::key_of(order.uid);
    Ok(Some(SubscriptionCall {
        verb,
        question: subscription.question,
        reference: subscription.reference.clone(),
        customer_key: customer
            .map_or_else(|| format!("{key}_customer"), |it| format!("cus_{:032x}", it.uid.0)),
        customer: customer.and_then(|it| it.gateway_names.get(&gateway).cloned()),
        charge: subscription.charge.clone(),
        money: Money::new(subscription.recurring.amount, order.currency),
        interval: subscription.recurring.interval,
        starts_at: subscription.starts_at,
        description: format!("Order {}", order.public_id()),
        gateway,
        key,
    }))
}
