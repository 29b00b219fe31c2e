//! Orders and customers as they are published.

use contract::agents::orders::{
    OrderAddress, OrderHeader, OrderHeaderResponse, OrderLine, OrderSubscription,
};
use contract::customer_payments as payments;
use domain::agency::{Address, Customer, CustomerOrder, Subscription, Uid};
use domain::money::Money;
use domain::time::Timestamp;
use rust_decimal::Decimal;
use service::types::{DateTime, Guid};

use super::caller::Agent;
use crate::app::App;
use crate::money::decimal;
use crate::operations::family::Failure;

/// The published number of a billing address, within its order.
const BILLING: i32 = 1;

/// The published number of a shipping address, within its order.
const SHIPPING: i32 = 2;

/// How many payments of later periods are told.
const PAYMENTS_SHOWN_MAX: usize = 12;

/// An order with its lines, as an answer.
pub(super) async fn response(
    app: &App,
    order: &CustomerOrder,
) -> Result<OrderHeaderResponse, Failure> {
    let agent = Agent::read(app, order.shard).await?;
    let name = agent.map(|agent| agent.organiser.name.clone()).unwrap_or_default();
    let header = header(app, order, &name).await?;
    let lines = order.lines.iter().map(|line| order_line(order, line)).collect();
    let order_header = Some(OrderHeader { order_lines: Some(lines), ..header });
    Ok(OrderHeaderResponse { order_header, ..OrderHeaderResponse::default() })
}

/// An order without its lines.
pub(super) async fn header(
    app: &App,
    order: &CustomerOrder,
    agent_name: &str,
) -> Result<OrderHeader, Failure> {
    let customer = match order.customer {
        Some(id) => app.store.read::<Customer>(Customer::key_of(order.shard, id)).await?,
        None => None,
    };
    let amount = |amount| amount_of(order, amount);
    let [shipping, billing] = [&order.shipping, &order.billing].map(|it| it.as_ref().map(address));
    let id_if = |is_there: bool, id| if is_there { id } else { 0 };
    Ok(OrderHeader {
        id: number(order.id.0),
        agent_id: number(order.shard.0),
        customer_id: order.customer.map_or(0, |id| number(id.0)),
        agent_name: Some(agent_name.to_owned()),
        customer_name: customer.map(|customer| customer.details.name()),
        order_date: moment(order.placed_at),
        order_status: order.state.code().into(),
        order_status_text: Some(order.state.name().to_owned()),
        total_quantity_units: i32::try_from(order.quantity()).unwrap_or(i32::MAX),
        total_order_cost: amount(order.total()),
        total_product_cost: amount(order.product_cost()),
        total_order_tax: amount(order.tax()),
        total_shipping_cost: amount(order.shipping_cost),
        billing_address_id: id_if(billing.is_some(), BILLING),
        shipping_address_id: id_if(shipping.is_some(), SHIPPING),
        customer_paid_amount: amount(order.paid),
        notes: order.notes.clone(),
        uid: guid(order.uid),
        recalculate: order.recalculate,
        public_order_id: Some(order.public_id()),
        address: shipping.clone().or_else(|| billing.clone()),
        shipping_address: shipping,
        billing_address: billing,
        is_multi_ship: false,
        currency: Some(order.currency.code().to_owned()),
        subscription: order.subscription.as_ref().map(|it| subscription(order, it)),
        order_lines: None,
    })
}

/// A customer.
pub(super) fn customer(customer: &Customer) -> payments::Customer {
    let details = customer.details.clone();
    payments::Customer {
        id: number(customer.id.0),
        customer_code: details.code,
        business_name: details.business_name,
        first_name: details.first_name,
        last_name: details.last_name,
        email: details.email,
        uid: guid(customer.uid),
        agent_id: number(customer.shard.0),
    }
}

/// A published number; all of ours fit.
pub(super) fn number(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn guid(uid: Uid) -> Guid {
    Guid(uid.0.to_be_bytes())
}

fn amount_of(order: &CustomerOrder, amount: i64) -> Decimal {
    decimal(Money::new(amount, order.currency))
}

fn order_line(order: &CustomerOrder, line: &domain::agency::OrderLine) -> OrderLine {
    OrderLine {
        line_number: line.number.into(),
        description: Some(line.description.clone()),
        product_code: line.product_code.clone(),
        quantity: i32::try_from(line.quantity).unwrap_or(i32::MAX),
        unit_price: amount_of(order, line.unit_price),
        tax_percent: Decimal::new(line.tax_basis_points.into(), 2),
        line_cost: amount_of(order, line.cost()),
        line_tax: amount_of(order, line.tax()),
        recurring_interval: line.recurs.map(|interval| interval.name().to_owned()),
    }
}

fn subscription(order: &CustomerOrder, it: &Subscription) -> OrderSubscription {
    let newest = it.renewals.iter().rev().take(PAYMENTS_SHOWN_MAX);
    let mut payment_ids: Vec<i32> = newest.map(|renewal| number(renewal.sale.0)).collect();
    payment_ids.reverse();
    OrderSubscription {
        state: Some(it.state.name().to_owned()),
        interval: Some(it.recurring.interval.name().to_owned()),
        period_amount: amount_of(order, it.recurring.amount),
        second_period_at: moment(it.starts_at),
        periods_paid: i32::try_from(it.renewals.len()).unwrap_or(i32::MAX),
        payment_ids: Some(payment_ids),
    }
}

fn moment(at: Timestamp) -> DateTime {
    DateTime::from_unix_microseconds(at.0).unwrap_or(DateTime::MIN)
}

fn address(address: &Address) -> OrderAddress {
    let Address { name, street, street2, postal_code, city, country } = address.clone();
    OrderAddress { name, street, street2, postal_code, city, country }
}
