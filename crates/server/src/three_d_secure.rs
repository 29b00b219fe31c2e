//! 3-D Secure between the gateways and the rules (`payments.md` §1.8): for the operations that an
//! app calls, and for pages of our own.
//!
//! The card becomes a token first, so that its number need not be kept until the holder's browser
//! comes back. What proves the holder is never stored: it is asked for again, by the handle.

mod proof;
pub(crate) mod way_back;

use std::sync::Arc;

use domain::attempt::CallResult;
use domain::catalogue::Organiser;
use domain::enrolment::{
    AdvanceEnrolment, Enrolment, EnrolmentEvent, EnrolmentState, OrderId, ProofOwner,
    StartEnrolment, Starter,
};
use domain::ids::NumberKind;
use domain::money::Money;
use domain::phone::SavedToken;
use domain::refusal::{Code, Refusal};
use gateway::{
    Authentication, CardToken, ChallengeAnswer, ChallengePage, Gateway, MpiToken, PaymentRequest,
    Source, SourceKind, TokenUse,
};
use store::SubmitError;

pub(crate) use self::proof::ProofText;
use crate::app::App;
use crate::keys::KeyError;

/// The longest answer of a bank that is handed on, in bytes.
pub(crate) const CHALLENGE_ANSWER_LENGTH_MAX: usize = 16 * 1024;

/// What a proof is to be obtained for.
pub(crate) struct Begin<'a> {
    /// Who sells.
    pub(crate) organiser: &'a Organiser,
    /// What is to be paid.
    pub(crate) money: Money,
    /// Who may use the proof.
    pub(crate) owner: ProofOwner,
    /// What the declines of the card are counted under.
    pub(crate) card_hash: u128,
    /// Who starts it, as far as that is counted.
    pub(crate) starters: Vec<Starter>,
    /// Where the holder's browser comes back to; [`way_back::write`] is put at its end.
    pub(crate) return_base: &'a str,
    /// Where it goes on from there.
    pub(crate) return_url: Option<String>,
}

/// Where an authentication stands, with what its owner may be told.
pub(crate) struct Standing {
    /// The enrolment as it is.
    pub(crate) enrolment: Arc<Enrolment>,
    /// The proof, once the holder has passed.
    pub(crate) proof: Option<MpiToken>,
    /// What the holder's browser must show, while there is something.
    pub(crate) page: Option<ChallengePage>,
}

/// Why there is no standing.
pub(crate) enum NotProved {
    /// The business says no.
    Refused(Refusal),
    /// The store cannot say.
    Store(SubmitError),
    /// No random numbers.
    Key(KeyError),
    /// Too much is under way.
    Overloaded,
}

impl From<Refusal> for NotProved {
    fn from(refusal: Refusal) -> NotProved {
        NotProved::Refused(refusal)
    }
}

impl From<SubmitError> for NotProved {
    fn from(error: SubmitError) -> NotProved {
        NotProved::Store(error)
    }
}

/// Starts the proof for a card or a token.
///
/// # Errors
/// [`Code::TooManyRequests`] for a card that failed too often, [`Code::AuthenticationFailed`],
/// [`Code::AuthenticationUnavailable`], the code of a card that cannot be kept, or a fault.
pub(crate) async fn begin(
    app: &App,
    begin: Begin<'_>,
    source: Source,
) -> Result<Standing, NotProved> {
    let name = &begin.organiser.gateway;
    let gateway = app.till.gateway(name).ok_or_else(|| unavailable("no gateway is set up"))?;
    let _place = app.till.place().ok_or(NotProved::Overloaded)?;
    let start = StartEnrolment {
        shard: begin.organiser.shard,
        gateway: name.clone(),
        money: begin.money,
        owner: begin.owner,
        card_is_saved: is_saved(&source),
        card_mask: source.card().map(|card| card.number().mask()),
        card_hash: begin.card_hash,
        starters: begin.starters,
        return_url: begin.return_url,
        secret: app.secret().map_err(NotProved::Key)?,
    };
    let enrolment = app.store.submit(start).await?;
    let ask = Ask { app, gateway: &*gateway, enrolment: &enrolment };
    let token = match ask.token_of(source).await {
        Ok(token) => token,
        Err(code) => return ask.fail(code).await,
    };
    let return_url = format!("{}{}", begin.return_base, way_back::write(app, &enrolment.order_id));
    let kept = SavedToken(token.expose().to_owned());
    let source = Source::from(SourceKind::Token(token));
    let said = ask.enrol(&source, &return_url).await;
    ask.take(said, kept).await
}

/// Goes on with an authentication: hands the bank's answer on, or asks what came of it.
///
/// # Errors
/// [`Code::AuthenticationInvalid`] when there is none of that order id (`owner`, if given, must be
/// its), when it was used or is too old; otherwise as [`begin`].
pub(crate) async fn go_on(
    app: &App,
    order_id: &OrderId,
    owner: Option<&ProofOwner>,
    answer: Option<&str>,
) -> Result<Standing, NotProved> {
    let enrolment = find(app, order_id).await?;
    if owner.is_some_and(|owner| *owner != enrolment.owner) {
        return Err(unknown().into());
    }
    let over = matches!(
        enrolment.state_at(app.clock.now()),
        EnrolmentState::Used | EnrolmentState::Expired | EnrolmentState::Started
    );
    let (Some(handle), Some(kept), false) = (&enrolment.handle, &enrolment.card_token, over) else {
        return Err(enrolment.failure.map_or_else(unknown, failed).into());
    };
    let gateway = app.till.gateway(&enrolment.gateway);
    let gateway = gateway.ok_or_else(|| unavailable("the gateway is not set up"))?;
    let _place = app.till.place().ok_or(NotProved::Overloaded)?;
    let ask = Ask { app, gateway: &*gateway, enrolment: &enrolment };
    let answer = answer.filter(|_| enrolment.state == EnrolmentState::Challenge);
    let answer = answer.map(|text| ChallengeAnswer { text });
    let said = ask.authenticate(handle, answer.as_ref()).await;
    ask.take(said, kept.clone()).await
}

/// The enrolment that an order id leads to.
///
/// # Errors
/// [`Code::AuthenticationInvalid`] when there is none.
pub(crate) async fn find(app: &App, order_id: &OrderId) -> Result<Arc<Enrolment>, NotProved> {
    let number = order_id.number();
    let shard = app.store.shard_of(NumberKind::Enrolment, number.0).await;
    let Some(shard) = shard.map_err(SubmitError::from)? else { return Err(unknown().into()) };
    let key = Enrolment::key_of(shard, number);
    let enrolment = app.store.read::<Enrolment>(key).await.map_err(SubmitError::from)?;
    let enrolment = enrolment.filter(|enrolment| enrolment.order_id == *order_id);
    enrolment.ok_or_else(|| unknown().into())
}

/// One enrolment with its gateway.
struct Ask<'a> {
    app: &'a App,
    gateway: &'a dyn Gateway,
    enrolment: &'a Enrolment,
}

impl Ask<'_> {
    fn request<'a>(&self, key: &'a str) -> PaymentRequest<'a> {
        let deadline = self.gateway.terms().deadline;
        PaymentRequest::new(key, self.enrolment.money, deadline)
    }

    /// The card as a token good for one charge; a token stays what it is.
    async fn token_of(&self, source: Source) -> Result<CardToken, Code> {
        if let SourceKind::Token(token) = source.what {
            return Ok(token);
        }
        let key = format!("tok_{}", self.enrolment.order_id.text());
        let request = self.request(&key);
        let call = self.gateway.tokenize(&request, &source, TokenUse::Single);
        match gateway::within(self.gateway, call).await {
            Some(Ok(kept)) => Ok(kept.token),
            Some(Err(CallResult::Declined(reason))) => Err(reason.code()),
            Some(Err(_)) | None => Err(Code::AuthenticationUnavailable),
        }
    }

    /// A gateway that is silent is asked once more (`payments.md` §1.8). One that says that its
    /// bank cannot be asked has tried twice itself.
    async fn enrol(&self, source: &Source, return_url: &str) -> Authentication {
        let key = format!("enr_{}", self.enrolment.order_id.text());
        let request = self.request(&key);
        let once =
            || gateway::within(self.gateway, self.gateway.enrol(&request, source, return_url));
        match once().await {
            Some(said) => said,
            None => once().await.unwrap_or_else(silence),
        }
    }

    async fn authenticate(
        &self,
        handle: &str,
        answer: Option<&ChallengeAnswer<'_>>,
    ) -> Authentication {
        let call = self.gateway.authenticate(handle, answer);
        gateway::within(self.gateway, call).await.unwrap_or_else(silence)
    }

    /// Stores what the bank said, and tells it.
    async fn take(&self, said: Authentication, kept: SavedToken) -> Result<Standing, NotProved> {
        match said {
            Authentication::Passed(passed) => {
                let (proof_hash, handle) = (passed.token.hash(), passed.handle);
                let event = EnrolmentEvent::Passed { proof_hash, handle, card_token: kept };
                let enrolment = self.advance(event).await?;
                let is_its = enrolment.proof_hash == Some(proof_hash);
                let still = enrolment.state_at(self.app.clock.now());
                if !is_its || still != EnrolmentState::Authenticated {
                    return Err(unknown().into());
                }
                Ok(Standing { enrolment, proof: Some(passed.token), page: None })
            }
            Authentication::Challenge(challenge) => {
                let handle = challenge.handle;
                let event = EnrolmentEvent::Challenged { handle, card_token: kept };
                let enrolment = self.advance(event).await?;
                Ok(Standing { enrolment, proof: None, page: Some(challenge.page) })
            }
            Authentication::Failed => self.fail(Code::AuthenticationFailed).await,
            // The answer to a challenge may be asked for again; what never began has failed.
            Authentication::Unavailable(_) if self.enrolment.handle.is_some() => {
                Err(failed(Code::AuthenticationUnavailable).into())
            }
            Authentication::Unavailable(_) => self.fail(Code::AuthenticationUnavailable).await,
        }
    }

    async fn fail(&self, code: Code) -> Result<Standing, NotProved> {
        self.advance(EnrolmentEvent::Failed(code)).await?;
        Err(failed(code).into())
    }

    async fn advance(&self, event: EnrolmentEvent) -> Result<Arc<Enrolment>, NotProved> {
        let (shard, id) = (self.enrolment.shard, self.enrolment.id);
        Ok(self.app.store.submit(AdvanceEnrolment { shard, id, event }).await?)
    }
}

fn is_saved(source: &Source) -> bool {
    match &source.what {
        SourceKind::Token(token) => token.token_use() == TokenUse::Multi,
        SourceKind::Card(_) | SourceKind::Phone(_) | SourceKind::Browser => false,
    }
}

fn silence() -> Authentication {
    Authentication::Unavailable("The gateway did not answer in time.".into())
}

fn unknown() -> Refusal {
    let message = "There is no such authentication, or it is used or over; start one with \
                   /threeDSecure/start.";
    Refusal::new(Code::AuthenticationInvalid, message)
}

fn unavailable(why: &str) -> Refusal {
    let message = format!("Who the card's holder is cannot be asked: {why}.");
    Refusal::new(Code::AuthenticationUnavailable, message)
}

fn failed(code: Code) -> Refusal {
    let message = match code {
        Code::AuthenticationFailed => {
            "The bank could not confirm that it is you; nothing was charged. Try again or use \
             another card."
        }
        Code::AuthenticationUnavailable => {
            "The bank cannot be asked at the moment; nothing was charged. Try again in a minute."
        }
        _ => "The card cannot be used; nothing was charged. Check it or use another card.",
    };
    Refusal::new(code, message)
}
