//! The page behind a payment link: both events, the difference, a form, and in the end the ticket.

use document::moment;
use document::texts::{fill, of as words};
use domain::language::Language;
use domain::money::Money;
use domain::offer::Offer;
use domain::refusal::Code;
use domain::time::Timestamp;

use super::markup::Markup;
use super::style::STYLE;
use super::tag;
use super::topup_texts::{failure, of};

/// What the page's script is.
pub(crate) const SCRIPT: &str = include_str!("topup.js");

/// Where the script is.
const SCRIPT_PATH: &str = "/transferTicket/pay.js";

/// Seconds after which a page that waits looks again.
const LOOK_AGAIN_S: u32 = 3;

/// What every state of the page needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) language: Language,
    /// The page's own address, without a query.
    pub(crate) path: &'a str,
}

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
    field(&mut page, texts.number, "pan", "cc-number", 23);
    page.raw("<div class=\"row\">");
    field(&mut page, texts.month, "expMonth", "cc-exp-month", 2);
    field(&mut page, texts.year, "expYear", "cc-exp-year", 4);
    field(&mut page, texts.security_code, "cvc", "cc-csc", 4);
    page.raw("</div>");
    let label = format!("{} {}", texts.pay, amount(head.language, bill.due));
    page.element("button type=\"submit\"", &label);
    page.raw("</form>").element("p class=\"note\"", texts.bank_asks);
    end(page)
}

/// The holder has proved who they are; what is left needs no answer.
pub(crate) fn confirmation(head: Head<'_>, bill: &Bill<'_>, order_id: &str) -> String {
    let texts = of(head.language);
    let mut page = begin(head, texts.title, None);
    page.element("p class=\"good\"", texts.proved);
    write_bill(&mut page, head.language, bill);
    open_form(&mut page, head, "data-onward");
    page.raw("<input type=\"hidden\" name=\"orderId\" value=\"").text(order_id).raw("\">");
    let label = format!("{} – {}", texts.confirm, amount(head.language, bill.due));
    page.element("button type=\"submit\"", &label).raw("</form>");
    end(page)
}

/// A payment is under way.
pub(crate) fn pending(head: Head<'_>) -> String {
    let texts = of(head.language);
    let mut page = begin(head, texts.pending_title, Some(LOOK_AGAIN_S));
    page.element("p role=\"status\"", texts.pending);
    page.raw("<p><a href=\"").text(&head.address()).raw("\">");
    page.text(texts.look_again).raw("</a></p>");
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
    let texts = of(head.language);
    let (title, text) = match why {
        Ended::Expired => (texts.expired_title, texts.expired),
        Ended::Late => (texts.expired_title, texts.late),
        Ended::Cancelled => (texts.cancelled_title, texts.cancelled),
        Ended::TriedOut => (texts.tried_out_title, texts.tried_out),
        Ended::NotFound => (texts.not_found_title, texts.not_found),
        Ended::Busy => (texts.busy_title, texts.busy),
    };
    let mut page = begin(head, title, None);
    page.element("p role=\"status\"", text);
    end(page)
}

fn begin(head: Head<'_>, title: &str, refresh_s: Option<u32>) -> Markup {
    let texts = of(head.language);
    let other = match head.language {
        Language::Icelandic => Language::English,
        Language::English => Language::Icelandic,
    };
    let mut page = Markup::default();
    page.raw("<!doctype html>\n<html lang=\"").raw(tag(head.language)).raw("\"><head>");
    page.raw("<meta charset=\"utf-8\">");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    if let Some(seconds) = refresh_s {
        let target = head.address();
        page.raw("<meta http-equiv=\"refresh\" content=\"").raw(&seconds.to_string());
        page.raw(";url=").text(&target).raw("\">");
    }
    page.element("title", title).raw("<style>").raw(STYLE).raw("</style></head><body>");
    page.raw("<header><a lang=\"").raw(tag(other)).raw("\" href=\"");
    page.text(&head.address_in(other)).raw("\">").text(texts.other_language);
    page.raw("</a></header><main>").element("h1", title);
    page
}

fn end(mut page: Markup) -> String {
    page.raw("</main><script src=\"").raw(SCRIPT_PATH).raw("\" defer></script></body></html>\n");
    page.finish()
}

impl Head<'_> {
    /// Where the page is, in its language.
    pub(crate) fn address(&self) -> String {
        self.address_in(self.language)
    }

    fn address_in(&self, language: Language) -> String {
        format!("{}?lang={}", self.path, tag(language))
    }
}

/// A form; `attributes` are the program's own.
fn open_form(page: &mut Markup, head: Head<'_>, attributes: &str) {
    page.raw("<form method=\"post\" ").raw(attributes).raw(" data-once=\"");
    page.text(of(head.language).paying).raw("\" action=\"").text(&head.address()).raw("\">");
}

fn field(page: &mut Markup, label: &str, name: &str, autocomplete: &str, length_max: u8) {
    page.raw("<label>").text(label).raw("<input name=\"").raw(name);
    page.raw("\" autocomplete=\"").raw(autocomplete).raw("\" maxlength=\"");
    page.raw(&length_max.to_string()).raw("\" inputmode=\"numeric\" required></label>");
}

fn write_bill(page: &mut Markup, language: Language, bill: &Bill<'_>) {
    let texts = of(language);
    write_event(page, language, texts.from, bill.from);
    write_event(page, language, texts.to, bill.to);
    page.raw("<div class=\"due\">").element("p class=\"label\"", texts.due);
    page.element("p class=\"amount\"", &amount(language, bill.due));
    if let Some(expires_at) = bill.expires_at {
        let clock = moment(words(language), expires_at, &bill.to.event.time_zone);
        page.element("p class=\"label\"", &format!("{} {clock}", texts.until));
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

/// An amount as people of the language write it: `1.500 kr.`, `ISK 1,500`.
fn amount(language: Language, money: Money) -> String {
    let text = money.text();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let (thousands, decimals) = match language {
        Language::Icelandic => ('.', ','),
        Language::English => (',', '.'),
    };
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(thousands);
        }
        grouped.push(digit);
    }
    if !part.is_empty() {
        grouped.push(decimals);
        grouped.push_str(part);
    }
    match (language, money.currency.code()) {
        (Language::Icelandic, "ISK") => format!("{grouped} kr."),
        (Language::Icelandic, code) => format!("{grouped} {code}"),
        (Language::English, code) => format!("{code} {grouped}"),
    }
}

#[cfg(test)]
mod tests {
    use domain::money::Currency;

    use super::*;

    /// Proves that amounts are grouped as each language groups them.
    #[test]
    fn amounts_are_grouped() {
        let check = |minor, currency: &str, icelandic: &str, english: &str| {
            let money = Money::new(minor, Currency::parse(currency).unwrap());
            assert_eq!(amount(Language::Icelandic, money), icelandic);
            assert_eq!(amount(Language::English, money), english);
        };
        check(500, "ISK", "500 kr.", "ISK 500");
        check(1_500, "ISK", "1.500 kr.", "ISK 1,500");
        check(1_234_567, "ISK", "1.234.567 kr.", "ISK 1,234,567");
        check(123_456, "EUR", "1.234,56 EUR", "EUR 1,234.56");
    }
}
