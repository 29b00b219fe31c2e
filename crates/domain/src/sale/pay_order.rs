//! Paying a customer's order (`domain.md` §5.3): at most one payment of it is open, and none is
//! begun for an order that is paid.
//!
//! A payment is opened first and paid then, so that a card that is declined leaves it open for the
//! next try. Both are steps of the same command, which says each time what is to be done next
//! ([`PayStep`]); whoever drives it submits it again until nothing is.

use std::sync::Arc;

use super::tender::attempt_key;
use super::{Buyer, Fund, Goods, NewSale, Sale};
use crate::agency::{Agency, CustomerNamed, CustomerOrder, OrderState, PAYMENTS_MAX, Uid};
use crate::attempt::{Attempt, ChargeRef, Consent, GatewayTerms, Next, PushTerms, Verb};
use crate::audit::AuditNote;
use crate::books::OwnerBook;
use crate::catalogue::Organiser;
use crate::enrolment::ProofOwner;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{CustomerOrderId, EventId, SaleId, Shard};
use crate::money::basis_points_of;
use crate::payment::{Claims, Method};
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::sale::OrderPaymentKind;
use crate::time::{Span, Timestamp};
use crate::token::Secret;

/// The name of what persons took by hand; no gateway has it.
const BY_HAND: &str = "by hand";

/// Pays one order, or goes on with paying it.
#[derive(Clone, Debug)]
pub struct PayOrder {
    /// Which order.
    pub uid: Uid,
    /// For whom it is, as the caller says.
    pub customer: CustomerNamed,
    /// How it is paid.
    pub means: OrderMeans,
    /// Who pays.
    pub buyer: Buyer,
    /// 128 random bits for the handle of a new payment.
    pub secret: Secret,
    /// The payment that its payer saw, where no other may be paid with what came.
    pub seen: Option<SaleId>,
    /// Random bits for the GUID of a new customer.
    pub random: Secret,
    /// The node that asks the gateway; 0 where there is only one.
    pub node: u32,
}

/// How an order is paid.
#[derive(Clone, Debug)]
pub enum OrderMeans {
    /// Through a gateway.
    Gateway {
        /// Its terms.
        terms: GatewayTerms,
        /// It opens payments, for a browser or a token to finish; others are charged at once.
        opens: bool,
        /// It keeps subscriptions.
        subscribes: bool,
        /// What the card or token shows that counts; `None` when none came.
        claims: Option<Claims>,
    },
    /// A person says that the money came.
    Hand {
        /// How it came.
        kind: OrderPaymentKind,
        /// What the audit tells of it.
        note: AuditNote,
    },
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayStep {
    /// Nothing: nothing is due.
    NothingDue,
    /// A payment was begun; `next` opens or charges it.
    Begun,
    /// The open payment's charge of this number is to be paid with the card or token that came.
    /// Nobody else is told so until that has had its time.
    Confirm(u8),
    /// Nothing: the open payment waits for its payer, or for an answer.
    Waiting,
    /// The open payment is of another amount; `next` gives it up.
    GivingUp,
    /// Nothing: the payment was noted.
    Noted,
}

/// The order and its payment, and what is to be done next.
#[derive(Clone, Debug)]
pub struct OrderPayment {
    /// The order.
    pub order: Arc<CustomerOrder>,
    /// Its last payment.
    pub sale: Option<Arc<Sale>>,
    /// What is to be done.
    pub step: PayStep,
    /// What the payment needs next.
    pub next: Next,
}

impl Command for PayOrder {
    type Outcome = OrderPayment;

    fn shards(&self) -> Shards {
        match self.means {
            OrderMeans::Gateway { .. } => Shards::One(self.uid.shard()),
            OrderMeans::Hand { .. } => Shards::Two(Shard::HOUSE, self.uid.shard()),
        }
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        let shard = self.uid.shard();
        let order = CustomerOrder::key_of(shard, CustomerOrderId(self.uid.number()));
        keys.extend([Key::seller(shard), organiser_key(shard), Agency::key_of(shard), order]);
        keys.push(OwnerBook::key_of(shard));
        if let OrderMeans::Gateway { claims: Some(claims), .. } = &self.means {
            claims.keys(shard, keys);
        }
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<OrderPayment, Halt> {
        let mut order = CustomerOrder::of_uid(facts, self.uid)?;
        self.customer.check(&order, facts)?;
        if order.state == OrderState::Cancelled {
            return Err(Refusal::new(Code::OrderCancelled, "The order was cancelled.").into());
        }
        if !order.state.is_unpaid() {
            return nothing_due(order, facts);
        }
        if order.lines.is_empty() {
            return Err(Refusal::new(Code::OrderEmpty, "The order has no lines.").into());
        }
        self.customer.settle(&mut order, self.random, facts, now)?;
        self.check_seen(&order)?;
        order.recalculate = false;
        if let Some(open) = order.open {
            return self.go_on(order, open, facts, now);
        }
        if order.due() == 0 {
            order.enter(OrderState::Paid, now);
            return nothing_due(order, facts);
        }
        self.begin(order, facts, now)
    }
}

impl PayOrder {
    /// Whoever pays an amount that they saw pays that, or nothing.
    fn check_seen(&self, order: &CustomerOrder) -> Result<(), Refusal> {
        if self.seen.is_none_or(|seen| order.open == Some(seen)) {
            return Ok(());
        }
        Err(changed())
    }

    /// Who may use a proof: it is good for this order and no other.
    fn owner(&self) -> ProofOwner {
        let order = Some(CustomerOrderId(self.uid.number()));
        ProofOwner { order, ..ProofOwner::from(&self.buyer) }
    }

    /// One payment is open: it is paid or waited for, or else given up.
    fn go_on(
        &self,
        order: CustomerOrder,
        open: SaleId,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<OrderPayment, Halt> {
        let known = facts.share::<Sale>(Sale::key_of(order.shard, open))?.ok_or(Halt::Stale)?;
        let mut sale = Sale::clone(&known);
        let (step, next) = match &self.means {
            OrderMeans::Gateway { claims, .. } if sale.total == order.due() && !sale.withdrawn => {
                (self.confirm(&mut sale, claims.as_ref(), facts, now)?, Next::Done)
            }
            _ if self.seen.is_some() => return Err(changed().into()),
            _ => (PayStep::GivingUp, sale.withdraw(self.node, now)),
        };
        let (order, sale) = (facts.put(order), Some(facts.put(sale)));
        Ok(OrderPayment { order, sale, step, next })
    }

    /// Takes the turn to pay the open payment, if something came to pay it with and nobody else
    /// is at it.
    fn confirm(
        &self,
        sale: &mut Sale,
        claims: Option<&Claims>,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<PayStep, Halt> {
        let is_taken = sale.confirming_until.is_some_and(|until| now < until);
        let Some(claims) = claims.filter(|_| !is_taken) else { return Ok(PayStep::Waiting) };
        let Some(number) = sale.pending_charge().map(|charge| charge.number) else {
            return Ok(PayStep::Waiting);
        };
        sale.check_tries()?;
        let money = sale.money(sale.total);
        let card = claims.counted_card(facts, sale.shard)?;
        claims.use_up(facts, sale.shard, money, &self.owner(), now)?;
        let charge = sale.attempts.iter_mut().find(|charge| charge.number == number);
        if let Some(charge) = charge {
            charge.card = card;
            let until = now.after(charge.terms.send_within).after(charge.terms.deadline);
            sale.confirming_until = Some(until);
        }
        sale.failure = None;
        Ok(PayStep::Confirm(number))
    }

    fn begin(
        &self,
        mut order: CustomerOrder,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<OrderPayment, Halt> {
        if order.payments.len() >= PAYMENTS_MAX {
            let message = "This order was tried too often; place a new one.";
            return Err(Refusal::new(Code::TooManyRequests, message).into());
        }
        let sale = self.sale(&order, facts, now)?;
        order.open = Some(sale.id);
        order.payments.push(sale.id);
        order.enter(OrderState::PaymentPending, now);
        match &self.means {
            OrderMeans::Gateway { terms, opens, subscribes, claims } => {
                let mut sale = self.charge(sale, (terms, *opens, claims.as_ref()), facts, now)?;
                sale.keep_means(&order, *subscribes)?;
                let (order, next) = (facts.put(order), sale.begin_last());
                let sale = Some(facts.put(sale));
                Ok(OrderPayment { order, sale, step: PayStep::Begun, next })
            }
            OrderMeans::Hand { note, .. } => {
                note.record_of(order.shard, facts, now);
                let key = CustomerOrder::key_of(order.shard, order.id);
                facts.put(order);
                let sale = Some(note_payment(sale, facts, now)?);
                let order = facts.share::<CustomerOrder>(key)?.ok_or(Halt::Stale)?;
                Ok(OrderPayment { order, sale, step: PayStep::Noted, next: Next::Done })
            }
        }
    }

    fn sale(
        &self,
        order: &CustomerOrder,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Sale, Halt> {
        let new = NewSale {
            shard: order.shard,
            id: SaleId(facts.number(order.shard, SaleId::KIND)?),
            secret: self.secret,
            event: EventId(0),
            currency: order.currency,
        };
        let agency = facts.look::<Agency>(Agency::key_of(order.shard))?;
        let tax_jurisdiction = agency.map(|it| it.tax_jurisdiction.clone()).unwrap_or_default();
        let organiser = facts.look::<Organiser>(organiser_key(order.shard))?;
        let fee_basis_points = organiser.map_or(0, |organiser| organiser.fee_basis_points);
        let kind = match &self.means {
            OrderMeans::Gateway { .. } => OrderPaymentKind::Card,
            OrderMeans::Hand { kind, .. } => *kind,
        };
        let tax = order.tax();
        Ok(Sale {
            goods: Goods::Order { order: order.id, kind, tax, tax_jurisdiction, renewal: None },
            total: order.due(),
            // The platform takes its part of what the agency earns; tax is not the agency's.
            fee: basis_points_of(order.due() - tax, fee_basis_points),
            buyer: self.buyer.clone(),
            ..Sale::new(new, now)
        })
    }

    fn charge(
        &self,
        mut sale: Sale,
        (terms, opens, claims): (&GatewayTerms, bool, Option<&Claims>),
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Sale, Halt> {
        let key = attempt_key(sale.shard, sale.id, 1, sale.secret);
        let mut charge = Attempt::new(1, Verb::Charge, key, terms, sale.total, now);
        if !opens {
            let Some(claims) = claims else {
                let message = "This agent's gateway opens no payments; send a token.";
                return Err(Refusal::new(Code::PaymentMethodRequired, message).into());
            };
            let money = sale.money(sale.total);
            charge.card = claims.counted_card(facts, sale.shard)?;
            claims.use_up(facts, sale.shard, money, &self.owner(), now)?;
        }
        sale.attempts = vec![charge];
        sale.method = Some(Method::Card);
        Ok(sale)
    }
}

impl Sale {
    /// What pays an order that recurs is kept, so that the gateway can take the later periods.
    fn keep_means(&mut self, order: &CustomerOrder, subscribes: bool) -> Result<(), Refusal> {
        if order.recurring().is_none() {
            return Ok(());
        }
        if !subscribes {
            let message = "This agent's gateway keeps no subscriptions, and the order has lines \
                           that recur; nothing was charged.";
            return Err(Refusal::new(Code::PaymentMethodNotAvailable, message));
        }
        let charge = self.attempts.iter_mut().next();
        charge.into_iter().for_each(|charge| charge.consent = Consent::Keep);
        Ok(())
    }
}

/// The stored result of an order that wants no money.
fn nothing_due(order: CustomerOrder, facts: &mut Facts<'_>) -> Result<OrderPayment, Halt> {
    let sale = match order.payments.last() {
        Some(last) => facts.share::<Sale>(Sale::key_of(order.shard, *last))?,
        None => None,
    };
    let (order, step) = (facts.put(order), PayStep::NothingDue);
    Ok(OrderPayment { order, sale, step, next: Next::Done })
}

/// Hands the goods over for money that a person took. It goes back by a person only.
fn note_payment(mut sale: Sale, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Sale>, Halt> {
    let reference = format!("{BY_HAND}: payment {}", sale.id.0);
    let charge = ChargeRef { key: reference.clone(), reference };
    let terms = GatewayTerms {
        name: BY_HAND.to_owned(),
        resumable: false,
        send_within: Span::ZERO,
        deadline: Span::ZERO,
        push: Some(PushTerms::default()),
    };
    sale.taken_by_hand.push(Fund { charge, terms, amount: sale.total });
    sale.issue(None, facts, now)?;
    sale.previous_state = None;
    Ok(facts.put(sale))
}

fn changed() -> Refusal {
    let message = "The order was changed since it was shown; nothing was charged.";
    Refusal::new(Code::OrderChanged, message)
}

fn organiser_key(shard: Shard) -> Key {
    Key::number(shard, Kind::Organiser, 0)
}
