//! `/backOffice/specialTickets`: single-use codes of a campaign.

use std::collections::BTreeMap;

use contract::back_office::special_tickets::{
    CreateSpecialTickets, CreateSpecialTicketsResult, ListSpecialTickets, ListSpecialTicketsResult,
    SpecialTicketCampaign,
};
use domain::catalogue::{CatalogueItem, Event};
use domain::ids::SaleId;
use domain::special_ticket::SpecialTicket;
use serde_json::json;
use service::matched::Matched;
use service::reply::Reply;

use super::desk::{Desk, Edit, Wanted, Whose, save};
use crate::app::App;
use crate::keys::random;
use crate::money;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, office};
use crate::text;

/// The most codes of one request: what one commit may hold, with room for its audit.
const CODES_MAX: i32 = 400;

/// The most admissions of a code: as many as an order may have.
const ADMISSIONS_MAX: u32 = 50;

/// The longest name of a campaign, in characters.
const CAMPAIGN_LENGTH_MAX: usize = 100;

/// The most orders that are told of one campaign.
const ORDERS_MAX: usize = 100;

/// Letters and digits that are not taken for each other; 32 of them, so that each byte chooses one
/// evenly.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

answers!(CreateSpecialTicketsResult);
answers!(ListSpecialTicketsResult);

/// Serves `CreateSpecialTickets`.
pub(super) async fn serve_create(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let codes = Some(create(app, call, &request).await?);
        Ok(CreateSpecialTicketsResult { codes, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn create(
    app: &App,
    call: &Call<'_>,
    request: &CreateSpecialTickets,
) -> Result<Vec<String>, Failure> {
    let shard = office::owner(call, request.event_owner_id)?;
    let quantity = Some(request.quantity).filter(|count| (1..=CODES_MAX).contains(count));
    let quantity =
        quantity.ok_or_else(|| invalid("Quantity", &format!("Ask for 1 to {CODES_MAX} codes.")))?;
    let codes = (0..quantity).map(|_| code()).collect::<Result<Vec<_>, _>>()?;
    let whose = Whose::Seller(shard);
    let wanted = Wanted { whose, revision: None, reason: request.reason.as_deref() };
    save(app, call, wanted, |desk| edit(request, &codes, desk)).await?;
    Ok(codes)
}

/// Sixteen characters: eighty random bits, which nobody guesses.
fn code() -> Result<String, Failure> {
    let bits: [u8; 16] = random()?;
    let letters = bits.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    Ok(letters.collect())
}

fn edit(
    request: &CreateSpecialTickets,
    codes: &[String],
    desk: &mut Desk,
) -> Result<Edit<()>, Failure> {
    if desk.check_seller().is_err() {
        return Err(invalid("EventOwnerId", "There is no such organiser."));
    }
    let model = model(request, desk)?;
    let items = codes.iter().map(|code| {
        let hash = SpecialTicket::hash_of(code);
        CatalogueItem::SpecialTicket(SpecialTicket { hash, ..model.clone() })
    });
    let what = format!("{} codes of campaign {}", codes.len(), model.campaign);
    let after = json!({
        "campaign": model.campaign,
        "codes": codes.len(),
        "event": model.event,
        "ticket_type": model.ticket_type,
        "price": model.price,
        "count": model.count,
    });
    let items = items.collect();
    Ok(Edit { items, what, before: serde_json::Value::Null, after, shown: () })
}

/// What all codes of a campaign have in common.
fn model(request: &CreateSpecialTickets, desk: &Desk) -> Result<SpecialTicket, Failure> {
    let campaign = text::kept_line(request.campaign.as_deref(), CAMPAIGN_LENGTH_MAX)
        .map_err(|message| invalid("Campaign", &message))?
        .ok_or_else(|| invalid("Campaign", "Say what they are for."))?;
    let event = request.event_id.map(|id| {
        let found = desk.own::<Event>().find(|event| int(event.id.0) == id);
        found.ok_or_else(|| invalid("EventId", "The organiser has no such event."))
    });
    let event = event.transpose()?;
    let ticket_type = request.ticket_type_id.map(|id| {
        desk.ticket_type(id).ok_or_else(|| invalid("TicketTypeId", "There is no such type."))
    });
    let ticket_type = ticket_type.transpose()?;
    let text = request.currency.as_deref().unwrap_or("ISK");
    let currency = domain::money::Currency::parse(text)
        .ok_or_else(|| invalid("Currency", "It is no currency; use a code like ISK."))?;
    if event.is_some_and(|event| event.currency != currency) {
        return Err(invalid("Currency", "It is not the event's."));
    }
    let admissions = u32::try_from(request.admissions.unwrap_or(1)).unwrap_or(0);
    if !(1..=ADMISSIONS_MAX).contains(&admissions) {
        return Err(invalid("Admissions", &format!("1 to {ADMISSIONS_MAX}.")));
    }
    let price = money::price(request.price.unwrap_or_default(), currency)
        .map_err(|refusal| invalid("Price", &refusal.message))?;
    Ok(SpecialTicket {
        shard: desk.seller,
        hash: 0,
        campaign,
        event: event.map(|event| event.id),
        ticket_type: ticket_type.map(|kind| kind.id),
        price,
        count: admissions,
        used_by: None,
    })
}

fn invalid(field: &str, message: &str) -> Failure {
    Failure::invalid(vec![wrong(field, message)])
}

/// Serves `ListSpecialTickets`.
pub(super) async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let results = Some(list(app, call, &request).await?);
        Ok(ListSpecialTicketsResult { results, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &ListSpecialTickets,
) -> Result<Vec<SpecialTicketCampaign>, Failure> {
    let shard = office::owner(call, request.event_owner_id)?;
    let mut campaigns: BTreeMap<String, (Vec<SaleId>, usize)> = BTreeMap::new();
    for special in app.store.special_tickets(shard).await? {
        let (used, unused) = campaigns.entry(special.campaign.clone()).or_default();
        match special.used_by {
            Some(sale) => used.push(sale),
            None => *unused += 1,
        }
    }
    let count = |number| i32::try_from(number).unwrap_or(i32::MAX);
    let told = campaigns.into_iter().map(|(campaign, (mut used, unused))| {
        used.sort_unstable();
        SpecialTicketCampaign {
            campaign: Some(campaign),
            used: count(used.len()),
            unused: count(unused),
            ticket_ids: Some(used.iter().take(ORDERS_MAX).map(|sale| int(sale.0)).collect()),
        }
    });
    Ok(told.collect())
}
