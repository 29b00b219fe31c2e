//! `POST /OrderOwnerCards`: season cards of one club, in one payment (`domain.md` §2). What a club
//! and its fans do with cards that they have is in the files below it.

mod change;
mod found;
mod give_away;
mod intake;
mod list;
pub(super) mod presentation;
mod refund;
mod search;

use std::sync::Arc;

use contract::owner_cards::{GeneralOrderResponse, OwnerCardsOrderRequest, OwnerCardsOrderResult};
use domain::card::CardType;
use domain::catalogue::Organiser;
use domain::facts::Key;
use domain::ids::NumberKind;
use domain::language::Language;
use domain::record::Kind;
use domain::refusal::{Code, Refusal};
use domain::sale::{Goods, PlaceCards, Sale, Tender};
use service::matched::Matched;
use service::reply::Reply;

use self::intake::Intake;
use super::answer::{Answer, answer};
use super::family::Failure;
use super::handlers::{Handler, handler};
use super::marks::Repeatable;
use super::payment::{self, Means, Parties};
use super::signed::{self, signed};
use super::ticket_order_status::standing;
use super::{Call, office, origin};
use crate::app::App;

/// The name that is signed and that a key is good for.
const OPERATION: &str = "OwnerCardsOrderRequest";

signed!(OwnerCardsOrderRequest, OPERATION);

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(contract::owner_cards::ORDER_OWNER_CARDS, serve),
    handler!(contract::owner_cards::list::OWNER_CARDS, list::serve),
    handler!(contract::owner_cards::search::SEARCH_OWNER_CARDS, search::serve),
    handler!(contract::owner_cards::change::UPDATE_OWNER_CARD, change::serve),
    handler!(contract::owner_cards::give_away::GIVE_AWAY_CARDS, give_away::serve),
    handler!(contract::owner_cards::refund::REFUND_OWNER_CARD, refund::serve),
];

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| order(app, call, request).await).await
}

impl Answer for OwnerCardsOrderResult {
    fn standing(mut self, status_code: i32, message: String) -> Self {
        self.general.status_code = status_code;
        self.general.message = Some(message);
        self
    }
}

async fn order(
    app: &App,
    call: &Call<'_>,
    mut request: OwnerCardsOrderRequest,
) -> Result<OwnerCardsOrderResult, Failure> {
    let origin = signed::check(app, call, &mut request).await?;
    if !app.standing.is_ready() {
        return Err(Failure::unable());
    }
    let mut intake = intake::read(&request)?;
    intake.buyer.principal = call.principal.as_ref().map(|caller| caller.id);
    intake.buyer.by_app = origin::is_app(call);
    intake.told(&origin);
    let club = seller(app, call, &intake).await?;
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let phone = origin.proved_number();
    let parties = Parties { organiser: &club, phone, for_proof: false };
    let (source, named) = payment::read(app, &means(&request), &parties).await?;
    let currency = intake.currency(app, club.shard).await?;
    let guards = named.guards(currency)?;
    let repeatable =
        Repeatable { app, call, operation: OPERATION, request: &request, source: source.as_ref() };
    let marks = repeatable.marks(origin.signature.as_ref(), club.shard).await?;
    let command = PlaceCards {
        shard: club.shard,
        card_types: intake.card_types,
        holder: intake.holder,
        receipt: app.sends_mail.then(Language::default),
        buyer: intake.buyer,
        tender: Tender {
            instrument: named.instrument,
            credit: None,
            total_guard: guards.total,
            currency_guard: guards.currency,
        },
        secret: app.secret()?,
        marks,
    };
    let placed = app.till.order(place, command, source).await;
    let sale = placed.map_err(|refused| Failure::from(refused.error))?;
    let token = request.phone_verification_number.as_deref().filter(|_| origin.phone.is_some());
    result(app, &sale, request.return_cards, token).await
}

/// The club whose cards are ordered, if the caller may sell them.
async fn seller(app: &App, call: &Call<'_>, intake: &Intake) -> Result<Arc<Organiser>, Failure> {
    let first = intake.card_types.first();
    let Some(first) = first else {
        return Err(Refusal::new(Code::NothingToOrder, "The order names no card type.").into());
    };
    let not_found = || {
        let message = format!("There is no card type {}.", first.0);
        Refusal::new(Code::CardTypeNotFound, message)
    };
    let shard = app.store.shard_of(NumberKind::CardType, first.0).await?.ok_or_else(not_found)?;
    if !call.may_act_for(shard) {
        let message = "These cards belong to a club outside your scope.";
        return Err(Refusal::new(Code::OwnerScopeDenied, message).into());
    }
    let club = app.store.read::<Organiser>(Key::number(shard, Kind::Organiser, 0)).await?;
    Ok(club.ok_or_else(not_found)?)
}

/// The members that say what to pay with.
fn means(request: &OwnerCardsOrderRequest) -> Means<'_> {
    Means {
        card_info: request.card_info.as_ref(),
        apple_pay_info: request.apple_pay_info.as_ref(),
        borgun_3d_final_info: request.borgun_3d_final_info.as_ref(),
        payment_phone_number: request.payment_phone_number.as_deref(),
        payment_card_id: None,
        payment_method_id: request.payment_method_id.as_deref(),
    }
}

/// The answer for the sale that the order led to. `token` is the buyer's own proof of the phone,
/// which only the device that sent it gets back.
pub(super) async fn result(
    app: &App,
    sale: &Sale,
    return_cards: bool,
    token: Option<&str>,
) -> Result<OwnerCardsOrderResult, Failure> {
    let (status_code, message) = standing(sale);
    let is_pending = sale.state.holds_places();
    let general = GeneralOrderResponse {
        status_code,
        message: Some(message),
        success: status_code < 300,
        payment_is_pending: is_pending,
        order_token_id: Some(sale.token().text()),
    };
    let Goods::Cards { cards, .. } = &sale.goods else {
        return Err(Refusal::new(Code::TicketNotFound, "There is no such order.").into());
    };
    let shown = return_cards && !cards.is_empty() && status_code < 300;
    let cards = match shown {
        true => Some(presentation::cards_of(app, sale, cards, token).await?),
        false => None,
    };
    Ok(OwnerCardsOrderResult { general, cards })
}

/// Reads a card type.
pub(super) async fn card_type(
    app: &App,
    shard: domain::ids::Shard,
    id: domain::ids::CardTypeId,
) -> Result<Option<Arc<CardType>>, Failure> {
    Ok(app.store.read::<CardType>(CardType::key_of(shard, id)).await?)
}
