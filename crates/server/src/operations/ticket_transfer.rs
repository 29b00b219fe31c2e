//! Moving tickets to another event or phone (`domain.md` §4), and paying the difference.

mod log;
mod mark_topup_paid;
mod page;
mod pay_topup;
mod presentation;
mod quote;
mod route;
mod start_topup;
mod to_event;
mod to_phone;
mod topup_session;

use contract::ticket_transfer::{self, log as log_contract};

use super::family::Failure;
use super::handlers::{Handler, handler};
use crate::topup::NoTopup;

impl From<NoTopup> for Failure {
    fn from(error: NoTopup) -> Failure {
        match error {
            NoTopup::Refused(refusal) => refusal.into(),
            NoTopup::Store(error) => error.into(),
            NoTopup::Overloaded => Failure::overloaded(),
        }
    }
}

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(ticket_transfer::TRANSFER_TICKET_TO_EVENT, to_event::serve),
    handler!(ticket_transfer::quote::TRANSFER_TICKET_QUOTE, quote::serve),
    handler!(ticket_transfer::topup_session::TOPUP_SESSION, topup_session::serve),
    handler!(ticket_transfer::start_topup_3d_secure::START_TOPUP_3D_SECURE, start_topup::serve),
    handler!(ticket_transfer::pay_topup::PAY_TOPUP_WITH_3D_SECURE, pay_topup::serve),
    handler!(ticket_transfer::mark_topup_paid::MARK_TOPUP_PAID, mark_topup_paid::serve),
    handler!(ticket_transfer::page::TOPUP_PAGE, page::serve),
    handler!(ticket_transfer::page::TOPUP_PAGE_RETURN, page::serve_return),
    handler!(ticket_transfer::page::TOPUP_PAGE_SCRIPT, page::serve_script),
    handler!(log_contract::TRANSFER_LOG, log::serve_list),
    handler!(log_contract::CANCEL_TRANSFER, log::serve_cancel),
    handler!(log_contract::RETRY_TRANSFER_REFUND, log::serve_retry),
    handler!(ticket_transfer::to_phone::TRANSFER_TICKET, to_phone::serve),
];
