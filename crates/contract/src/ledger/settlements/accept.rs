//! Accepting what a gateway settled.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::ADMIN;

/// `POST /ledger/settlements/accept`.
pub static LEDGER_SETTLEMENTS_ACCEPT: Operation = Operation {
    routes: &[Route::new("POST", "/ledger/settlements/accept")],
    access: ADMIN,
    effect: Effect::Writes,
    ..Operation::of::<LedgerSettlementsAccept, LedgerSettlementsAcceptResult>()
};

/// Accepts another amount than the till took (`WrongAmount`): it is booked as settled, and the rest
/// is given up. The task about it closes.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerSettlementsAccept {
    /// Which difference. Needed.
    pub difference_id: Option<String>,
    /// Why, at most 500 characters. Needed.
    pub reason: Option<String>,
}

/// That it is accepted.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerSettlementsAcceptResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// It was settled before; nothing was done now.
    pub already_settled: bool,
}
