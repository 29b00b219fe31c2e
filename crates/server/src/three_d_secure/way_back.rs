//! Where a bank sends its holder's browser back to. An order id alone does not lead there: gateways
//! and banks write it into their lists, and apps into theirs. What comes after it is known to
//! whoever was sent to the bank, and is not stored: it is signed again each time.

use domain::enrolment::{ORDER_ID_LENGTH, OrderId};
use domain::token::{Secret, is_same_secret};
use hmac::Mac as _;

use crate::access::hex;
use crate::app::App;

/// What the link key signs before the order id.
const WAY_BACK_LABEL: &[u8] = b"way back of an authentication";

/// What is put after the base of the address: the order id and its signature.
pub(crate) fn write(app: &App, order_id: &OrderId) -> String {
    format!("{}{}", order_id.text(), hex(&signature(app, order_id).0))
}

/// The order id, if [`write`] wrote the text.
pub(crate) fn read(app: &App, text: &str) -> Option<OrderId> {
    let (order_id, _) = text.split_at_checked(ORDER_ID_LENGTH)?;
    let order_id = OrderId::parse(order_id)?;
    is_same_secret(write(app, &order_id).as_bytes(), text.as_bytes()).then_some(order_id)
}

fn signature(app: &App, order_id: &OrderId) -> Secret {
    let mut signed = app.link_key.clone();
    signed.update(WAY_BACK_LABEL);
    signed.update(order_id.text().as_bytes());
    let bytes = signed.finalize().into_bytes();
    Secret(std::array::from_fn(|index| bytes[index]))
}
