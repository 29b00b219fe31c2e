//! One try with one gateway: every call that moves money is an attempt with a key, a state and
//! a moment after which it may not be sent (`payments.md` §6, `design.md` §7).
//!
//! | state       | approved  | declined   | not executed  | pending ² | unknown      | 24 h later |
//! |-------------|-----------|------------|---------------|-----------|--------------|------------|
//! | Created     | Succeeded | Declined ⁵ | NotExecuted ¹ | Pending   | Unknown      | Review     |
//! | Sent        | Succeeded | Declined ⁵ | NotExecuted ¹ | Pending   | Unknown      | Review     |
//! | Unknown     | Succeeded | Declined ⁵ | NotExecuted ¹ | Pending   | Unknown ⁴    | Review     |
//! | Pending     | Succeeded | Declined   | NotExecuted ³ | Pending   | Pending      | Review     |
//! | Review      | Succeeded | Declined ⁵ | NotExecuted ⁵ | —         | —            | —          |
//! | Declined    | Succeeded | —          | —             | —         | —            | —          |
//! | NotExecuted | Succeeded | —          | —             | —         | —            | —          |
//! | Succeeded   | —         | —          | —             | —         | —            | —          |
//!
//! "—": nothing changes. "24 h later" is what an unknown or pending answer leads to by then. A
//! late approval is always accepted: money that moved has moved. A partial approval of nothing
//! is a decline.
//!
//! ¹ Not for a refund that is sent again under its key: that this call did not arrive says
//! nothing about the earlier one. Nor for a capture or a void, which are sent until they are done:
//! these are then Unknown.
//!
//! ² Only where the payer is asked on a telephone ([`PushTerms`]); elsewhere as unknown. A pending
//! attempt is asked about at the gateway's pace, and when the payer's time is over the gateway is
//! told to give it up. Where nobody is asked, a part of a split tender Succeeded: the bank has
//! promised the money ([`Attempt::settles_later`]).
//!
//! ³ The payer's time is over: [`Code::PaymentExpired`].
//!
//! ⁴ It is asked again, after longer and longer pauses. Captures and voids are not asked about but
//! sent again.
//!
//! ⁵ A capture is in Review instead and stays there, because its sale counted on the reservation:
//! only a person's word gives it up.

mod call;
mod consent;
mod result;

use serde::{Deserialize, Serialize};

pub use self::call::{CallVerb, GatewayCall, Next};
pub use self::consent::Consent;
pub use self::result::{Approval, CallResult, ChargeRef, DeclineReason};
use crate::refusal::Code;
use crate::time::{Span, Timestamp};

/// How long an attempt may stay unknown before a person must decide (`payments.md` §6.4).
pub const REVIEW_AFTER: Span = Span::hours(24);

/// The pauses between questions to the gateway; the last one repeats (`payments.md` §6.4).
pub const ASK_PAUSES: [Span; 6] = [
    Span::seconds(5),
    Span::seconds(15),
    Span::minutes(1),
    Span::minutes(5),
    Span::minutes(30),
    Span::hours(1),
];

/// What the money is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// From the buyer to us, at once.
    Charge,
    /// Kept ready with the buyer's bank; nothing moves yet.
    Authorize,
    /// What was kept ready, from the buyer to us.
    Capture,
    /// What was kept ready, free for the buyer again.
    Void,
    /// Back to the buyer.
    Refund,
}

impl Verb {
    /// Whether money comes in with it.
    #[must_use]
    pub fn takes_money(self) -> bool {
        matches!(self, Verb::Charge | Verb::Capture)
    }

    /// Whether it asks something of the buyer's means of paying. A sale asks one at a time.
    #[must_use]
    pub fn asks_payer(self) -> bool {
        matches!(self, Verb::Charge | Verb::Authorize)
    }

    /// Whether it is sent again and again until it is done, whatever the gateway promises: it can
    /// happen to a reservation once only.
    #[must_use]
    pub fn may_repeat(self) -> bool {
        matches!(self, Verb::Capture | Verb::Void)
    }
}

/// Where an attempt stands; see the table of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// Written down; no byte may have left yet.
    Created,
    /// Bytes may have left.
    Sent,
    /// The gateway was asked and nobody knows what became of it.
    Unknown,
    /// The gateway has asked the payer, who has not answered yet.
    Pending,
    /// The money moved.
    Succeeded,
    /// The gateway said no.
    Declined,
    /// Known not to have happened, and fenced: it cannot happen later.
    NotExecuted,
    /// A person must find out.
    Review,
}

impl AttemptState {
    /// Whether the outcome is still to come by itself.
    #[must_use]
    pub fn is_open(self) -> bool {
        use AttemptState::{Created, Pending, Sent, Unknown};
        matches!(self, Created | Sent | Unknown | Pending)
    }

    /// Whether its money may still move, or may have moved: nobody knows yet. It counts as gone
    /// until that is known (`payments.md` §6.7).
    #[must_use]
    pub fn may_move(self) -> bool {
        self.is_open() || self == AttemptState::Review
    }
}

/// What a gateway promises, as far as recovery depends on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayTerms {
    /// The configured name.
    pub name: String,
    /// It can be asked about a key and told to refuse it from now on, or the same key may be
    /// sent again; so "sent" may be written in the placing commit.
    pub resumable: bool,
    /// How long after the placing commit a call may still leave.
    pub send_within: Span,
    /// How long the gateway may take to answer.
    pub deadline: Span,
    /// The payer is asked on a telephone; `None` for gateways that answer at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<PushTerms>,
}

/// How a gateway asks a payer on a telephone (`payments.md` §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushTerms {
    /// The pause between two questions whether the payer has answered.
    pub poll: Span,
    /// How long the payer may take before the gateway is told to give it up.
    pub approval_within: Span,
    /// The payer finishes in a browser, with a card: what was paid goes back by the gateway. What
    /// was paid on a telephone goes back by a person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub browser: bool,
}

impl Default for PushTerms {
    /// Two seconds and five minutes (`payments.md` §3.2).
    fn default() -> PushTerms {
        PushTerms { poll: Span::seconds(2), approval_within: Span::minutes(5), browser: false }
    }
}

impl GatewayTerms {
    /// Whether only a person can pay back what it took.
    #[must_use]
    pub fn is_refunded_by_hand(&self) -> bool {
        self.push.is_some_and(|push| !push.browser)
    }
}

/// One try with one gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its place in the sale, from 1.
    pub number: u8,
    /// What the money is to do.
    pub verb: Verb,
    /// The key the gateway knows it by; made before the first try.
    pub key: String,
    /// With whom.
    pub terms: GatewayTerms,
    /// Minor units asked for.
    pub amount: i64,
    /// Minor units that moved; of a reservation those that were reserved, of a void those that
    /// are free again ([`Attempt::money`]).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub moved: i64,
    /// Where it stands.
    pub state: AttemptState,
    /// When it was written down.
    pub created_at: Timestamp,
    /// After this it may not be sent.
    pub send_before: Timestamp,
    /// When the janitor looks at it.
    pub ask_at: Timestamp,
    /// How often the gateway was asked about it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub asked: u16,
    /// The node whose question is out; 0 where there is only one node.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub asked_by: u32,
    /// The question that is out tells the gateway to refuse the key.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fencing: bool,
    /// What the approval said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Code>,
    /// What the gateway calls it until the payer has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// The charge a refund gives back, if the sale has or had more than one: money may have come
    /// with a ticket that replaced another. The reservation that is captured or voided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<ChargeRef>,
    /// Which part of a split tender it is about, from 1; `None` for refunds and in other sales.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tender: Option<u8>,
    /// The bank has promised the money, and it comes later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settles_later: bool,
    /// A holder's bank took the money back: nobody here asked for this refund.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disputed: bool,
    /// A keyed hash of the card, under which its declines are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<u128>,
    /// What the payer has agreed to.
    #[serde(default, skip_serializing_if = "Consent::is_ordinary")]
    pub consent: Consent,
}

fn is_zero<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Attempt {
    /// Writes down a new attempt; for a resumable gateway it counts as sent from now on.
    #[must_use]
    pub fn new(
        number: u8,
        verb: Verb,
        key: String,
        terms: &GatewayTerms,
        amount: i64,
        now: Timestamp,
    ) -> Attempt {
        let send_before = now.after(terms.send_within);
        Attempt {
            number,
            verb,
            key,
            amount,
            moved: 0,
            state: if terms.resumable { AttemptState::Sent } else { AttemptState::Created },
            created_at: now,
            send_before,
            ask_at: send_before.after(terms.deadline),
            asked: 0,
            asked_by: 0,
            fencing: false,
            approval: None,
            failure: None,
            handle: None,
            of: None,
            tender: None,
            settles_later: false,
            disputed: false,
            card: None,
            consent: Consent::ThisCharge,
            terms: terms.clone(),
        }
    }

    /// Minor units of money that came in with it; negative where it went out. A reservation is no
    /// money.
    #[must_use]
    pub fn money(&self) -> i64 {
        match self.verb {
            Verb::Charge | Verb::Capture => self.moved,
            Verb::Refund => -self.moved,
            Verb::Authorize | Verb::Void => 0,
        }
    }

    /// What a capture, a void or a refund of this charge names to the gateway: what was captured
    /// has the name of its reservation.
    #[must_use]
    pub fn charge_ref(&self) -> ChargeRef {
        if let (Verb::Capture, Some(reservation)) = (self.verb, &self.of) {
            return reservation.clone();
        }
        let reference = self.approval.as_ref().map(|approval| approval.reference.clone());
        ChargeRef { key: self.key.clone(), reference: reference.unwrap_or_default() }
    }

    /// Takes in what the gateway answered; see the table of the module.
    pub fn record(&mut self, result: &CallResult, now: Timestamp) {
        #[cfg(feature = "planted-bugs")]
        if crate::planted::unknown_declined(result) {
            return self.fail(AttemptState::Declined, Code::PaymentDeclined);
        }
        match result {
            CallResult::Approved(approval) => self.succeed(approval, self.amount),
            CallResult::PartiallyApproved(_, moved) if *moved <= 0 => {
                self.refuse(Code::InsufficientFunds);
            }
            CallResult::PartiallyApproved(approval, moved) => {
                self.succeed(approval, (*moved).min(self.amount));
            }
            CallResult::Declined(reason) => self.refuse(reason.code()),
            CallResult::ChallengeRequired(_) => self.refuse(Code::AuthenticationRequired),
            CallResult::NotExecuted(_) | CallResult::Misconfigured(_)
                if self.may_have_arrived_before() || self.is_sent_until_done() =>
            {
                self.wait(now);
            }
            CallResult::Misconfigured(_) if !self.is_first_try() => self.wait(now),
            CallResult::Misconfigured(_) => {
                self.fail(AttemptState::NotExecuted, Code::PaymentMethodNotAvailable);
            }
            CallResult::NotExecuted(_) if self.state == AttemptState::Pending => {
                self.fail(AttemptState::NotExecuted, Code::PaymentExpired);
            }
            CallResult::NotExecuted(_) => {
                self.fail(AttemptState::NotExecuted, Code::GatewayUnavailable);
            }
            CallResult::Pending(handle) if self.may_be_promised() => self.promise(handle),
            CallResult::Pending(handle) => self.wait_for_payer(handle, now),
            CallResult::NotFound | CallResult::Unknown(_) => self.wait(now),
        }
    }

    fn succeed(&mut self, approval: &Approval, moved: i64) {
        if self.state != AttemptState::Succeeded {
            self.state = AttemptState::Succeeded;
            self.moved = moved;
            self.approval = Some(approval.clone());
            self.failure = None;
        }
    }

    /// The bank has said that the money will come.
    fn promise(&mut self, handle: &str) {
        let approval = Approval { reference: handle.to_owned(), ..Approval::default() };
        self.succeed(&approval, self.amount);
        self.settles_later = true;
    }

    fn may_be_promised(&self) -> bool {
        let is_part = self.tender.is_some() && self.verb != Verb::Void;
        is_part && self.terms.push.is_none() && self.state.is_open()
    }

    /// The gateway said no. A sale that counted on a reservation needs a person.
    fn refuse(&mut self, code: Code) {
        if self.verb != Verb::Capture {
            self.fail(AttemptState::Declined, code);
        } else if self.state.is_open() {
            self.fail(AttemptState::Review, code);
        }
    }

    /// A person has found out that a capture will not be.
    pub(crate) fn give_up(&mut self) {
        let code = self.failure.unwrap_or(Code::GatewayUnavailable);
        self.fail(AttemptState::NotExecuted, code);
    }

    fn fail(&mut self, state: AttemptState, code: Code) {
        if self.state.is_open() || self.state == AttemptState::Review {
            self.state = state;
            self.failure = Some(code);
        }
    }

    fn wait(&mut self, now: Timestamp) {
        if !self.state.is_open() {
            return;
        }
        if now >= self.created_at.after(REVIEW_AFTER) {
            self.state = AttemptState::Review;
        } else if self.state != AttemptState::Pending {
            self.state = AttemptState::Unknown;
        }
        self.ask_later(now);
    }

    /// The payer has been asked: the gateway tells at its pace what came of it.
    fn wait_for_payer(&mut self, handle: &str, now: Timestamp) {
        let push = self.terms.push.filter(|_| self.state.is_open() && !self.payer_is_late(now));
        let Some(push) = push else { return self.wait(now) };
        self.state = AttemptState::Pending;
        self.handle = Some(handle.to_owned());
        self.ask_at = now.after(push.poll).min(self.created_at.after(push.approval_within));
    }

    /// Whether the payer's time is over and the gateway is to be told so.
    #[must_use]
    pub fn payer_is_late(&self, now: Timestamp) -> bool {
        let late = |push: PushTerms| now >= self.created_at.after(push.approval_within);
        self.state == AttemptState::Pending
            && self.past_sending(now)
            && self.terms.push.is_some_and(late)
    }

    /// Whether that a call did not arrive means no more than that it is sent again.
    fn is_sent_until_done(&self) -> bool {
        self.verb == Verb::Capture || (self.verb == Verb::Void && self.state.is_open())
    }

    fn is_first_try(&self) -> bool {
        matches!(self.state, AttemptState::Created | AttemptState::Sent)
    }

    fn may_have_arrived_before(&self) -> bool {
        self.verb == Verb::Refund && self.state == AttemptState::Unknown && !self.fencing
    }

    /// Puts the next question off, a little longer each time.
    fn ask_later(&mut self, now: Timestamp) {
        let last = ASK_PAUSES.len() - 1;
        self.ask_at = now.after(ASK_PAUSES[usize::from(self.asked).min(last)]);
        self.asked = self.asked.saturating_add(1);
    }

    /// Notes that a question about it goes out now. This is `node`'s claim: it is made under the
    /// seller's lock, and nobody else asks before its answer must have come.
    pub fn question(&mut self, fencing: bool, node: u32, now: Timestamp) {
        self.asked_by = node;
        if self.state != AttemptState::Pending {
            self.state = AttemptState::Unknown;
        }
        self.fencing = fencing;
        self.ask_at = now.after(self.terms.send_within).after(self.terms.deadline);
    }

    /// Lets it be sent from now on; only for what can do no harm when it arrives twice.
    pub fn send_again(&mut self, now: Timestamp) {
        #[cfg(feature = "planted-bugs")]
        if crate::planted::is(crate::planted::Bug::RefundTwice) {
            self.key.push('+');
        }
        self.send_before = now.after(self.terms.send_within);
        self.ask_at = self.send_before.after(self.terms.deadline);
    }

    /// Whether its gateway can say more about it than it has said.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        match self.state {
            AttemptState::Pending => true,
            AttemptState::Unknown => self.terms.resumable,
            _ => false,
        }
    }

    /// Whether no byte of it can arrive at the gateway any more unless it has already.
    #[must_use]
    pub fn past_sending(&self, now: Timestamp) -> bool {
        #[cfg(feature = "planted-bugs")]
        if crate::planted::is(crate::planted::Bug::JanitorEarly) {
            return true;
        }
        now >= self.send_before.after(self.terms.deadline)
    }

    /// Whether "the gateway does not know the key" may be made final by a fence: nothing can be
    /// on its way any more, and that was not the answer to a fence, which would never end.
    #[must_use]
    pub fn may_be_fenced(&self, now: Timestamp) -> bool {
        let is_looked_up = self.state.is_open() && self.terms.resumable && !self.verb.may_repeat();
        is_looked_up && self.past_sending(now) && !self.fencing
    }
}
