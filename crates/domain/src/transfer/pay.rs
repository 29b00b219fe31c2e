//! Paying the difference: by an instrument, or by a payment that was made elsewhere.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::end::{answer_awaited, find, is_waiting, takes_place};
use super::swap::{Topup, replace};
use super::{ReferenceUsed, Transfer, TransferAddress, TransferState};
use crate::attempt::{Attempt, AttemptState, ChargeRef, GatewayTerms, Next, PushTerms, Verb};
use crate::audit::AuditNote;
use crate::enrolment::{OrderReference, ProofOwner};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::Shard;
use crate::money::{Currency, Money};
use crate::payment::Instrument;
use crate::refusal::{Code, Refusal};
use crate::sale::{Fund, Placed, Sale, SaleState};
use crate::time::{Span, Timestamp};
use crate::token::Secret;

/// How often one session may be paid for; each try may need a refund later.
pub const SESSION_CHARGES_MAX: usize = 10;

/// The name of the clearing account of what persons took by hand; no gateway has it.
const BY_HAND: &str = "by hand";

/// What is stored of the random part of a session's handle: the first half of its SHA-256.
#[must_use]
pub fn session_hash(secret: Secret) -> Secret {
    let hash = Sha256::digest(secret.0);
    Secret(std::array::from_fn(|index| hash[index]))
}

/// Pays the difference with an instrument.
#[derive(Clone, Debug)]
pub struct PayTopup {
    /// Which transfer.
    pub transfer: TransferAddress,
    /// The seller of the old ticket.
    pub source: Shard,
    /// [`session_hash`] of the handle that was shown.
    pub session: Secret,
    /// What is paid with.
    pub instrument: Option<Instrument>,
    /// The difference the payer saw, in minor units.
    pub amount_guard: Option<i64>,
    /// The currency the payer saw.
    pub currency_guard: Option<Currency>,
    /// Who obtained the proof of 3-D Secure, if there is one.
    pub owner: ProofOwner,
}

impl Command for PayTopup {
    /// The new ticket; a repeat when a payment is under way already.
    type Outcome = Placed;

    fn shards(&self) -> Shards {
        Shards::Two(self.transfer.shard, self.source)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Transfer::key_of(self.transfer));
        let claims = self.instrument.as_ref().and_then(Instrument::claims);
        claims.into_iter().for_each(|claims| claims.keys(self.transfer.shard, keys));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Placed, Halt> {
        let (transfer, sale) = session(facts, self.transfer, self.source, self.session)?;
        let mut charges = sale.attempts.iter().filter(|attempt| attempt.verb == Verb::Charge);
        let is_under_way = charges.any(|attempt| attempt.state.is_open());
        if is_under_way && sale.state.holds_places() {
            return Ok(Placed { sale, next: Next::Done, repeated: true });
        }
        check_open(&transfer, &sale, facts, now)?;
        let money = Money::new(transfer.quote.difference(), sale.currency);
        self.check_guards(money)?;
        let mut sale = Sale::clone(&sale);
        self.charge(&mut sale, money, facts, now)?;
        let next = sale.begin_last();
        Ok(Placed { sale: facts.put(sale), next, repeated: false })
    }
}

impl PayTopup {
    fn check_guards(&self, money: Money) -> Result<(), Refusal> {
        if self.currency_guard.is_some_and(|seen| seen != money.currency) {
            let message = format!("The difference is in {}.", money.currency.code());
            return Err(Refusal::new(Code::CurrencyMismatch, message));
        }
        check_amount(self.amount_guard.unwrap_or(money.amount), money)
    }

    fn charge(
        &self,
        sale: &mut Sale,
        money: Money,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let charges = sale.attempts.iter().filter(|attempt| attempt.verb == Verb::Charge);
        if charges.count() >= SESSION_CHARGES_MAX {
            let message = "This was tried too often; ask the club to move the ticket anew.";
            return Err(Refusal::new(Code::TooManyRequests, message).into());
        }
        let Some(instrument) = &self.instrument else {
            let message = "Send something to pay the difference with.";
            return Err(Refusal::new(Code::PaymentMethodRequired, message).into());
        };
        let Instrument::Usable { method, gateway, payer_phone, claims } = instrument else {
            let Instrument::Unusable(refusal) = instrument else { return Ok(()) };
            return Err(refusal.clone().into());
        };
        claims.use_up(facts, sale.shard, money, &self.owner, now)?;
        let card = claims.counted_card(facts, sale.shard)?;
        sale.add_charge(gateway, money.amount, card, now);
        sale.method = Some(*method);
        sale.payer_phone.clone_from(payer_phone);
        sale.failure = None;
        sale.changed_at = now;
        Ok(())
    }
}

/// Takes note of a payment of the difference. One that this till took is only looked at; of one
/// made elsewhere a person says that it came, and the ticket moves.
#[derive(Clone, Debug)]
pub struct NoteTopup {
    /// Which transfer.
    pub transfer: TransferAddress,
    /// The seller of the old ticket.
    pub source: Shard,
    /// The third club whose season card that was paid with ([`Origin::card_seller`]).
    ///
    /// [`Origin::card_seller`]: crate::sale::Origin::card_seller
    pub card_seller: Option<Shard>,
    /// [`session_hash`] of the handle that was shown.
    pub session: Secret,
    /// What the payment is called where it was made.
    pub reference: String,
    /// Minor units that were paid.
    pub amount: i64,
    /// Who says so.
    pub by: String,
    /// Whether their word is enough for a payment that this till did not take.
    pub is_trusted: bool,
    /// What the audit tells of it.
    pub note: AuditNote,
}

impl Command for NoteTopup {
    type Outcome = Arc<Transfer>;

    fn shards(&self) -> Shards {
        // A third club has a part in it only where source and target are one seller.
        let partner = self.card_seller.unwrap_or(self.source);
        Shards::Three(self.transfer.shard, partner, Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Transfer::key_of(self.transfer));
        keys.push(OrderReference::key_elsewhere(self.transfer.shard, &self.reference));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Transfer>, Halt> {
        let (transfer, sale) = session(facts, self.transfer, self.source, self.session)?;
        if sale.origin.and_then(|origin| origin.card_seller) != self.card_seller {
            return Err(Halt::Stale);
        }
        let money = Money::new(transfer.quote.difference(), sale.currency);
        if transfer.references.iter().any(|known| known.reference == self.reference) {
            check_amount(self.amount, money)?;
            return Ok(transfer);
        }
        if let Some(charge) = sale.attempts.iter().find(|charge| self.is_about(charge)) {
            return self.look_at(charge, &transfer, money);
        }
        check_open(&transfer, &sale, facts, now)?;
        if answer_awaited(&sale).is_some() {
            let message =
                "Another payment is on its way; wait until it is known what became of it.";
            return Err(Refusal::new(Code::PaymentPending, message).into());
        }
        if !self.is_trusted {
            let message = "This till took no such payment; only an Admin can say that it came.";
            return Err(Refusal::new(Code::Forbidden, message).into());
        }
        check_amount(self.amount, money)?;
        OrderReference::take_elsewhere(facts, self.transfer.shard, &self.reference, now)?;
        self.note.record_of_both((self.source, self.transfer.shard), facts, now);
        self.complete(Sale::clone(&sale), facts, now)
    }
}

impl NoteTopup {
    fn is_about(&self, charge: &Attempt) -> bool {
        let approval = charge.approval.as_ref();
        let is_named = approval.is_some_and(|approval| approval.reference == self.reference);
        charge.verb == Verb::Charge && (is_named || charge.key == self.reference)
    }

    /// A payment that went through this till: what became of it is known here.
    fn look_at(
        &self,
        charge: &Attempt,
        transfer: &Arc<Transfer>,
        money: Money,
    ) -> Result<Arc<Transfer>, Halt> {
        match charge.state {
            AttemptState::Succeeded => {
                check_amount(self.amount, money)?;
                Ok(Arc::clone(transfer))
            }
            AttemptState::Declined | AttemptState::NotExecuted => {
                let message = "That payment was declined; nothing was charged.";
                Err(Refusal::new(Code::PaymentDeclined, message).into())
            }
            _ => {
                let message = "It is not known yet what became of that payment; ask again soon.";
                Err(Refusal::new(Code::PaymentPending, message).into())
            }
        }
    }

    fn complete(
        &self,
        mut sale: Sale,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Arc<Transfer>, Halt> {
        sale.keep(facts, now)?;
        sale.taken_by_hand.push(by_hand(self.transfer, &self.reference, self.amount));
        replace(&mut sale, Topup::ByHand(self.amount), facts, now)?;
        facts.put(sale);
        let (reference, amount, by) = (self.reference.clone(), self.amount, self.by.clone());
        if let Some(transfer) = facts.edit::<Transfer>(Transfer::key_of(self.transfer))? {
            transfer.references.push(ReferenceUsed { reference, amount, at: now, by });
        }
        find(facts, self.transfer)
    }
}

/// Money that a person took. Like a payment by phone, it goes back by a person only. Two
/// sellers may call a payment the same, so its key names the transfer, too.
fn by_hand(transfer: TransferAddress, reference: &str, amount: i64) -> Fund {
    let key = format!("{BY_HAND}: transfer {}: {reference}", transfer.id.0);
    let charge = ChargeRef { key, reference: reference.to_owned() };
    let terms = GatewayTerms {
        name: BY_HAND.to_owned(),
        resumable: false,
        send_within: Span::ZERO,
        deadline: Span::ZERO,
        push: Some(PushTerms::default()),
    };
    Fund { charge, terms, amount }
}

/// The transfer and its new ticket, for whoever shows the session's handle.
fn session(
    facts: &Facts<'_>,
    address: TransferAddress,
    source: Shard,
    session: Secret,
) -> Result<(Arc<Transfer>, Arc<Sale>), Halt> {
    let not_found = || Refusal::new(Code::SessionNotFound, "There is no such payment link.");
    let transfer = match find(facts, address) {
        Err(Halt::Refused(_)) => return Err(not_found().into()),
        found => found?,
    };
    if transfer.from.shard != source {
        return Err(Halt::Stale);
    }
    if !transfer.has_session(session) {
        return Err(not_found().into());
    }
    let sale = facts.share::<Sale>(Sale::key_of(transfer.to.shard, transfer.to.id))?;
    Ok((transfer, sale.ok_or_else(not_found)?))
}

impl Transfer {
    /// Whether it has a payment session, and `session` is the hash of its handle.
    #[must_use]
    pub fn has_session(&self, session: Secret) -> bool {
        self.session != Secret::default() && self.session.matches(&session)
    }
}

fn check_open(
    transfer: &Transfer,
    sale: &Sale,
    facts: &Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    if transfer.state == TransferState::Completed {
        let message = "The difference is paid, and the ticket has moved.";
        return Err(Refusal::new(Code::SessionCompleted, message).into());
    }
    let is_over = transfer.expires_at.is_none_or(|expires_at| expires_at <= now);
    let is_open = transfer.state == TransferState::AwaitingTopup && !is_over;
    if !is_open || !is_waiting(transfer, facts)? {
        return Err(ended().into());
    }
    if !takes_place(sale, facts, now)? {
        let message = "That event is not available any more; nothing was charged, and the ticket \
                       stays where it is.";
        return Err(Refusal::new(Code::SessionExpired, message).into());
    }
    if sale.state != SaleState::AwaitingPayment {
        let message = "A payment is being looked into; the club will tell you.";
        return Err(Refusal::new(Code::PaymentPending, message).into());
    }
    Ok(())
}

fn ended() -> Refusal {
    let message = "The payment link is over; nothing was charged. Ask the club for a new one.";
    Refusal::new(Code::SessionExpired, message)
}

fn check_amount(amount: i64, due: Money) -> Result<(), Refusal> {
    if amount == due.amount {
        return Ok(());
    }
    let message = format!("The difference is {} {}.", due.text(), due.currency.code());
    Err(Refusal::new(Code::AmountMismatch, message))
}
