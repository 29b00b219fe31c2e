//! The page behind a payment link: both events, the difference, a form, and in the end the ticket.

use document::moment;
use document::texts::{fill, of as words};
use domain::language::Language;
use domain::money::Money;
use domain::offer::Offer;
use domain::refusal::Code;
use domain::time::Timestamp;

use super::common_texts::{failure, of as common};
pub(crate) use super::frame::Head;
use super::frame::{amount, begin, card_fields, end as end_with, hidden, open_form, waiting};
use super::markup::Markup;
use super::topup_texts::of;

/// What the page's script is.
pub(crate) const SCRIPT: &str = include_str!("once.js");

/// Where the script is.
const SCRIPT_PATH: &str = "/transferTicket/pay.js";

/// What is to be paid, and for what.
pub(crate) struct Bill<'a> {
    pub(crate) from: &'a Offer,
    pub(crate) to: &'a Offer,
    pub(crate) due: Money,
    pub(crate) expires_at: Option<Timestamp>,
}

/// One admission of the new ticket.
pub(crate) struct GateCode {
    pub(crate) number: u32,
    pub(crate) ticket_type: String,
    pub(crate) seat: Option<String>,
    /// The code as SVG.
    pub(crate) svg: String,
}

/// The form that takes a card; `problem` says why the last try came to nothing.
pub(crate) fn form(head: Head<'_>, bill: &Bill<'_>, problem: Option<Code>) -> String {
    let texts = of(head.language);
    let mut page = begin(head, texts.title, None);
    if let Some(code) = problem {
        page.element("p class=\"bad\" role=\"alert\"", failure(head.language, code));
    }
    write_bill(&mut page, head.language, bill);
    open_form(&mut page, head, "");
    card_fields(&mut page, head.language);
    let words = common(head.language);
    let label = format!("{} {}", words.pay, amount(head.language, bill.due));
    page.element("button type=\"submit\"", &label);
    page.raw("</form>").element("p class=\"note\"", words.bank_asks);
    end(page)
}

/// The holder has proved who they are; what is left needs no answer.
pub(crate) fn confirmation(head: Head<'_>, bill: &Bill<'_>, order_id: &str) -> String {
    let words = common(head.language);
    let mut page = begin(head, of(head.language).title, None);
    page.element("p class=\"good\"", words.proved);
    write_bill(&mut page, head.language, bill);
    open_form(&mut page, head, "data-onward");
    hidden(&mut page, "orderId", order_id);
    let label = format!("{} – {}", words.confirm, amount(head.language, bill.due));
    page.element("button type=\"submit\"", &label).raw("</form>");
    end(page)
}

/// A payment is under way.
pub(crate) fn pending(head: Head<'_>) -> String {
    let mut page = waiting(head);
    page.raw("<p><a href=\"").text(&head.address()).raw("\">");
    page.text(common(head.language).look_again).raw("</a></p>");
    end(page)
}

/// It is paid: the new ticket.
pub(crate) fn ticket(head: Head<'_>, to: &Offer, codes: &[GateCode]) -> String {
    let texts = of(head.language);
    let mut page = begin(head, texts.done_title, None);
    let is_shown = !codes.is_empty();
    let told = if is_shown { texts.done } else { texts.done_used };
    page.element("p class=\"good\" role=\"status\"", told);
    write_event(&mut page, head.language, texts.to, to);
    for code in codes {
        page.raw("<section class=\"ticket\"><div class=\"code\">").raw(&code.svg).raw("</div>");
        let (number, count) = (code.number.to_string(), codes.len().to_string());
        let values = [("number", number.as_str()), ("count", count.as_str())];
        page.element("h2", &fill(texts.ticket_of, &values));
        page.element("p", &code.ticket_type);
        if let Some(seat) = &code.seat {
            page.element("p", &format!("{}: {seat}", texts.seat));
        }
        page.raw("</section>");
    }
    if is_shown {
        page.element("p class=\"note\"", texts.gate);
    }
    end(page)
}

/// Why a link leads to no payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It was not paid in time.
    Expired,
    /// It was paid too late; the money goes back.
    Late,
    /// The move was given up.
    Cancelled,
    /// So many payments failed that no other is taken.
    TriedOut,
    /// There is no such link.
    NotFound,
    /// The server cannot answer now.
    Busy,
}

/// A link that leads to no payment.
pub(crate) fn ended(head: Head<'_>, why: Ended) -> String {
    let (texts, words) = (of(head.language), common(head.language));
    let (title, text) = match why {
        Ended::Expired => (words.expired_title, texts.expired),
        Ended::Late => (words.expired_title, texts.late),
        Ended::Cancelled => (texts.cancelled_title, texts.cancelled),
        Ended::TriedOut => (texts.tried_out_title, texts.tried_out),
        Ended::NotFound => (words.not_found_title, words.not_found),
        Ended::Busy => (words.busy_title, words.busy),
    };
    let mut page = begin(head, title, None);
    page.element("p role=\"status\"", text);
    end(page)
}

fn end(page: Markup) -> String {
    end_with(page, &[SCRIPT_PATH])
}

fn write_bill(page: &mut Markup, language: Language, bill: &Bill<'_>) {
    let (texts, shared) = (of(language), common(language));
    write_event(page, language, texts.from, bill.from);
    write_event(page, language, texts.to, bill.to);
    page.raw("<div class=\"due\">").element("p class=\"label\"", shared.due);
    page.element("p class=\"amount\"", &amount(language, bill.due));
    if let Some(expires_at) = bill.expires_at {
        let clock = moment(words(language), expires_at, &bill.to.event.time_zone);
        page.element("p class=\"label\"", &format!("{} {clock}", shared.until));
    }
    page.raw("</div>");
}

fn write_event(page: &mut Markup, language: Language, label: &str, offer: &Offer) {
    page.raw("<section class=\"side\">").element("p class=\"label\"", label);
    page.element("h2", &offer.event.name);
    let when = moment(words(language), offer.event.starts_at, &offer.event.time_zone);
    let venue = offer.venue.as_ref().map(|venue| venue.name.as_str());
    let place = [Some(when.as_str()), venue].into_iter().flatten().collect::<Vec<_>>();
    page.element("p", &place.join(" · ")).raw("</section>");
}
