//! `GET /payouts/owed/{EventOwnerId}`: what an organiser is owed, and owes.

use std::collections::BTreeSet;

use contract::payouts::owed::{EventOwed, PayoutsOwed, PayoutsOwedResult, SumOwed};
use domain::books::{EventBook, OwnerBook};
use domain::money::{Currency, Money};
use service::matched::Matched;
use service::reply::Reply;

use crate::app::App;
use crate::money::decimal;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::Failure;
use crate::operations::{Call, office};

answers!(PayoutsOwedResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| owed(app, call, &request).await).await
}

async fn owed(
    app: &App,
    call: &Call<'_>,
    request: &PayoutsOwed,
) -> Result<PayoutsOwedResult, Failure> {
    let shard = office::owner(call, request.event_owner_id)?;
    let mut events = Vec::new();
    for book in app.store.event_books(shard).await? {
        events.extend(event(app, &book).await?);
    }
    let book = app.store.owner_book(shard).await?;
    Ok(PayoutsOwedResult { events: Some(events), sums: Some(sums(&book)), ..ok() })
}

async fn event(app: &App, book: &EventBook) -> Result<Option<EventOwed>, Failure> {
    let Some(offer) = app.catalogue.offer(book.event).await? else { return Ok(None) };
    let currency = offer.event.currency;
    Ok(Some(EventOwed {
        event_id: int(book.event.0),
        event_name: Some(offer.event.name.clone()),
        payable: decimal(Money::new(book.payable, currency)),
        currency: Some(currency.code().into()),
        payout_id: book.paid_out.map(|paid_out| int(paid_out.payout.0)),
        paid_out_utc: book.paid_out.map(|paid_out| utc(paid_out.at)),
    }))
}

fn sums(book: &OwnerBook) -> Vec<SumOwed> {
    let OwnerBook { cards, passes, receivable, .. } = book;
    let codes: BTreeSet<&String> =
        cards.keys().chain(passes.keys()).chain(receivable.keys()).collect();
    let sums = codes.into_iter().filter_map(|code| {
        let currency = Currency::parse(code)?;
        let sum = |sums: &std::collections::BTreeMap<String, i64>| {
            decimal(Money::new(sums.get(code).copied().unwrap_or(0), currency))
        };
        Some(SumOwed {
            currency: Some(code.clone()),
            cards: sum(cards),
            passes: sum(passes),
            receivable: sum(receivable),
        })
    });
    sums.collect()
}
