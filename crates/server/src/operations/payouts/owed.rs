//! `GET /payouts/owed/{EventOwnerId}`: what an organiser is owed, and owes.

use std::collections::BTreeSet;

use contract::payouts::owed::{EventOwed, PayoutsOwed, PayoutsOwedResult, SumOwed};
use domain::books::{EventBook, OwnerBook};
use domain::ids::EventId;
use domain::money::{Currency, Money};
use service::matched::Matched;
use service::reply::Reply;

use crate::app::App;
use crate::money::decimal;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::Failure;
use crate::operations::office_lists::{Wanted, left, places};

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
    let wanted = Wanted {
        owner: request.event_owner_id,
        after_owner: request.after_owner_id,
        after: request.after_id,
    };
    let (mut events, mut sums) = (Vec::new(), Vec::new());
    for (shard, after) in places(app, call, wanted).await? {
        let Some(limit) = left(events.len()) else { break };
        for book in app.store.event_books(shard, EventId(after), limit).await? {
            events.extend(event(app, &book).await?);
        }
        if after == 0 {
            sums.extend(sums_of(&*app.store.owner_book(shard).await?));
        }
    }
    Ok(PayoutsOwedResult { events: Some(events), sums: Some(sums), ..ok() })
}

async fn event(app: &App, book: &EventBook) -> Result<Option<EventOwed>, Failure> {
    let Some(offer) = app.catalogue.offer(book.event).await? else { return Ok(None) };
    let currency = offer.event.currency;
    Ok(Some(EventOwed {
        event_owner_id: int(book.shard.0),
        event_id: int(book.event.0),
        event_name: Some(offer.event.name.clone()),
        payable: decimal(Money::new(book.payable, currency)),
        currency: Some(currency.code().into()),
        payout_id: book.paid_out.map(|paid_out| int(paid_out.payout.0)),
        paid_out_utc: book.paid_out.map(|paid_out| utc(paid_out.at)),
    }))
}

fn sums_of(book: &OwnerBook) -> Vec<SumOwed> {
    let OwnerBook { cards, passes, orders, contracts, receivable, .. } = book;
    let sums = [cards, passes, orders, contracts, receivable];
    let codes: BTreeSet<&String> = sums.into_iter().flat_map(|sums| sums.keys()).collect();
    let sums = codes.into_iter().filter_map(|code| {
        let currency = Currency::parse(code)?;
        let sum = |sums: &std::collections::BTreeMap<String, i64>| {
            decimal(Money::new(sums.get(code).copied().unwrap_or(0), currency))
        };
        Some(SumOwed {
            event_owner_id: int(book.shard.0),
            currency: Some(code.clone()),
            cards: sum(cards),
            passes: sum(passes),
            orders: sum(orders),
            contracts: sum(contracts),
            receivable: sum(receivable),
        })
    });
    sums.collect()
}
