//! Season cards as published (`domain.md` §2.3).

use contract::owner_cards::OwnerCards;
use domain::card::{Card, CardAddress, CardState, CardType};
use domain::ids::CardId;
use domain::money::Money;
use domain::sale::{Goods, Sale};

use super::card_type;
use crate::app::App;
use crate::money::decimal;
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::Failure;

/// The cards of an order, in its order.
pub(in crate::operations) async fn cards_of(
    app: &App,
    sale: &Sale,
    cards: &[CardId],
    token: Option<&str>,
) -> Result<Vec<OwnerCards>, Failure> {
    let mut shown = Vec::with_capacity(cards.len());
    for id in cards {
        let address = CardAddress { shard: sale.shard, id: *id };
        let Some(card) = app.store.read::<Card>(Card::key_of(address)).await? else { continue };
        let kind = card_type(app, sale.shard, card.card_type).await?;
        shown.push(card_dto(&card, kind.as_deref(), Some(sale), token));
    }
    Ok(shown)
}

/// One card with whatever paid for it.
pub(in crate::operations) async fn card(
    app: &App,
    card: &Card,
    token: Option<&str>,
) -> Result<OwnerCards, Failure> {
    let kind = card_type(app, card.shard, card.card_type).await?;
    let sale = match card.sale {
        Some(sale) => app.store.read::<Sale>(Sale::key_of(card.shard, sale)).await?,
        None => None,
    };
    Ok(card_dto(card, kind.as_deref(), sale.as_deref(), token))
}

/// One card. `sale` is the order that paid for it, `token` the holder's own proof of the phone.
pub(in crate::operations) fn card_dto(
    card: &Card,
    kind: Option<&CardType>,
    sale: Option<&Sale>,
    token: Option<&str>,
) -> OwnerCards {
    let money = |amount: i64| decimal(Money::new(amount, card.currency));
    let currency = Some(card.currency.code().to_owned());
    let holder = card.holder.clone();
    let shown = OwnerCards {
        id: int(card.id.0),
        owner_id: int(card.shard.0),
        owner_card_type_id: int(card.card_type.0),
        initial_max_tickets: card.tickets_max.map(int),
        current_available_tickets: card.tickets_left().map(int),
        max_tickets_per_event: card.tickets_per_event_max.map(int),
        time_stamp_created_utc: utc(card.created_at),
        time_stamp_last_changed_utc: utc(card.changed_at),
        time_stamp_ordered_utc: Some(utc(card.ordered_at)),
        card_valid_from_utc: Some(utc(card.valid.from)),
        card_valid_to_utc: Some(utc(card.valid.to)),
        has_store_credit: card.has_credit,
        initial_store_credit: card.has_credit.then(|| money(card.credit_granted)),
        current_store_credit: card.has_credit.then(|| money(card.credit)),
        card_price: money(card.price),
        card_price_currency: currency.clone(),
        price_paid: money(card.price_paid),
        price_paid_currency: currency,
        phone_full_verification_number: holder.phone,
        phone_verification_number: token.map(str::to_owned),
        holder_id: holder.holder_id,
        holder_name: holder.name,
        holder_email: holder.email,
        device_id: holder.device_id,
        payment_status: Some(payment_status(card).to_owned()),
        image_url: kind.and_then(|kind| kind.image_url.clone()),
        background_image_url: kind.and_then(|kind| kind.background_image_url.clone()),
        ..OwnerCards::default()
    };
    match sale {
        Some(sale) => with_payment(shown, sale),
        None => shown,
    }
}

fn with_payment(shown: OwnerCards, sale: &Sale) -> OwnerCards {
    let charge = sale.charge();
    let approval = charge.and_then(|charge| charge.approval.as_ref());
    let handle = sale.token().text();
    let is_one_of_many = matches!(&sale.goods,
        Goods::Cards { types, .. } if types.len() > 1);
    OwnerCards {
        phone_verification_id: sale.buyer.phone_id.map(|id| int(id.0)),
        time_stamp_bought_utc: sale.issued_at.map(utc),
        payment_method_id: sale.method.map(|method| method.name().to_owned()),
        payment_reference: approval.map(|said| said.reference.clone()),
        payment_id: charge.map(|charge| charge.key.clone()),
        payment_phone_number: sale.payer_phone.clone(),
        multiple_payments_id: is_one_of_many.then(|| handle.clone()),
        payment_token_id: Some(handle),
        ..shown
    }
}

/// `domain.md` §2.3 `paymentStatus`: what became of the money, whether or not the card is good. A
/// card exists once it is paid for, so it is never pending or declined; its order is.
fn payment_status(card: &Card) -> &'static str {
    match card.state {
        CardState::Refunded if card.refunded < card.price_paid => "PartiallyRefunded",
        CardState::Refunded => "Refunded",
        CardState::Active | CardState::Blocked => "Paid",
    }
}
