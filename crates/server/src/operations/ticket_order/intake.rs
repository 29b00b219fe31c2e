//! From the request's members to what the rules understand (`domain.md` §3.1–3.4): texts
//! trimmed and bounded, numbers typed, everything else refused with its path.

use contract::ticket_order::{Ticket, TicketDetails, TicketOrder};
use domain::ids::{EventId, PassTypeId, Shard, TicketTypeId};
use domain::money::Currency;
use domain::phone::PhoneNumber;
use domain::pricing::{LineRequest, ORDER_LINES_MAX};
use domain::refusal::Refusal;
use domain::sale::{Buyer, Holder};
use domain::special_ticket::SpecialTicket;
use domain::token::{Secret, Token};
use gateway::masking::mask_card_numbers;
use service::status::FieldError;
use service::types::Decimal;

use super::rights;
use crate::money::guard;
use crate::operations::family::{Failure, wrong};
use crate::text;

/// The longest `appMetaData`, in characters.
const APP_META_DATA_LENGTH_MAX: usize = 4_000;

/// The longest name of a holder, in characters.
const NAME_LENGTH_MAX: usize = 100;

/// The longest text of any other member, in characters.
pub(super) const TEXT_LENGTH_MAX: usize = 255;

/// The most holders that are read; more cannot fit the admissions of one order.
const HOLDERS_MAX: usize = 50;

/// What is ordered.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted {
    /// Admissions to an event.
    Event(EventId),
    /// A team pass, and the price the client saw, in major units.
    Pass(PassTypeId, Decimal),
}

/// An order as far as it can be understood without the catalogue.
pub(super) struct Intake {
    pub(super) wanted: Wanted,
    pub(super) holders: Vec<Holder>,
    /// For each of them the seat that was chosen.
    pub(super) seats: Vec<Option<u32>>,
    pub(super) reservation: Option<Token>,
    pub(super) claimed: rights::Read,
    pub(super) buyer: Buyer,
    pub(super) currency_guard: Option<Currency>,
    details: Vec<TicketDetails>,
}

impl Intake {
    /// The lines, their guards in minor units of the event's currency.
    pub(super) fn lines(&self, currency: Currency) -> Result<Vec<LineRequest>, Refusal> {
        self.details.iter().map(|line| line_request(line, currency)).collect()
    }
}

/// Reads a request.
pub(super) fn read(request: &TicketOrder) -> Result<Intake, Failure> {
    let no_order = Ticket::default();
    let order = request.order.as_ref().unwrap_or(&no_order);
    let details = request.order_details.clone().unwrap_or_default();
    let mut problems = Vec::new();
    let buyer = buyer(request, order, &mut problems);
    let holders = holders(request, &mut problems);
    if details.len() > ORDER_LINES_MAX {
        problems.push(wrong("OrderDetails", format!("{ORDER_LINES_MAX} lines at most.")));
    }
    let intake = Intake {
        wanted: wanted(request, order, &mut problems),
        holders,
        seats: seats(request),
        reservation: reservation(request, order),
        claimed: rights::read(order, &mut problems),
        buyer,
        currency_guard: currency_guard(order, &details, &mut problems),
        details,
    };
    if problems.is_empty() { Ok(intake) } else { Err(Failure::invalid(problems)) }
}

fn wanted(request: &TicketOrder, order: &Ticket, problems: &mut Vec<FieldError>) -> Wanted {
    if let Some(pass) = &request.team_pass {
        return Wanted::Pass(PassTypeId(u32::try_from(pass.id).unwrap_or(0)), pass.price);
    }
    let event = u32::try_from(order.event_id).unwrap_or(0);
    if event == 0 {
        problems.push(wrong("Order.EventId", "Name the event to order for."));
    }
    Wanted::Event(EventId(event))
}

/// The hold of the seats; the handle outside the order counts before the one inside. What is no
/// handle at all leads to nobody's hold, and is refused in its turn.
fn reservation(request: &TicketOrder, order: &Ticket) -> Option<Token> {
    let nobodys = Token { shard: Shard::HOUSE, number: 0, secret: Secret::default() };
    let named = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let handle =
        named(&request.seat_reservation_token_id).or_else(|| named(&order.seats_reservation_id));
    handle.map(|handle| Token::parse(&handle).unwrap_or(nobodys))
}

/// The seats that were chosen, holder by holder; a number below 1 is nobody's seat.
fn seats(request: &TicketOrder) -> Vec<Option<u32>> {
    let list = request.ticket_holders.as_ref().and_then(|list| list.ticket_holders.as_deref());
    let chosen = |seat: Option<i32>| {
        seat.filter(|seat| *seat != 0).map(|seat| u32::try_from(seat).unwrap_or(u32::MAX))
    };
    list.unwrap_or_default().iter().take(HOLDERS_MAX).map(|entry| chosen(entry.seat_id)).collect()
}

fn buyer(request: &TicketOrder, order: &Ticket, problems: &mut Vec<FieldError>) -> Buyer {
    let outer = [&request.device_id, &request.phone_verification_number];
    let inner = [&order.device_id, &order.phone_verification_number];
    let names = ["Order.DeviceId", "Order.PhoneVerificationNumber"];
    for ((outer, inner), name) in outer.into_iter().zip(inner).zip(names) {
        let is_given = inner.as_deref().is_some_and(|text| !text.trim().is_empty());
        if is_given && outer != inner {
            let message = "It differs from the one outside the order, or there is none; send it \
                           there.";
            problems.push(wrong(name, message));
        }
    }
    let mut read = |text: Result<Option<String>, String>, name: &str| {
        text.unwrap_or_else(|message| {
            problems.push(wrong(name, message));
            None
        })
    };
    let device_id = text::kept_line(request.device_id.as_deref(), TEXT_LENGTH_MAX);
    let device_id = read(device_id, "DeviceId");
    let meta_data = text::kept(request.app_meta_data.as_deref(), APP_META_DATA_LENGTH_MAX);
    let app_meta_data = read(meta_data, "AppMetaData");
    Buyer { device_id, app_meta_data, ..Buyer::default() }
}

/// A phone as it may be stored. One that reads as such is kept whole: one in ten long ones passes
/// the check of cards.
fn kept_phone(value: Option<&str>, length_max: usize) -> Result<Option<String>, String> {
    let text = text::checked_line(value, length_max)?;
    let is_phone = |text: &str| text.starts_with('+') && PhoneNumber::parse(text).is_some();
    Ok(text.map(|text| match is_phone(&text) {
        true => text,
        false => mask_card_numbers(&text).into_owned(),
    }))
}

fn holders(request: &TicketOrder, problems: &mut Vec<FieldError>) -> Vec<Holder> {
    let list = request.ticket_holders.as_ref().and_then(|list| list.ticket_holders.as_deref());
    let list = list.unwrap_or_default();
    if list.len() > HOLDERS_MAX {
        let message = format!("{HOLDERS_MAX} holders at most.");
        problems.push(wrong("TicketHolders.TicketHolders", message));
        return Vec::new();
    }
    let mut holders = Vec::with_capacity(list.len());
    for (index, entry) in list.iter().enumerate() {
        let mut read = |text: Result<Option<String>, String>, member: &str| {
            text.unwrap_or_else(|message| {
                let name = format!("TicketHolders.TicketHolders[{index}].{member}");
                problems.push(wrong(&name, message));
                None
            })
        };
        let phone = kept_phone(entry.full_phone_number.as_deref(), TEXT_LENGTH_MAX);
        let holder_id = text::kept_line(entry.holder_id.as_deref(), TEXT_LENGTH_MAX);
        holders.push(Holder {
            name: read(text::kept_line(entry.name.as_deref(), NAME_LENGTH_MAX), "Name"),
            phone: read(phone, "FullPhoneNumber"),
            holder_id: read(holder_id, "HolderId"),
        });
    }
    holders
}

/// The currency named by the order or any of its lines; all must agree.
fn currency_guard(
    order: &Ticket,
    details: &[TicketDetails],
    problems: &mut Vec<FieldError>,
) -> Option<Currency> {
    let of_lines = details.iter().map(|line| line.currency.as_deref());
    let named = of_lines.chain([order.currency.as_deref()]).flatten();
    let mut agreed = None;
    for text in named.filter(|text| !text.trim().is_empty()) {
        match (Currency::parse(text.trim()), agreed) {
            (None, _) => problems.push(wrong("Order.Currency", "It is no currency.")),
            (Some(currency), Some(other)) if currency != other => {
                problems.push(wrong("Order.Currency", "Two currencies in one order."));
            }
            (currency, _) => agreed = currency,
        }
    }
    agreed
}

fn line_request(line: &TicketDetails, currency: Currency) -> Result<LineRequest, Refusal> {
    let kind = |id: Option<i32>| {
        let id = id.and_then(|id| u32::try_from(id).ok()).filter(|id| *id != 0);
        id.map(TicketTypeId)
    };
    Ok(LineRequest {
        series_type: kind(line.event_series_ticket_type),
        owner_type: kind(line.event_series_owner_ticket_type),
        count: i64::from(line.count),
        price_guard: guard(line.ticket_price, currency)?,
        total_guard: guard(line.total_price, currency)?,
        special: special(line),
    })
}

/// The code of a campaign, by its hash; a line that says it has one and names none has none.
fn special(line: &TicketDetails) -> Option<Option<u128>> {
    let code = line.special_ticket_id.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let hash = code.map(SpecialTicket::hash_of);
    (line.is_special_ticket || hash.is_some()).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::kept_phone;
    use crate::text::kept;

    /// Card numbers are masked in every text, and in a phone unless it reads as one.
    #[test]
    fn card_numbers_are_not_stored() {
        for (sent, stored, as_phone) in [
            ("Anna 4242 4242 4242 4242", "Anna 4242 42** **** 4242", None),
            ("+ Amex 378282246310005", "+ Amex 378282*****0005", None),
            ("+4242424242424242", "+424242******4242", None),
            ("+4915123456787", "+*********6787", Some("+4915123456787")),
            ("010130-2989", "010130-2989", None),
        ] {
            assert_eq!(kept(Some(sent), 100).unwrap().as_deref(), Some(stored));
            let phone = kept_phone(Some(sent), 100).unwrap();
            assert_eq!(phone.as_deref(), as_phone.or(Some(stored)));
        }
    }
}
