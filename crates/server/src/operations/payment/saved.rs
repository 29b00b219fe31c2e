//! Cards that a gateway keeps for a proved phone (`domain.md` §2.2, §3.1 `paymentCardId`).

use domain::refusal::{Code, Refusal};

use super::{Parties, Usable};
use crate::app::App;
use crate::operations::family::Failure;

/// The saved card of this number.
pub(super) async fn read(_app: &App, _id: i32, _parties: &Parties<'_>) -> Result<Usable, Failure> {
    Err(not_found().into())
}

/// The saved card with this token.
pub(super) async fn by_token(
    _app: &App,
    _token: &str,
    _parties: &Parties<'_>,
) -> Result<Usable, Failure> {
    Err(not_found().into())
}

fn not_found() -> Refusal {
    Refusal::new(Code::PaymentCardNotFound, "There is no such saved card of this phone.")
}
