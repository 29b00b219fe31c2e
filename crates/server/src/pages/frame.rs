//! What payment pages have in common: the document around them, the form for a card, amounts.

use domain::language::Language;
use domain::money::Money;

use super::common_texts::of;
use super::markup::Markup;
use super::style::STYLE;
use super::tag;

/// Seconds after which a page that waits looks again.
const LOOK_AGAIN_S: u32 = 3;

/// What every state of a page needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) language: Language,
    /// The page's own address, without a query.
    pub(crate) path: &'a str,
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

/// The document up to its heading.
pub(super) fn begin(head: Head<'_>, title: &str, refresh_s: Option<u32>) -> Markup {
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
    page.text(&head.address_in(other)).raw("\">").text(of(head.language).other_language);
    page.raw("</a></header><main>").element("h1", title);
    page
}

/// The end of the document, with the addresses of its scripts, in the order in which they run.
pub(super) fn end(mut page: Markup, scripts: &[&str]) -> String {
    page.raw("</main>");
    for script in scripts {
        page.raw("<script src=\"").raw(script).raw("\" defer></script>");
    }
    page.raw("</body></html>\n");
    page.finish()
}

/// A page that waits for what becomes of a payment, and looks by itself.
pub(super) fn waiting(head: Head<'_>) -> Markup {
    let texts = of(head.language);
    let mut page = begin(head, texts.pending_title, Some(LOOK_AGAIN_S));
    page.element("p role=\"status\"", texts.pending);
    page
}

/// A form; `attributes` are the program's own.
pub(super) fn open_form(page: &mut Markup, head: Head<'_>, attributes: &str) {
    page.raw("<form method=\"post\" ").raw(attributes).raw(" data-once=\"");
    page.text(of(head.language).paying).raw("\" action=\"").text(&head.address()).raw("\">");
}

/// A value that a form sends without showing it.
pub(super) fn hidden(page: &mut Markup, name: &str, value: &str) {
    page.raw("<input type=\"hidden\" name=\"").raw(name).raw("\" value=\"").text(value);
    page.raw("\">");
}

/// What a card is typed into; never with what was typed before.
pub(super) fn card_fields(page: &mut Markup, language: Language) {
    let texts = of(language);
    field(page, texts.number, "pan", "cc-number", 23);
    page.raw("<div class=\"row\">");
    field(page, texts.month, "expMonth", "cc-exp-month", 2);
    field(page, texts.year, "expYear", "cc-exp-year", 4);
    field(page, texts.security_code, "cvc", "cc-csc", 4);
    page.raw("</div>");
}

fn field(page: &mut Markup, label: &str, name: &str, autocomplete: &str, length_max: u8) {
    page.raw("<label>").text(label).raw("<input name=\"").raw(name);
    page.raw("\" autocomplete=\"").raw(autocomplete).raw("\" maxlength=\"");
    page.raw(&length_max.to_string()).raw("\" inputmode=\"numeric\" required></label>");
}

/// An amount as people of the language write it: `1.500 kr.`, `ISK 1,500`.
pub(super) fn amount(language: Language, money: Money) -> String {
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
