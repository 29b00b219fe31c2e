//! The payment session of a transfer: found by its handle, proved, paid (`domain.md` §4.4). For the
//! operations that an app calls, and for the page behind the link.

use std::sync::Arc;

use domain::attempt::Verb;
use domain::enrolment::{Enrolment, ProofOwner, STARTS_PER_SESSION, Starter};
use domain::ids::TransferId;
use domain::money::{Currency, Money};
use domain::offer::Offer;
use domain::payment::Instrument;
use domain::record::word;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use domain::token::{Secret, Token};
use domain::transfer::{
    PayTopup, SESSION_CHARGES_MAX, Transfer, TransferAddress, TransferState, session_hash,
};
use gateway::Source;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use store::{Fault, SubmitError};

use crate::app::App;
use crate::till::NotPlaced;

/// The path of the payment page; the session's handle follows.
pub(crate) const PAGE_PATH: &str = "/transferTicket/pay/";

/// What the link key signs to get the handle of a session; the sale's secret follows.
const SESSION_LABEL: &[u8] = b"session of a transfer";

/// How often a session is read again that changes while it is read; it changes a few times ever.
const READ_TRIES_MAX: u32 = 5;

/// A payment session, as it is.
pub(crate) struct Session {
    /// The line of the log.
    pub(crate) transfer: Arc<Transfer>,
    /// The new ticket.
    pub(crate) sale: Arc<Sale>,
    /// The event of the old ticket.
    pub(crate) from: Arc<Offer>,
    /// The event of the new ticket.
    pub(crate) to: Arc<Offer>,
    hash: Secret,
}

/// Why there is no session, or no payment.
#[derive(Debug)]
pub(crate) enum NoTopup {
    /// The business says no.
    Refused(Refusal),
    /// The store cannot say.
    Store(SubmitError),
    /// Everything is busy.
    Overloaded,
}

impl From<Refusal> for NoTopup {
    fn from(refusal: Refusal) -> NoTopup {
        NoTopup::Refused(refusal)
    }
}

impl From<Fault> for NoTopup {
    fn from(fault: Fault) -> NoTopup {
        NoTopup::Store(fault.into())
    }
}

impl From<SubmitError> for NoTopup {
    fn from(error: SubmitError) -> NoTopup {
        match error {
            SubmitError::Refused(refusal) => NoTopup::Refused(refusal),
            error => NoTopup::Store(error),
        }
    }
}

/// Where a session stands, by its published name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SessionStatus {
    /// It can be paid.
    AwaitingTopup,
    /// A payment is under way.
    PaymentPending,
    /// The ticket has moved.
    Completed,
    /// It was not paid in time.
    Expired,
    /// The old ticket was used, or a person gave it up.
    Cancelled,
}

impl SessionStatus {
    /// The published name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            SessionStatus::AwaitingTopup => "AwaitingTopup",
            SessionStatus::PaymentPending => "PaymentPending",
            SessionStatus::Completed => "Completed",
            SessionStatus::Expired => "Expired",
            SessionStatus::Cancelled => "Cancelled",
        }
    }
}

/// The random part of the handle of a session; it is stored as a hash only, and made again from
/// the new ticket's secret with a key that lies beside the database.
pub(crate) fn session_secret(link_key: &Hmac<Sha256>, sale: Secret) -> Secret {
    let mut signed = link_key.clone();
    signed.update(SESSION_LABEL);
    signed.update(&sale.0);
    let bytes = signed.finalize().into_bytes();
    Secret(std::array::from_fn(|index| bytes[index]))
}

/// The handle of the session of a transfer.
pub(crate) fn handle(link_key: &Hmac<Sha256>, transfer: &Transfer, sale: &Sale) -> Token {
    transfer.token(session_secret(link_key, sale.secret))
}

/// Where the difference is paid, on the server at `base_url`; whoever has it can pay.
pub(crate) fn payment_link(base_url: &str, handle: &Token) -> String {
    format!("{base_url}{PAGE_PATH}{}", handle.text())
}

/// The session that a handle opens.
///
/// # Errors
/// [`Code::SessionNotFound`]
pub(crate) async fn find(app: &App, handle: &str) -> Result<Session, NoTopup> {
    let token = Token::parse(handle.trim()).ok_or_else(not_found)?;
    let address = TransferAddress { shard: token.shard, id: TransferId(token.number) };
    let hash = session_hash(token.secret);
    // A stranger's guess costs one look, and is told the same whether there is such a transfer.
    let transfer = app.store.read::<Transfer>(Transfer::key_of(address)).await?;
    if !transfer.is_some_and(|transfer| transfer.has_session(hash)) {
        return Err(not_found().into());
    }
    Ok(load(app, address, hash).await?.ok_or_else(not_found)?)
}

async fn load(
    app: &App,
    address: TransferAddress,
    hash: Secret,
) -> Result<Option<Session>, NoTopup> {
    let Some((transfer, sale)) = rows(app, address).await? else { return Ok(None) };
    let from = app.catalogue.offer(transfer.from_event).await?;
    let to = app.catalogue.offer(transfer.to_event).await?;
    let (Some(from), Some(to)) = (from, to) else { return Ok(None) };
    Ok(Some(Session { transfer, sale, from, to, hash }))
}

/// Both rows as one commit left them: nothing changed the transfer while the ticket was read.
async fn rows(
    app: &App,
    address: TransferAddress,
) -> Result<Option<(Arc<Transfer>, Arc<Sale>)>, NoTopup> {
    let key = Transfer::key_of(address);
    let Some(mut transfer) = app.store.read::<Transfer>(key).await? else { return Ok(None) };
    for _ in 0..READ_TRIES_MAX {
        let sale = app.store.read::<Sale>(Sale::key_of(transfer.to.shard, transfer.to.id)).await?;
        let (Some(sale), Some(after)) = (sale, app.store.read::<Transfer>(key).await?) else {
            return Ok(None);
        };
        if after == transfer {
            return Ok(Some((transfer, sale)));
        }
        transfer = after;
    }
    Err(NoTopup::Overloaded)
}

fn not_found() -> Refusal {
    Refusal::new(Code::SessionNotFound, "There is no such payment link.")
}

impl Session {
    /// What is to be paid.
    pub(crate) fn money(&self) -> Money {
        Money::new(self.transfer.quote.difference(), self.sale.currency)
    }

    /// Where it stands now.
    pub(crate) fn status(&self, app: &App) -> SessionStatus {
        let is_under_way = self.is_charge_open();
        let is_over = self.transfer.expires_at.is_none_or(|at| at <= app.clock.now());
        match self.transfer.state {
            TransferState::Completed => SessionStatus::Completed,
            TransferState::Cancelled => SessionStatus::Cancelled,
            TransferState::Expired => SessionStatus::Expired,
            TransferState::AwaitingTopup if is_under_way => SessionStatus::PaymentPending,
            TransferState::AwaitingTopup if is_over => SessionStatus::Expired,
            TransferState::AwaitingTopup => SessionStatus::AwaitingTopup,
        }
    }

    /// Whether it is not known yet what became of a payment, also after the session's end.
    pub(crate) fn is_charge_open(&self) -> bool {
        let mut attempts = self.sale.attempts.iter();
        attempts.any(|attempt| attempt.verb == Verb::Charge && attempt.state.is_open())
    }

    /// Who may use a proof that was obtained within it.
    pub(crate) fn owner(&self) -> ProofOwner {
        ProofOwner { transfer: Some(self.transfer.address()), ..ProofOwner::default() }
    }

    /// What the proofs are counted under that are started within it.
    pub(crate) fn starter(&self) -> Starter {
        let Transfer { shard, id, .. } = *self.transfer;
        let hash = word("proofs of transfer", &format!("{} {}", shard.0, id.0));
        Starter { hash, limit: STARTS_PER_SESSION }
    }

    /// Whether so many payments failed that no other is taken.
    pub(crate) fn is_tried_out(&self) -> bool {
        let attempts = self.sale.attempts.iter();
        let charges = attempts.filter(|attempt| attempt.verb == Verb::Charge);
        charges.count() >= SESSION_CHARGES_MAX
    }

    /// Pays the difference and waits for what comes of it; answers with the session as it is then.
    ///
    /// # Errors
    /// [`Code::SessionExpired`], [`Code::SessionCompleted`], [`Code::AmountMismatch`],
    /// [`Code::TooManyRequests`], whatever is wrong with the instrument, or a fault.
    pub(crate) async fn pay(
        &self,
        app: &App,
        instrument: Option<Instrument>,
        source: Option<Source>,
        seen: Seen,
    ) -> Result<Session, NoTopup> {
        let place = app.till.place().ok_or(NoTopup::Overloaded)?;
        let command = PayTopup {
            transfer: self.transfer.address(),
            source: self.transfer.from.shard,
            session: self.hash,
            instrument,
            amount_guard: seen.amount,
            currency_guard: seen.currency,
            owner: self.owner(),
        };
        match app.till.order(place, command, source).await {
            Ok(_) => self.again(app).await,
            Err(refused) => {
                let NotPlaced { error, .. } = *refused;
                Err(error.into())
            }
        }
    }

    /// The same session, as it is now.
    pub(crate) async fn again(&self, app: &App) -> Result<Session, NoTopup> {
        let session = load(app, self.transfer.address(), self.hash).await?;
        Ok(session.ok_or_else(not_found)?)
    }
}

/// What the payer saw.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    /// Minor units.
    pub(crate) amount: Option<i64>,
    /// The currency.
    pub(crate) currency: Option<Currency>,
}

/// The session within which a proof was obtained, and its handle; `None` when it was none.
///
/// # Errors
/// [`NoTopup::Store`]
pub(crate) async fn of_enrolment(
    app: &App,
    enrolment: &Enrolment,
) -> Result<Option<Token>, NoTopup> {
    let Some(address) = enrolment.owner.transfer else { return Ok(None) };
    let session = load(app, address, Secret::default()).await?;
    let session = session.filter(|session| session.owner() == enrolment.owner);
    Ok(session.map(|session| handle(&app.link_key, &session.transfer, &session.sale)))
}
