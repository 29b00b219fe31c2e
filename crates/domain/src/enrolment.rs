//! The proof of who a card's holder is, obtained before an order (3-D Secure, `payments.md` §1.8).
//!
//! | state         | what happened                          | next state    |
//! |---------------|----------------------------------------|---------------|
//! | —             | started, the gateway is asked          | Started       |
//! | Started       | the bank asks for nothing              | Authenticated |
//! | Started       | the bank wants to ask the holder       | Challenge     |
//! | Started, Challenge | the holder failed, or cannot be asked | Failed    |
//! | Challenge     | the bank wants one more step           | Challenge     |
//! | Challenge     | the holder passed                      | Authenticated |
//! | Authenticated | the order it was obtained for          | Used          |
//! | all but Used  | 15 minutes later                       | Expired ¹     |
//!
//! Used and Failed are final. A proof is good for one order of the same buyer, amount and
//! currency: that order's commit uses it up. ¹ Computed from the time, not stored; the janitor then
//! forgets the card's token, with which nothing more can be paid.

mod advance;
mod forget;
mod order_id;
mod start;

use serde::{Deserialize, Serialize};

pub use self::advance::{AdvanceEnrolment, EnrolmentEvent};
pub use self::forget::ForgetCardToken;
pub use self::order_id::{ORDER_ID_LENGTH, OrderId, OrderReference};
pub use self::start::{STARTS_PER_CALLER, STARTS_PER_SESSION, StartEnrolment, Starter};
use crate::facts::{Facts, Halt, Key};
use crate::ids::{CustomerOrderId, EnrolmentId, PrincipalId, Shard};
use crate::money::Money;
use crate::phone::SavedToken;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::sale::Buyer;
use crate::time::{Span, Timestamp};
use crate::transfer::TransferAddress;

/// How long an authentication may take and its proof be used (`domain.md` §2.2).
pub const PROOF_WITHIN: Span = Span::minutes(15);

/// Where an enrolment stands; see the table of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentState {
    /// The gateway is being asked.
    Started,
    /// The holder is being asked.
    Challenge,
    /// The holder passed.
    Authenticated,
    /// An order was paid with it.
    Used,
    /// The holder did not pass.
    Failed,
    /// Too much time has gone by.
    Expired,
}

/// Who obtained a proof; only they may use it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofOwner {
    /// The caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<PrincipalId>,
    /// The device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// The proved phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whoever shows the handle of this transfer's payment session, and nobody else: then there is
    /// none of the three above. No request can name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<TransferAddress>,
    /// The order of the seller that is paid with it, and nothing else. No request can name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<CustomerOrderId>,
}

impl From<&Buyer> for ProofOwner {
    fn from(buyer: &Buyer) -> ProofOwner {
        ProofOwner {
            principal: buyer.principal,
            device_id: buyer.device_id.clone(),
            phone: buyer.phone.clone(),
            transfer: None,
            order: None,
        }
    }
}

/// A proof of who a card's holder is, on its way or done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Whose sale it is for.
    pub shard: Shard,
    /// Its number.
    pub id: EnrolmentId,
    /// The 12 characters by which gateway and buyer know it.
    pub order_id: OrderId,
    /// With whom.
    pub gateway: String,
    /// What is to be paid, and nothing else.
    pub money: Money,
    /// Who may use it.
    pub owner: ProofOwner,
    /// Where it stands.
    pub state: EnrolmentState,
    /// When it was started.
    pub started_at: Timestamp,
    /// The gateway's name of it, to ask what came of the challenge; gone with the card's token. It
    /// may hold the proof, sealed by the gateway's adapter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// The gateway's token of the card; gone once the proof was used, or failed, or is too old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_token: Option<SavedToken>,
    /// Whether that token is one of a saved card, and not good for one charge only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub card_is_saved: bool,
    /// First six and last four digits of the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_mask: Option<String>,
    /// The allowance of declines that a failure counts against.
    pub card_hash: u128,
    /// SHA-256 of the gateway's proof, once there is one. The proof itself is never stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof_hash: Option<[u8; 32]>,
    /// Where the holder's browser goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Code>,
}

impl Enrolment {
    /// Where it lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: EnrolmentId) -> Key {
        Key::number(shard, Kind::Enrolment, id.0)
    }

    /// Until when it can be used.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.started_at.after(PROOF_WITHIN)
    }

    /// Where it stands at `now`.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> EnrolmentState {
        match self.state {
            EnrolmentState::Used | EnrolmentState::Failed => self.state,
            _ if now >= self.expires_at() => EnrolmentState::Expired,
            state => state,
        }
    }

    /// When its token of the card must be forgotten; `None` when it has none.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.card_token.as_ref().map(|_| self.expires_at())
    }

    /// The work of the state machine that ends it: nothing to charge with stays behind.
    fn end(&mut self, state: EnrolmentState) {
        self.state = state;
        self.forget();
    }

    /// Neither the card nor what proves its holder is needed any more.
    fn forget(&mut self) {
        self.card_token = None;
        self.handle = None;
    }
}

/// What an order shows to be paid with a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofClaim {
    /// The order id that the proof was obtained under.
    pub order_id: OrderId,
    /// SHA-256 of the gateway's proof.
    pub proof_hash: [u8; 32],
}

/// Uses up the proof that `claim` names, in the commit of the order it pays. `money` is what the
/// order costs and `owner` who orders.
///
/// # Errors
/// [`Code::AuthenticationInvalid`] when there is no such proof, when it is for something or
/// somebody else, used, or older than [`PROOF_WITHIN`]. Which of these it is is not told, because
/// that would tell a stranger what others have obtained.
pub fn consume(
    facts: &mut Facts<'_>,
    shard: Shard,
    claim: &ProofClaim,
    money: Money,
    owner: &ProofOwner,
    now: Timestamp,
) -> Result<(), Halt> {
    let key = Enrolment::key_of(shard, claim.order_id.number());
    let fits = |enrolment: &Enrolment| {
        enrolment.state_at(now) == EnrolmentState::Authenticated
            && enrolment.order_id == claim.order_id
            && enrolment.proof_hash == Some(claim.proof_hash)
            && enrolment.money == money
            && enrolment.owner == *owner
    };
    if !facts.look::<Enrolment>(key)?.is_some_and(fits) {
        return Err(invalid().into());
    }
    if let Some(enrolment) = facts.edit::<Enrolment>(key)? {
        enrolment.end(EnrolmentState::Used);
    }
    Ok(())
}

fn invalid() -> Refusal {
    let message = "The proof of 3-D Secure does not belong to this order, or is used or too old. \
                   Start it again with /threeDSecure/start; nothing was charged.";
    Refusal::new(Code::AuthenticationInvalid, message)
}
