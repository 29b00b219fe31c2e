//! One try with one gateway: every call that moves money is an attempt with a key, a state and
//! a moment after which it may not be sent (`payments.md` §6, `design.md` §7).
//!
//! | state       | approved  | declined   | not executed  | pending ² | unknown      | 24 h later |
//! |-------------|-----------|------------|---------------|-----------|--------------|------------|
//! | Created     | Succeeded | Declined   | NotExecuted   | Pending   | Unknown      | Review     |
//! | Sent        | Succeeded | Declined   | NotExecuted   | Pending   | Unknown      | Review     |
//! | Unknown     | Succeeded | Declined   | NotExecuted ¹ | Pending   | Unknown ⁴    | Review     |
//! | Pending     | Succeeded | Declined   | NotExecuted ³ | Pending   | Pending      | Review     |
//! | Review      | Succeeded | Declined   | NotExecuted   | —         | —            | —          |
//! | Declined    | Succeeded | —          | —             | —         | —            | —          |
//! | NotExecuted | Succeeded | —          | —             | —         | —            | —          |
//! | Succeeded   | —         | —          | —             | —         | —            | —          |
//!
//! "—": nothing changes. "24 h later" is what an unknown or pending answer leads to by then. A
//! late approval is always accepted: money that moved has moved. A partial approval of nothing
//! is a decline.
//!
//! ¹ Not for a refund that is sent again under its key: that this call did not arrive says
//! nothing about the earlier one.
//!
//! ² Only where the payer is asked on a telephone ([`PushTerms`]); elsewhere as unknown. A pending
//! attempt is asked about at the gateway's pace, and when the payer's time is over the gateway is
//! told to give it up.
//!
//! ³ The payer's time is over: [`Code::PaymentExpired`].
//!
//! ⁴ It is asked again, after longer and longer pauses.

use serde::{Deserialize, Serialize};

use crate::ids::{SaleId, Shard};
use crate::money::Money;
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
    /// Back to the buyer.
    Refund,
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

/// Why a gateway said no (`payments.md` §1.5, §2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// Try again or use another card.
    Soft,
    /// Not enough money.
    InsufficientFunds,
    /// Lost, stolen, blocked, fraud.
    HardAccount,
    /// Expired.
    HardExpiry,
    /// The number is no card.
    CardInvalid,
    /// The security code is wrong.
    CvcInvalid,
    /// The bank wants the buyer to prove who they are.
    AuthenticationRequired,
    /// The buyer tried to prove who they are and failed.
    AuthenticationFailed,
    /// The payer said no on the telephone.
    RejectedByPayer,
}

impl DeclineReason {
    /// The published code.
    #[must_use]
    pub fn code(self) -> Code {
        match self {
            DeclineReason::Soft => Code::PaymentDeclined,
            DeclineReason::InsufficientFunds => Code::InsufficientFunds,
            DeclineReason::HardAccount => Code::PaymentBlocked,
            DeclineReason::HardExpiry => Code::CardExpired,
            DeclineReason::CardInvalid => Code::CardInvalid,
            DeclineReason::CvcInvalid => Code::CvcInvalid,
            DeclineReason::AuthenticationRequired => Code::AuthenticationRequired,
            DeclineReason::AuthenticationFailed => Code::AuthenticationFailed,
            DeclineReason::RejectedByPayer => Code::PaymentRejectedByPayer,
        }
    }
}

/// What an approval says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The gateway's own id of the payment.
    pub reference: String,
    /// The issuer's code, if told.
    pub auth_code: Option<String>,
    /// First six and last four digits, if told; never more.
    pub card_mask: Option<String>,
}

/// What a gateway answered, or what we know of its silence (`payments.md` §0).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallResult {
    /// The money moved, all of it.
    Approved(Approval),
    /// The money moved, but less than asked, in minor units.
    PartiallyApproved(Approval, i64),
    /// The gateway said no; no money moved.
    Declined(DeclineReason),
    /// Accepted, the answer comes later; the handle names it at the gateway.
    Pending(String),
    /// The buyer must prove who they are; the data starts that.
    ChallengeRequired(String),
    /// Known not to have happened, and it cannot happen later.
    NotExecuted(String),
    /// The gateway does not know the key: nothing has happened *yet*.
    NotFound,
    /// Sent, and nobody knows what became of it. Never folded into `Declined`.
    Unknown(String),
}

/// Names a charge at its gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeRef {
    /// The key it was made with.
    pub key: String,
    /// The gateway's own id of it, from its approval.
    pub reference: String,
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
    /// Minor units that moved.
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
    /// The charge a refund gives back, if it is not one of the same sale: money may have come
    /// with a ticket that replaced another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<ChargeRef>,
    /// A keyed hash of the card, under which its declines are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<u128>,
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
            card: None,
            terms: terms.clone(),
        }
    }

    /// What a refund of this charge names to the gateway.
    #[must_use]
    pub fn charge_ref(&self) -> ChargeRef {
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
                self.fail(AttemptState::Declined, Code::InsufficientFunds);
            }
            CallResult::PartiallyApproved(approval, moved) => {
                self.succeed(approval, (*moved).min(self.amount));
            }
            CallResult::Declined(reason) => self.fail(AttemptState::Declined, reason.code()),
            CallResult::ChallengeRequired(_) => {
                self.fail(AttemptState::Declined, Code::AuthenticationRequired);
            }
            CallResult::NotExecuted(_) if self.may_have_arrived_before() => self.wait(now),
            CallResult::NotExecuted(_) if self.state == AttemptState::Pending => {
                self.fail(AttemptState::NotExecuted, Code::PaymentExpired);
            }
            CallResult::NotExecuted(_) => {
                self.fail(AttemptState::NotExecuted, Code::GatewayUnavailable);
            }
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
        self.state.is_open() && self.terms.resumable && self.past_sending(now) && !self.fencing
    }
}

/// What to ask of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallVerb {
    /// Take the money. The card, if one is needed, travels beside the call in memory only.
    Charge,
    /// Give back what the charge with this key and reference took.
    Refund {
        /// The charge's key.
        charge_key: String,
        /// The charge's id at the gateway.
        reference: String,
    },
    /// What became of the key?
    Lookup,
    /// Refuse the key from now on, unless it has already been executed.
    Fence,
}

/// A call that the loop must make next, outside any transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayCall {
    /// Whose sale.
    pub shard: Shard,
    /// Which sale.
    pub sale: SaleId,
    /// The other seller that must be locked when the result is brought, if there is one.
    pub partner: Option<Shard>,
    /// Which attempt of it.
    pub attempt: u8,
    /// The gateway's name.
    pub gateway: String,
    /// The attempt's key.
    pub key: String,
    /// What to ask.
    pub verb: CallVerb,
    /// How much.
    pub money: Money,
    /// After this moment the call may not leave.
    pub send_before: Timestamp,
    /// How long to wait for the answer.
    pub deadline: Span,
}

/// What a sale needs next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Write down that bytes may leave, then make the call.
    Mark(GatewayCall),
    /// Make the call and bring the result.
    Call(GatewayCall),
    /// Nothing until then; the janitor goes on from the stored row.
    Wait(Timestamp),
    /// Nothing at all.
    Done,
}
