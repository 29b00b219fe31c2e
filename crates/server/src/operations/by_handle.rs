//! What was bought, by its handle, for operations that hand it out or send it away.
//!
//! A handle outlives its owner: who gave a ticket away has seen it, and so has who read a log. So
//! the app must sign, and prove the phone that the sale belongs to (`domain.md` §1.4). A box
//! office sees what its clubs have sold. `/ticketOrder/status` alone asks for the handle only.

use std::sync::Arc;

use domain::ids::SaleId;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use domain::token::Token;

use super::family::Failure;
use super::origin::{self, Origin};
use super::{Call, office};
use crate::app::App;

/// The sale behind a handle, whoever's it is.
///
/// # Errors
/// [`Code::TicketNotFound`], or a fault of the store.
pub(super) async fn anybodys(app: &App, handle: Option<&str>) -> Result<Arc<Sale>, Failure> {
    let not_found = || Refusal::new(Code::TicketNotFound, "There is no such ticket.");
    let token = handle.and_then(|text| Token::parse(text.trim())).ok_or_else(not_found)?;
    let sale = app.store.read::<Sale>(Sale::key_of(token.shard, SaleId(token.number))).await?;
    let sale = sale.filter(|sale| sale.secret.matches(&token.secret));
    Ok(sale.ok_or_else(not_found)?)
}

/// The sale behind a handle, if the caller may act for its organiser. Nobody guesses a handle, so
/// who shows one is told that it is another's. A number can be guessed; what it names in another's
/// hands looks like nothing at all.
///
/// # Errors
/// [`Code::TicketNotFound`], [`Code::OwnerScopeDenied`], or a fault of the store.
pub(super) async fn in_scope(
    app: &App,
    call: &Call<'_>,
    handle: Option<&str>,
) -> Result<Arc<Sale>, Failure> {
    let sale = anybodys(app, handle).await?;
    office::scope(call, sale.shard)?;
    Ok(sale)
}

/// The sale behind a handle. To the app, another phone's looks like none.
///
/// # Errors
/// As [`in_scope`].
pub(super) async fn of_owner(
    app: &App,
    call: &Call<'_>,
    handle: Option<&str>,
    origin: &Origin,
) -> Result<Arc<Sale>, Failure> {
    let sale = in_scope(app, call, handle).await?;
    let phone = sale.buyer.phone.as_deref();
    if origin::is_app(call) && phone.is_some() && phone != origin.proved_number() {
        return Err(Refusal::new(Code::TicketNotFound, "There is no such ticket.").into());
    }
    Ok(sale)
}
