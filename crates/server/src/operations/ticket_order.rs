//! `GET|POST /ticketOrder`: one order of admissions or of a team pass, from the request to the
//! ticket.

mod admissions;
mod intake;
pub(super) mod presentation;
mod rights;
mod team_pass;

use contract::ticket_order::{TicketOrder, TicketOrderResult};
use domain::ids::Shard;
use domain::payment::Instrument;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use gateway::Source;
use service::matched::Matched;
use service::reply::Reply;
use store::SubmitError;

use self::intake::{Intake, Wanted};
use self::presentation::View;
use super::answer::{answer, answers};
use super::family::Failure;
use super::marks::Repeatable;
use super::origin::Origin;
use super::payment::{self, Means, Named, Parties};
use super::signed::{self, signed};
use super::ticket_order_status::standing;
use super::{Call, guesses, origin};
use crate::app::App;
use crate::till::{NotPlaced, Place};

/// How often an order is decided again because the catalogue changed under it.
const STALE_TRIES_MAX: u32 = 3;

/// The name that is signed and that a key is good for.
const OPERATION: &str = "TicketOrder";

signed!(TicketOrder, OPERATION);

/// An order that was understood, and who sent it.
struct Asked<'a> {
    app: &'a App,
    call: &'a Call<'a>,
    /// Without what proved who sent it.
    request: &'a TicketOrder,
    origin: Origin,
    intake: Intake,
    /// It came as a GET, which a browser may send on its own.
    is_get: bool,
}

answers!(TicketOrderResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| order(app, call, request, matched.verb() == "GET").await;
    answer(app, matched, call, run).await
}

async fn order(
    app: &App,
    call: &Call<'_>,
    mut request: TicketOrder,
    is_get: bool,
) -> Result<TicketOrderResult, Failure> {
    let origin = signed::check(app, call, &mut request).await?;
    if !app.standing.is_ready() {
        return Err(Failure::unable());
    }
    let mut intake = intake::read(&request)?;
    intake.buyer.principal = call.principal.as_ref().map(|caller| caller.id);
    intake.buyer.by_app = origin::is_app(call);
    intake.buyer.phone = origin.phone_number();
    intake.buyer.phone_id = origin.phone_id();
    let asked = Asked { app, call, request: &request, origin, intake, is_get };
    let placed = async {
        match asked.intake.wanted {
            Wanted::Event(event) => admissions::order(&asked, event).await,
            Wanted::Pass(pass_type, price) => team_pass::order(&asked, pass_type, price).await,
        }
    };
    guesses::counted(app, call, asked.has_code(), placed).await
}

impl<'a> Asked<'a> {
    /// Whether it shows a code that somebody may be guessing.
    fn has_code(&self) -> bool {
        let mut lines = self.request.order_details.iter().flatten();
        self.call.access_code.is_some() || lines.any(|line| line.special_ticket_id.is_some())
    }

    fn check_scope(&self, seller: Shard) -> Result<(), Refusal> {
        if self.call.may_act_for(seller) {
            return Ok(());
        }
        let message = "What is ordered belongs to an organiser outside your scope.";
        Err(Refusal::new(Code::OwnerScopeDenied, message))
    }

    /// Finds what the order is paid with.
    async fn payment(&self, parties: &Parties<'_>) -> Result<(Option<Source>, Named), Failure> {
        let (source, mut named) = payment::read(self.app, &self.means(), parties).await?;
        let is_known = self.origin.signature.is_some() || self.call.idempotency_key.is_some();
        if self.is_get && !is_known && named.instrument.is_some() {
            // Counts only if the order costs something, as whatever else is wrong with it.
            let message = "An order in a URL may be sent again by anybody who sees it; one that \
                           charges must be signed or have an Idempotency-Key. Nothing was done.";
            let refusal = Refusal::new(Code::SignatureInvalid, message);
            named.instrument = Some(Instrument::Unusable(refusal));
        }
        Ok((source, named))
    }

    /// The members that say what to pay with; those outside the order count before those inside.
    fn means(&self) -> Means<'a> {
        let request = self.request;
        let order = request.order.as_ref();
        let phone_inside = order.and_then(|order| order.payment_phone_number.as_deref());
        Means {
            card_info: request.card_info.as_ref(),
            apple_pay_info: request.apple_pay_info.as_ref(),
            borgun_3d_final_info: request.borgun_3d_final_info.as_ref(),
            payment_phone_number: request.payment_phone_number.as_deref().or(phone_inside),
            payment_card_id: request.payment_card_id,
            payment_method_id: order.and_then(|order| order.payment_method_id.as_deref()),
        }
    }

    fn repeatable<'s>(&'s self, source: Option<&'s Source>) -> Repeatable<'s, TicketOrder> {
        let Asked { app, call, request, .. } = *self;
        Repeatable { app, call, operation: OPERATION, request, source }
    }

    /// The answer for the sale that the order led to; the same for every repeat of it.
    fn result(&self, sale: &Sale, view: View<'_>) -> TicketOrderResult {
        let (status_code, message) = standing(sale);
        let shown = status_code < 300 && !self.request.dont_return_tickets;
        TicketOrderResult {
            ticket_and_details: shown.then(|| {
                let order = self.request.order.as_ref();
                let inside = order.and_then(|order| order.seats_reservation_id.as_deref());
                let outside = self.request.seat_reservation_token_id.as_deref();
                let phone = self.request.phone_verification_number.as_deref();
                View { phone, reservation: outside.or(inside), ..view }.ticket()
            }),
            status_code,
            message: Some(message),
        }
    }
}

/// Only an order that was decided on an older catalogue is made again.
fn again(refused: NotPlaced) -> Result<Place, Failure> {
    match refused {
        NotPlaced { error: SubmitError::Stale, place: Some(place) } => Ok(place),
        NotPlaced { error, .. } => Err(error.into()),
    }
}
