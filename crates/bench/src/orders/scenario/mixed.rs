//! A mix of what a till meets. Every request has an idempotency key, as careful clients send.

use std::net::SocketAddr;

use super::super::request::{Order, Shop};
use crate::load::{Request, Script, Step};

const PAID: Step = Step::Send(0);
const FREE: Step = Step::Send(1);
const SOLD_OUT: Step = Step::Send(2);
const WRONG_PRICE: Step = Step::Send(3);

/// 60 % paid, 20 % free, 15 % refused, 5 % repeats, spread evenly.
const CYCLE: [Step; 20] = [
    PAID,
    PAID,
    FREE,
    PAID,
    PAID,
    SOLD_OUT,
    PAID,
    PAID,
    FREE,
    PAID, //
    PAID,
    Step::Repeat,
    PAID,
    PAID,
    FREE,
    PAID,
    WRONG_PRICE,
    PAID,
    FREE,
    SOLD_OUT,
];

pub(super) fn script(shop: &Shop, address: SocketAddr) -> Option<Script> {
    let paid = Order { keyed: true, ..Order::paid(shop) };
    let free = Order { keyed: true, ..Order::free(shop) };
    let sold_out = Order { event: shop.sold_out_event, ..paid };
    let wrong_price = Order { amount: paid.amount.map(|amount| amount - 1), ..paid };
    let orders = [paid, free, sold_out, wrong_price];
    let requests = orders.map(|order| Request::keyed(order.bytes(shop, address)));
    Script::cycle(requests.to_vec(), CYCLE.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cycle_is_the_mix_that_is_promised() {
        // Proves the shares named in the help text.
        let count = |wanted: Step| CYCLE.iter().filter(|step| **step == wanted).count();
        assert_eq!([PAID, FREE, SOLD_OUT, WRONG_PRICE, Step::Repeat].map(count), [12, 4, 2, 1, 1]);
    }
}
