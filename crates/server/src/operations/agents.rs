//! What agents do: customers, orders, and their payments (`domain.md` §5). One file an operation,
//! or a few of one shape.

mod agents_list;
mod caller;
mod customers;
mod fields;
mod lines;
mod order_list;
mod orders;
mod payment_link;
mod payment_page;
mod payments;
mod place;
mod refund;
mod shown;
mod status;

use contract::agents as published;

use super::handlers::{Handler, handler};

/// How many entries a page has where the request does not say.
const TAKE_DEFAULT: u32 = 50;

/// The most entries of one page.
const TAKE_MAX: u32 = 100;

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(contract::customer_payments::CUSTOMER_PAYMENTS, payments::serve),
    handler!(published::agents_list::LIST_AGENTS, agents_list::serve),
    handler!(published::customers::LIST_CUSTOMERS, customers::serve_list),
    handler!(published::customers::SAVE_CUSTOMER, customers::serve_save),
    handler!(published::order_list::ORDER_HEADERS_OPEN, order_list::serve_open),
    handler!(published::order_list::ORDER_HEADERS_CLOSED, order_list::serve_closed),
    handler!(published::orders::ORDER_HEADER, orders::serve),
    handler!(published::place::CREATE_ORDER, place::serve),
    handler!(published::lines::ADD_ORDER_LINE, lines::serve_add),
    handler!(published::lines::REMOVE_ORDER_LINE, lines::serve_remove),
    handler!(published::status::CANCEL_ORDER, status::serve_cancel),
    handler!(published::status::FULFIL_ORDER, status::serve_fulfil),
    handler!(published::status::CLOSE_ORDER, status::serve_close),
    handler!(published::status::END_SUBSCRIPTION, status::serve_end_subscription),
    handler!(published::refund::REFUND_ORDER, refund::serve),
    handler!(published::payment_link::CREATE_PAYMENT_LINK, payment_link::serve),
    handler!(published::payment_page::PAYMENT_PAGE, payment_page::serve),
    handler!(published::payment_page::PAYMENT_PAGE_RETURN, payment_page::serve_return),
    handler!(published::payment_page::PAYMENT_PAGE_SCRIPT, payment_page::serve_script),
];
