//! `GET /OwnerCardType/{Id}` and `GET /OwnerCardTypes`: what cards clubs sell.

use contract::owner_card_type::{
    GetOwnerCardType, GetOwnerCardTypeResult, OwnerCardType, OwnerCardTypes, OwnerCardTypesResult,
};
use domain::card::CardType;
use domain::catalogue::Organiser;
use domain::facts::Key;
use domain::ids::{CardTypeId, NumberKind};
use domain::money::Money;
use domain::quota::Quota;
use domain::record::Kind;
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::Call;
use super::answer::{answer, answers, ok};
use super::event_presentation::{int, utc};
use super::family::Failure;
use super::page::Page;
use crate::app::App;
use crate::money::decimal;

/// Kinds returned when a request does not say how many.
const TYPES_TAKE_DEFAULT: i32 = 50;

/// Most kinds one answer holds.
const TYPES_TAKE_MAX: i32 = 100;

answers!(GetOwnerCardTypeResult);
answers!(OwnerCardTypesResult);

/// Serves the question about one kind.
pub(super) async fn serve_one(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request: GetOwnerCardType| {
        let result = Some(one(app, call, request.id).await?);
        Ok(GetOwnerCardTypeResult { result, ..ok() })
    };
    answer(app, matched, call, run).await
}

/// Serves the list.
pub(super) async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, &request).await).await
}

async fn one(app: &App, call: &Call<'_>, id: i32) -> Result<OwnerCardType, Failure> {
    let not_found = || Refusal::new(Code::CardTypeNotFound, "There is no such card type.");
    let id = u32::try_from(id).map_err(|_| not_found())?;
    let shard = app.store.shard_of(NumberKind::CardType, id).await?;
    let shard = shard.filter(|shard| call.may_act_for(*shard)).ok_or_else(not_found)?;
    let kind = app.store.read::<CardType>(CardType::key_of(shard, CardTypeId(id))).await?;
    shown(app, &*kind.ok_or_else(not_found)?).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &OwnerCardTypes,
) -> Result<OwnerCardTypesResult, Failure> {
    let page = Page::of(request.skip, request.take, TYPES_TAKE_DEFAULT, TYPES_TAKE_MAX)?;
    let now = app.clock.now();
    let wanted = request.owner_id.filter(|id| *id != 0);
    let is_wanted = |kind: &CardType| {
        wanted.is_none_or(|owner| owner == int(kind.shard.0))
            && call.may_act_for(kind.shard)
            && (!request.only_on_sale || kind.on_sale(now))
    };
    let mut kinds = Vec::new();
    for seller in app.catalogue.sellers().await? {
        kinds.extend(seller.card_types.iter().filter(|kind| is_wanted(kind)).cloned());
    }
    let mut results = Vec::new();
    for kind in page.cut(&kinds) {
        results.push(shown(app, kind).await?);
    }
    Ok(OwnerCardTypesResult {
        results: Some(results),
        total: int(u32::try_from(kinds.len()).unwrap_or(u32::MAX)),
        ..ok()
    })
}

/// A kind of card as published, with what is left of its stock.
async fn shown(app: &App, kind: &CardType) -> Result<OwnerCardType, Failure> {
    let club = app.store.read::<Organiser>(Key::number(kind.shard, Kind::Organiser, 0)).await?;
    let stock = match kind.quota {
        Some(quota) => {
            app.store.read::<Quota>(Key::number(kind.shard, Kind::Quota, quota.0)).await?
        }
        None => None,
    };
    let money = |amount| decimal(Money::new(amount, kind.currency));
    Ok(OwnerCardType {
        id: int(kind.id.0),
        owner_id: int(kind.shard.0),
        super_owner_id: club.and_then(|club| club.rules.super_owner).map(|owner| int(owner.0)),
        name: Some(kind.name.clone()),
        description: kind.description.clone(),
        is_active: kind.active,
        only_for_team_use: kind.team_only,
        price: money(kind.price),
        currency: Some(kind.currency.code().to_owned()),
        max_tickets: kind.tickets_max.map(int),
        max_tickets_per_event: kind.tickets_per_event_max.map(int),
        has_store_credit: kind.has_credit,
        initial_store_credit: kind.has_credit.then(|| money(kind.credit)),
        valid_for_connected_owners: kind.valid_for_connected,
        holder_info_required: kind.holder_required,
        available: stock.and_then(|stock| stock.free()).map(int),
        sale_start_date_utc: kind.sale.map(|sale| utc(sale.from)),
        sale_end_date_utc: kind.sale.map(|sale| utc(sale.to)),
        valid_start_date_for_new_cards_utc: Some(utc(kind.valid.from)),
        valid_end_date_for_new_cards_utc: Some(utc(kind.valid.to)),
        image_url: kind.image_url.clone(),
        background_image_url: kind.background_image_url.clone(),
    })
}
