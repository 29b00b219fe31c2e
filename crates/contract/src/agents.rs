//! Agents: their customers, the orders they place for them, and what pays these beside the
//! published contract (`domain.md §5`).

pub mod agents_list;
pub mod customers;
pub mod lines;
pub mod order_list;
pub mod orders;
pub mod payment_link;
pub mod payment_page;
pub mod place;
pub mod refund;
pub mod status;

use service::access::Access;
use service::operation::Operation;

/// Agents see their own, administrators all.
const AGENTS: Access = Access { any_role: &["Agent", "Administrator"], ..Access::OPEN };

/// Only administrators.
const ADMINISTRATORS: Access = Access { any_role: &["Administrator"], ..Access::OPEN };

/// The group in which the pages show them.
const TAGS: &[&str] = &["Agents"];

/// What agents do beside the published contract.
pub static OPERATIONS: &[&Operation] = &[
    &agents_list::LIST_AGENTS,
    &customers::LIST_CUSTOMERS,
    &customers::SAVE_CUSTOMER,
    &order_list::ORDER_HEADERS_OPEN,
    &order_list::ORDER_HEADERS_CLOSED,
    &orders::ORDER_HEADER,
    &place::CREATE_ORDER,
    &lines::ADD_ORDER_LINE,
    &lines::REMOVE_ORDER_LINE,
    &status::CANCEL_ORDER,
    &status::FULFIL_ORDER,
    &status::CLOSE_ORDER,
    &status::END_SUBSCRIPTION,
    &refund::REFUND_ORDER,
    &payment_link::CREATE_PAYMENT_LINK,
    &payment_page::PAYMENT_PAGE,
    &payment_page::PAYMENT_PAGE_RETURN,
    &payment_page::PAYMENT_PAGE_SCRIPT,
];
