//! What was bought, by its handle, for operations that hand it out or send it away.
//!
//! A handle outlives its owner: who gave a ticket away has seen it, and so has who read a log. So
//! the app must sign, and prove the phone that the sale belongs to (`domain.md` §1.4). A box
//! office sees what its clubs have sold. `/ticketOrder/status` alone asks for the handle only.

use std::sync::Arc;

use domain::refusal::{Code, Refusal};
use domain::sale::Sale;

use super::family::Failure;
use super::origin::{self, Origin};
use super::{Call, ticket_order_status};
use crate::app::App;

/// The sale behind a handle. A wrong handle and somebody else's look the same from outside.
///
/// # Errors
/// [`Code::TicketNotFound`], or a fault of the store.
pub(super) async fn of_owner(
    app: &App,
    call: &Call<'_>,
    handle: Option<&str>,
    origin: &Origin,
) -> Result<Arc<Sale>, Failure> {
    let sale = ticket_order_status::find(app, call, handle).await?;
    let phone = sale.buyer.phone.as_deref();
    if origin::is_app(call) && phone.is_some() && phone != origin.proved_number() {
        return Err(Refusal::new(Code::TicketNotFound, "There is no such ticket.").into());
    }
    Ok(sale)
}
