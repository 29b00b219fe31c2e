//! A customer's order, one state machine (`domain.md` §7.5).
//!
//! | state                     | what happened                        | next state        |
//! |---------------------------|--------------------------------------|-------------------|
//! | —                         | the agency placed it                 | Open              |
//! | Open                      | a payment was begun                  | PaymentPending    |
//! | Open                      | nothing is due, or a person has paid | Paid              |
//! | PaymentPending            | the payment came, of what is due     | Paid              |
//! | PaymentPending            | it failed or was given up            | Open              |
//! | Open, PaymentPending      | lines were changed                   | as before ¹       |
//! | Open, PaymentPending      | the agency cancelled it              | Cancelled ¹       |
//! | Paid                      | it was handed over                   | Fulfilled         |
//! | Paid, Fulfilled           | the agency is done with it           | Closed            |
//! | Paid to PartiallyRefunded | a part went back                     | PartiallyRefunded |
//! | Paid to PartiallyRefunded | all of it went back                  | Refunded          |
//!
//! ¹ An open payment of another amount is given up.
//!
//! Cancelled and Refunded are final. Money that comes for an order that does not want it, because
//! it was changed, cancelled or paid meanwhile, goes back ([`super::settle`]).

use serde::{Deserialize, Serialize};

use super::{Interval, PaymentLink, Recurring, Subscription, Uid};
use crate::facts::{Facts, Halt, Key};
use crate::ids::{CustomerId, CustomerOrderId, SaleId, Shard};
use crate::money::{Currency, PRICE_MAX, basis_points_of};
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// The most lines of an order.
pub const LINES_MAX: usize = 100;

/// The most pieces of one line.
pub const QUANTITY_MAX: u32 = 10_000;

/// The highest rate of tax, in hundredths of a percent: as much as the price again.
pub const TAX_BASIS_POINTS_MAX: u32 = 10_000;

/// How often it may be tried to pay one order; each try is kept.
pub const PAYMENTS_MAX: usize = 100;

/// Where an order stands; see the table of the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Placed; lines may come and go.
    #[default]
    Open,
    /// A payment is under way.
    PaymentPending,
    /// Paid in full.
    Paid,
    /// Handed over.
    Fulfilled,
    /// Done with.
    Closed,
    /// Given up before it was paid.
    Cancelled,
    /// A part of the money went back.
    PartiallyRefunded,
    /// All of the money went back.
    Refunded,
}

impl OrderState {
    /// The published text (`OrderStatusText`).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            OrderState::Open => "Open",
            OrderState::PaymentPending => "PaymentPending",
            OrderState::Paid => "Paid",
            OrderState::Fulfilled => "Fulfilled",
            OrderState::Closed => "Closed",
            OrderState::Cancelled => "Cancelled",
            OrderState::PartiallyRefunded => "PartiallyRefunded",
            OrderState::Refunded => "Refunded",
        }
    }

    /// The published number (`OrderStatus`).
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// Whether it is still to be paid.
    #[must_use]
    pub fn is_unpaid(self) -> bool {
        matches!(self, OrderState::Open | OrderState::PaymentPending)
    }

    /// Whether anything is still to be done about it: `/v1/OrderHeaders/Open` shows it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, OrderState::Open | OrderState::PaymentPending | OrderState::Paid)
    }
}

/// One line of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// Its number within the order, from 1; never given out again.
    pub number: u16,
    /// What is ordered.
    pub description: String,
    /// The agency's own code of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_code: Option<String>,
    /// How many, from 1.
    pub quantity: u32,
    /// Minor units for one, without tax.
    pub unit_price: i64,
    /// Tax on it, in hundredths of a percent.
    #[serde(default)]
    pub tax_basis_points: u32,
    /// How often it is paid for again, after the order's own payment; `None` for once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurs: Option<Interval>,
}

impl OrderLine {
    /// Minor units of the line without tax.
    #[must_use]
    pub fn cost(&self) -> i64 {
        self.unit_price.saturating_mul(self.quantity.into())
    }

    /// Minor units of tax, rounded once on the line (`domain.md` §1.1).
    #[must_use]
    pub fn tax(&self) -> i64 {
        basis_points_of(self.cost(), self.tax_basis_points)
    }
}

/// Where something is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Who gets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// More of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street2: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// An order that an agency placed for a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerOrder {
    /// The agency.
    pub shard: Shard,
    /// Its number (`OrderHeaderID`).
    pub id: CustomerOrderId,
    /// Its GUID (`OrderID`).
    pub uid: Uid,
    /// For whom; `None` until the first payment says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// Where it stands.
    pub state: OrderState,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// What is ordered, in the order in which it was added.
    pub lines: Vec<OrderLine>,
    /// The number of the next line.
    pub next_line: u16,
    /// Minor units for sending it; no tax is added.
    #[serde(default)]
    pub shipping_cost: i64,
    /// Where the bill goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing: Option<Address>,
    /// Where the goods go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Address>,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Minor units that came and were kept (`CustomerPaidAmount`, less what went back).
    #[serde(default)]
    pub paid: i64,
    /// The lines were changed since an amount was asked for.
    #[serde(default)]
    pub recalculate: bool,
    /// The payment under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<SaleId>,
    /// Every try to pay it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<SaleId>,
    /// The link with which its customer pays, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_link: Option<PaymentLink>,
    /// What renews its recurring lines, from the payment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<Subscription>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

impl CustomerOrder {
    /// Where it lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: CustomerOrderId) -> Key {
        Key::number(shard, Kind::CustomerOrder, id.0)
    }

    /// The order of a GUID.
    ///
    /// # Errors
    /// [`Code::OrderNotFound`], [`Halt::Missing`].
    pub fn of_uid(facts: &Facts<'_>, uid: Uid) -> Result<CustomerOrder, Halt> {
        let key = CustomerOrder::key_of(uid.shard(), CustomerOrderId(uid.number()));
        let order = facts.look::<CustomerOrder>(key)?.filter(|order| order.uid == uid);
        Ok(order.cloned().ok_or_else(CustomerOrder::not_found)?)
    }

    /// There is no such order, or it is another agency's: both are told alike.
    #[must_use]
    pub fn not_found() -> Refusal {
        Refusal::new(Code::OrderNotFound, "There is no such order of yours.")
    }

    /// The number that people know it by (`PublicOrderID`): agency and order.
    #[must_use]
    pub fn public_id(&self) -> String {
        format!("{}-{}", self.shard.0, self.id.0)
    }

    /// How many pieces it has.
    #[must_use]
    pub fn quantity(&self) -> i64 {
        self.lines.iter().map(|line| i64::from(line.quantity)).sum()
    }

    /// Minor units of its lines without tax.
    #[must_use]
    pub fn product_cost(&self) -> i64 {
        self.lines.iter().map(OrderLine::cost).fold(0, i64::saturating_add)
    }

    /// Minor units of tax: each line's, rounded there, then added up.
    #[must_use]
    pub fn tax(&self) -> i64 {
        self.lines.iter().map(OrderLine::tax).fold(0, i64::saturating_add)
    }

    /// Minor units it costs: lines, tax and shipping.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.product_cost().saturating_add(self.tax()).saturating_add(self.shipping_cost)
    }

    /// Minor units that are still to be paid.
    #[must_use]
    pub fn due(&self) -> i64 {
        if self.state.is_unpaid() { self.total() - self.paid } else { 0 }
    }

    /// What recurs of it; `None` when nothing does. All such lines recur together.
    #[must_use]
    pub fn recurring(&self) -> Option<Recurring> {
        let lines = || self.lines.iter().filter(|line| line.recurs.is_some());
        let interval = lines().find_map(|line| line.recurs)?;
        let tax = lines().map(OrderLine::tax).fold(0, i64::saturating_add);
        let cost = lines().map(OrderLine::cost).fold(0, i64::saturating_add);
        Some(Recurring { interval, amount: cost.saturating_add(tax), tax })
    }

    /// When the gateway must be asked about its subscription; `None` for never.
    #[must_use]
    pub fn ask_at(&self) -> Option<Timestamp> {
        self.subscription.as_ref()?.ask_at
    }

    /// A gateway takes the whole of a subscription at once, and nothing of it for nothing.
    fn check_recurring(&self, line: &OrderLine) -> Result<(), Refusal> {
        let Some(interval) = line.recurs else { return Ok(()) };
        if self.recurring().is_some_and(|others| others.interval != interval) {
            let message = "All recurring lines of an order recur together, by the month or by the \
                           year; place a second order for the others.";
            return Err(Refusal::new(Code::ValidationFailed, message));
        }
        if line.cost() == 0 {
            let message = "A line that recurs costs something.";
            return Err(Refusal::new(Code::ValidationFailed, message));
        }
        Ok(())
    }

    /// Adds a line and gives it its number.
    ///
    /// # Errors
    /// [`Code::ValidationFailed`] for more than [`LINES_MAX`], for lines that recur at different
    /// intervals, and for one that recurs and costs nothing; [`Code::InvalidAmount`].
    pub(super) fn add_line(&mut self, line: OrderLine) -> Result<(), Refusal> {
        if self.lines.len() >= LINES_MAX || self.next_line == u16::MAX {
            let message = format!("An order has {LINES_MAX} lines at most.");
            return Err(Refusal::new(Code::ValidationFailed, message));
        }
        self.check_recurring(&line)?;
        self.lines.push(OrderLine { number: self.next_line, ..line });
        self.next_line += 1;
        self.check_total()
    }

    /// No order costs more than one thing may, so that the books hold.
    pub(super) fn check_total(&self) -> Result<(), Refusal> {
        if self.total() <= PRICE_MAX {
            return Ok(());
        }
        Err(Refusal::new(Code::InvalidAmount, "The order costs more than one may; split it."))
    }

    pub(crate) fn enter(&mut self, state: OrderState, now: Timestamp) {
        self.state = state;
        self.changed_at = now;
    }
}
