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
use service::matched::Matched;
use service::operation::Operation;
use service::reply::Reply;

use super::Call;
use super::family::Failure;
use crate::app::App;
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

/// Serves the operation, if it is one of these.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Option<Reply> {
    let is = |operation: &'static Operation| std::ptr::eq(matched.operation, operation);
    Some(if is(&ticket_transfer::TRANSFER_TICKET_TO_EVENT) {
        to_event::serve(app, matched, call).await
    } else if is(&ticket_transfer::quote::TRANSFER_TICKET_QUOTE) {
        quote::serve(app, matched, call).await
    } else if is(&ticket_transfer::topup_session::TOPUP_SESSION) {
        topup_session::serve(app, matched, call).await
    } else if is(&ticket_transfer::start_topup_3d_secure::START_TOPUP_3D_SECURE) {
        start_topup::serve(app, matched, call).await
    } else if is(&ticket_transfer::pay_topup::PAY_TOPUP_WITH_3D_SECURE) {
        pay_topup::serve(app, matched).await
    } else if is(&ticket_transfer::mark_topup_paid::MARK_TOPUP_PAID) {
        mark_topup_paid::serve(app, matched, call).await
    } else if is(&ticket_transfer::page::TOPUP_PAGE) {
        page::serve(app, matched, call).await
    } else if is(&ticket_transfer::page::TOPUP_PAGE_RETURN) {
        page::serve_return(app, matched, call).await
    } else if is(&ticket_transfer::page::TOPUP_PAGE_SCRIPT) {
        page::serve_script()
    } else if is(&log_contract::TRANSFER_LOG) {
        log::serve_list(app, matched, call).await
    } else if is(&log_contract::CANCEL_TRANSFER) {
        log::serve_cancel(app, matched, call).await
    } else if is(&log_contract::RETRY_TRANSFER_REFUND) {
        log::serve_retry(app, matched, call).await
    } else if is(&ticket_transfer::to_phone::TRANSFER_TICKET) {
        to_phone::serve(app, matched, call).await
    } else {
        return None;
    })
}
