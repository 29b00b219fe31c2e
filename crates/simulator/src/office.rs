//! The office and the gate of a node: what the operations that change tickets do between the wire
//! and the rules, without the wire.

mod moving;

use std::sync::Arc;

use domain::audit::{AuditEvent, AuditNote};
use domain::gate::{ScanTicket, Verdict};
use domain::ids::{SaleId, Shard};
use domain::job::{JobKind, StartJob};
use domain::money::Currency;
use domain::payout::{CreatePayout, PayoutFor};
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use domain::sale::refund::{CancelSale, RefundRequest, RefundSale, RefundWhat};
use domain::scan_code::Admission;
use domain::token::Secret;
use domain::transfer::{Choice, SaleAddress, TransferAddress};
use store::{Fault, SubmitError};

use crate::desk::STALE_TRIES_MAX;
use crate::node::Node;
use crate::plan::{Act, Deed, Place, What};
use crate::season;

/// What a deed is about, as whoever does it knows.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) ticket: Option<SaleAddress>,
    pub(crate) transfer: Option<TransferAddress>,
}

/// What whoever did something is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is done.
    Done(Fact),
    /// The business says no.
    Refused(Code),
    /// Nothing was stored; try again.
    NotNow(String),
    /// Nobody knows.
    InDoubt,
}

/// What was done, as far as it must be stored now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    /// The sale has the refund of this deed.
    Refunded(SaleId, u32),
    /// The sale has replaced another.
    Replaced(SaleId),
    /// The sale waits until it may replace another.
    Waits(SaleId),
    /// The admission went in.
    Entered(SaleId, u8),
    /// Something else.
    Other,
}

/// The first number of the keys of deeds, apart from those of orders.
const KEY_FIRST: u128 = 1_000_000;

impl Node {
    /// Does what is wanted; there is an answer only if the node lives to give it.
    pub(crate) async fn do_deed(&self, deed: &Deed, named: &Named, number: u32) -> Told {
        self.life.pass(Place::Received).await;
        let mut told = Told::NotNow("stale".to_owned());
        for again in 0..STALE_TRIES_MAX {
            let clerk = Clerk { node: self, deed, named, nonce: number * 16 + again };
            told = match clerk.act().await {
                Ok(fact) => Told::Done(fact),
                Err(SubmitError::Stale) => {
                    self.forget_offers();
                    continue;
                }
                Err(SubmitError::Refused(refusal)) => Told::Refused(refusal.code),
                Err(SubmitError::Fault(Fault::Unknown(_))) => Told::InDoubt,
                Err(SubmitError::Fault(fault @ Fault::RuleBroken(_))) => {
                    let finding = || format!("{deed:?}: {fault}");
                    self.life.world.judge().blame("no rule breaks its own promise", finding);
                    Told::InDoubt
                }
                Err(error) => Told::NotNow(error.to_string()),
            };
            break;
        }
        self.life.pass(Place::Answering).await;
        told
    }
}

/// One try at one deed.
struct Clerk<'a> {
    node: &'a Node,
    deed: &'a Deed,
    named: &'a Named,
    nonce: u32,
}

impl Clerk<'_> {
    async fn act(&self) -> Result<Fact, SubmitError> {
        match self.deed.act {
            Act::RefundWhole => self.refund(RefundWhat::Whole).await,
            Act::RefundFirst => self.refund(RefundWhat::Admissions(vec![1])).await,
            Act::RefundAmount(amount) => self.refund(RefundWhat::Amount(amount)).await,
            Act::Cancel => self.cancel().await,
            Act::Move { seller, what, kind, seat } => {
                let seat = matches!(what, What::Seats(_)).then(|| season::seat(seat));
                self.move_on(seller, what, Choice { series_type: None, owner_type: kind, seat })
                    .await
            }
            Act::PayTopup => self.pay_topup().await,
            Act::NoteTopup => self.note_topup().await,
            Act::GiveUp => self.give_up().await,
            Act::GiveAway => self.give_away().await,
            Act::Enter(number) => self.enter(number).await,
            Act::PayOut { seller, what } => self.pay_out(seller, what).await,
            Act::CallOff { seller, what, refunds } => self.call_off(seller, what, refunds).await,
        }
    }

    async fn refund(&self, what: RefundWhat) -> Result<Fact, SubmitError> {
        let sale = self.ticket().await?;
        let place = self.node.till.place().ok_or(SubmitError::Overloaded)?;
        let request = RefundRequest {
            what,
            reason: "wanted".into(),
            by: "office".into(),
            fee_returned: None,
            force: false,
            reference: Some(reference(self.deed.number)),
        };
        let (shard, partner, note) = (sale.shard, sale.card_seller(), self.note());
        let command = RefundSale { shard, sale: sale.id, partner, request, note };
        let refunded = self.node.store.submit(command).await?;
        self.node.life.pass(Place::Placed).await;
        self.node.till.drive(place, refunded.sale, refunded.next, None).await;
        Ok(Fact::Refunded(sale.id, self.deed.number))
    }

    async fn cancel(&self) -> Result<Fact, SubmitError> {
        let sale = self.ticket().await?;
        let (shard, partner, note) = (sale.shard, sale.card_seller(), self.note());
        self.node.store.submit(CancelSale { shard, sale: sale.id, partner, note }).await?;
        Ok(Fact::Other)
    }

    async fn enter(&self, number: u8) -> Result<Fact, SubmitError> {
        let sale = self.ticket().await?;
        let Sale { shard, id, event, .. } = *sale;
        let admission = Admission { shard, sale: id, event, number };
        let (gate, transfer) = ("north".to_owned(), sale.locked_by);
        let command = ScanTicket { admission, gate, event: None, transfer };
        let scanned = self.node.store.submit(command).await?;
        Ok(match scanned.verdict {
            Verdict::Admitted { .. } => Fact::Entered(id, number),
            Verdict::Refused(_) => Fact::Other,
        })
    }

    async fn pay_out(&self, seller: usize, what: What) -> Result<Fact, SubmitError> {
        let shard = self.node.life.world.plan.sellers[seller].shard;
        let command = CreatePayout {
            shard,
            what: PayoutFor::Event,
            event: season::event_of(shard, what),
            currency: Currency::ISK,
            by: "office".into(),
            reference: None,
            note: self.note(),
        };
        self.node.store.submit(command).await?;
        Ok(Fact::Other)
    }

    async fn call_off(
        &self,
        seller: usize,
        what: What,
        refunds: bool,
    ) -> Result<Fact, SubmitError> {
        let shard = self.node.life.world.plan.sellers[seller].shard;
        let command = StartJob {
            shard,
            event: season::event_of(shard, what),
            kind: if refunds { JobKind::Refund } else { JobKind::Cancel },
            cancel_event: true,
            force: false,
            reason: "storm".into(),
            by: "office".into(),
            note: self.note(),
        };
        self.node.store.submit(command).await?;
        Ok(Fact::Other)
    }

    async fn ticket(&self) -> Result<Arc<Sale>, SubmitError> {
        let ticket = self.named.ticket.ok_or_else(nothing)?;
        let sale = self.node.store.read::<Sale>(Sale::key_of(ticket.shard, ticket.id)).await?;
        Ok(sale.ok_or_else(nothing)?)
    }

    fn seller_of(&self, shard: Shard) -> usize {
        let sellers = &self.node.life.world.plan.sellers;
        sellers.iter().position(|seller| seller.shard == shard).unwrap_or(0)
    }

    fn note(&self) -> AuditNote {
        note(u64::from(self.deed.number) << 16 | u64::from(self.nonce))
    }
}

/// What the audit is told; `nonce` tells it from other notes of the same moment.
pub(crate) fn note(nonce: u64) -> AuditNote {
    AuditNote {
        nonce,
        event: AuditEvent::Forbidden,
        subject: None,
        name: String::new(),
        by: "office".into(),
        address: String::new(),
        detail: String::new(),
        count: 1,
    }
}

/// What a deed calls its refund or payment.
pub(crate) fn reference(deed: u32) -> String {
    format!("deed-{deed}")
}

/// The random part of the handle of a ticket that a deed makes.
pub(crate) fn secret(deed: u32) -> Secret {
    let mut secret = [9; 16];
    secret[..4].copy_from_slice(&deed.to_be_bytes());
    Secret(secret)
}

fn nothing() -> Refusal {
    Refusal::new(Code::TicketNotFound, "There is nothing of that kind.")
}
