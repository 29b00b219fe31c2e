//! What an order costs. The server computes; prices the client sent are guards
//! (`domain.md` §1.1, §3.6 rule 2).

use crate::catalogue::{EventPrice, TicketType};
use crate::ids::TicketTypeId;
use crate::money::{AMOUNT_MAX, Currency, Money};
use crate::offer::Offer;
use crate::refusal::{Code, Refusal};
use crate::sale::Line;
#[cfg(doc)]
use crate::special_ticket::SpecialTicket;

/// The most lines in one order (`domain.md` §1.7).
pub const ORDER_LINES_MAX: usize = 20;

/// The most admissions in one order (`domain.md` §1.7).
pub const ORDER_ADMISSIONS_MAX: u32 = 50;

/// A line as the client asked for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineRequest {
    /// A type of the series; 0 or `None` when the line names none.
    pub series_type: Option<TicketTypeId>,
    /// A type of the club; exactly one of the two must be named.
    pub owner_type: Option<TicketTypeId>,
    /// How many admissions; at least 1.
    pub count: i64,
    /// The unit price the client saw, in minor units.
    pub price_guard: Option<i64>,
    /// The line's price the client saw, in minor units.
    pub total_guard: Option<i64>,
    /// The single-use code of a campaign that it is ordered with, by
    /// [`SpecialTicket::hash_of`]; `Some(None)` when it says that it has one and names none.
    pub special: Option<Option<u128>>,
}

/// A line with its price.
#[derive(Clone, Copy, Debug)]
pub struct PricedLine<'a> {
    /// What is bought.
    pub ticket_type: &'a TicketType,
    /// Its row in the event's price list.
    pub price_row: &'a EventPrice,
    /// How many admissions.
    pub count: u32,
    /// Minor units an admission.
    pub unit_price: i64,
    /// Minor units for the line, before any right to pay less.
    pub total: i64,
}

/// Finds and prices every line; the order is one of this event alone.
///
/// # Errors
/// [`Code::NothingToOrder`], [`Code::TooManyTickets`], [`Code::TicketTypeRequired`],
/// [`Code::TicketTypeAmbiguous`], [`Code::TicketTypeNotAvailable`], [`Code::InvalidAmount`] for a
/// sum too large.
pub fn price_lines<'a>(
    offer: &'a Offer,
    requests: &[LineRequest],
) -> Result<Vec<PricedLine<'a>>, Refusal> {
    if requests.is_empty() {
        return Err(Refusal::new(Code::NothingToOrder, "The order has no lines."));
    }
    if requests.len() > ORDER_LINES_MAX {
        let message = format!("An order may have {ORDER_LINES_MAX} lines at most.");
        return Err(Refusal::new(Code::TooManyTickets, message));
    }
    let lines: Vec<_> =
        requests.iter().map(|request| price_line(offer, request)).collect::<Result<_, _>>()?;
    if lines.iter().map(|line| line.count).sum::<u32>() > ORDER_ADMISSIONS_MAX {
        return Err(too_many_admissions());
    }
    check_type_maximum(&lines)?;
    let sum = lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.total));
    if sum.is_none_or(|sum| sum > AMOUNT_MAX) {
        return Err(Refusal::new(Code::InvalidAmount, "The sum is too large."));
    }
    Ok(lines)
}

fn price_line<'a>(offer: &'a Offer, request: &LineRequest) -> Result<PricedLine<'a>, Refusal> {
    let (id, of_series) = chosen_type(request)?;
    let found = offer.find_on_sale(id).filter(|(kind, _)| kind.organiser.is_none() == of_series);
    let Some((ticket_type, price_row)) = found else {
        let message = format!("Ticket type {} is not sold for this event.", id.0);
        return Err(Refusal::new(Code::TicketTypeNotAvailable, message));
    };
    if ticket_type.currency != offer.event.currency {
        let (name, code) = (&ticket_type.name, ticket_type.currency.code());
        let message = format!("{name} is priced in {code} and this event is not.");
        return Err(Refusal::new(Code::CurrencyMismatch, message));
    }
    let count = checked_count(request.count)?;
    let unit_price = price_row.price.unwrap_or(ticket_type.price);
    let total = unit_price.checked_mul(i64::from(count)).filter(|total| *total <= AMOUNT_MAX);
    let total = total.ok_or_else(|| Refusal::new(Code::InvalidAmount, "The sum is too large."))?;
    Ok(PricedLine { ticket_type, price_row, count, unit_price, total })
}

fn chosen_type(request: &LineRequest) -> Result<(TicketTypeId, bool), Refusal> {
    let named = |id: &TicketTypeId| id.0 != 0;
    match (request.series_type.filter(named), request.owner_type.filter(named)) {
        (Some(id), None) => Ok((id, true)),
        (None, Some(id)) => Ok((id, false)),
        (None, None) => {
            Err(Refusal::new(Code::TicketTypeRequired, "Each line must name a ticket type."))
        }
        (Some(_), Some(_)) => Err(Refusal::new(
            Code::TicketTypeAmbiguous,
            "A line names a type of the series and one of the club; send one of them.",
        )),
    }
}

fn checked_count(count: i64) -> Result<u32, Refusal> {
    if count < 1 {
        let message = "The count of a line must be at least 1.";
        return Err(Refusal::new(Code::NothingToOrder, message));
    }
    let count = u32::try_from(count).ok().filter(|count| *count <= ORDER_ADMISSIONS_MAX);
    count.ok_or_else(too_many_admissions)
}

fn too_many_admissions() -> Refusal {
    let message = format!("An order may have {ORDER_ADMISSIONS_MAX} admissions at most.");
    Refusal::new(Code::TooManyTickets, message)
}

fn check_type_maximum(lines: &[PricedLine<'_>]) -> Result<(), Refusal> {
    for line in lines {
        let same = lines.iter().filter(|other| other.ticket_type.id == line.ticket_type.id);
        if same.map(|other| other.count).sum::<u32>() > line.ticket_type.order_max {
            let (name, most) = (&line.ticket_type.name, line.ticket_type.order_max);
            let message = format!("One order may have {most} of {name} at most.");
            return Err(Refusal::new(Code::TooManyTickets, message));
        }
    }
    Ok(())
}

/// Compares the lines, as they are to be sold, with the prices the client saw on them.
///
/// # Errors
/// [`Code::PriceChanged`], naming the new price.
pub fn guard_lines(
    lines: &[Line],
    priced: &[PricedLine<'_>],
    requests: &[LineRequest],
    currency: Currency,
) -> Result<(), Refusal> {
    for ((line, priced), request) in lines.iter().zip(priced).zip(requests) {
        let name = &priced.ticket_type.name;
        guard_price(request.price_guard, Money::new(line.unit_price, currency), name)?;
        guard_price(request.total_guard, Money::new(line.total, currency), name)?;
    }
    Ok(())
}

/// Compares the minor units the client saw, if it saw any, with the `price` of `what`.
///
/// # Errors
/// [`Code::PriceChanged`], naming the new price.
pub fn guard_price(seen: Option<i64>, price: Money, what: &str) -> Result<(), Refusal> {
    if seen.is_none_or(|seen| seen == price.amount) {
        return Ok(());
    }
    let (amount, code) = (price.text(), price.currency.code());
    let message = format!("The price of {what} is {amount} {code} now; order again at that price.");
    Err(Refusal::new(Code::PriceChanged, message))
}
