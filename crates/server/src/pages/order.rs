//! The page behind the payment link of an agent's order: what is ordered, what it costs, a form of
//! our own or Stripe's, and in the end the receipt.

use document::texts::fill;
use domain::agency::{CustomerOrder, OrderState};
use domain::money::Money;
use domain::refusal::Code;
use service::reply::Reply;

use super::common_texts::of as common;
pub(crate) use super::frame::Head;
use super::frame::{amount, begin, card_fields, end, hidden, open_form, waiting};
use super::markup::Markup;
use super::order_texts::{Texts, of, problem as sentence};
use super::{Outside, page_reply, tag};

/// What the page's script is: forms are sent once, and Stripe's is shown.
pub(crate) const SCRIPT: &str = concat!(include_str!("once.js"), include_str!("stripe.js"));

/// Where the script is.
const SCRIPT_PATH: &str = "/pay/page.js";

/// Stripe's own script; Stripe wants it loaded from there and nowhere else.
const STRIPE_SCRIPT: &str = "https://js.stripe.com/v3/";

/// An order that is to be paid, or was.
pub(crate) struct Bill<'a> {
    /// Who sells.
    pub(crate) seller: &'a str,
    pub(crate) order: &'a CustomerOrder,
}

impl Bill<'_> {
    fn title(&self, texts: &Texts) -> String {
        fill(texts.title, &[("number", &self.order.public_id())])
    }

    fn due(&self) -> Money {
        self.money(self.order.due())
    }

    fn money(&self, amount: i64) -> Money {
        Money::new(amount, self.order.currency)
    }
}

/// An order whose payment is not begun, or came to nothing (`problem`).
pub(crate) fn offer(head: Head<'_>, bill: &Bill<'_>, problem: Option<Code>) -> String {
    let mut page = with_bill(head, bill, problem);
    act(&mut page, head, "", "begin", of(head.language).begin);
    end(page, &[SCRIPT_PATH])
}

/// The form that takes a card for the open payment; it brings the payment's secret back.
pub(crate) fn form(
    head: Head<'_>,
    bill: &Bill<'_>,
    client_secret: &str,
    problem: Option<Code>,
) -> String {
    let words = common(head.language);
    let mut page = with_bill(head, bill, problem);
    open_form(&mut page, head, "");
    hidden(&mut page, "act", "pay");
    hidden(&mut page, "clientSecret", client_secret);
    card_fields(&mut page, head.language);
    let label = format!("{} {}", words.pay, amount(head.language, bill.due()));
    page.element("button type=\"submit\"", &label);
    page.raw("</form>").element("p class=\"note\"", words.bank_asks);
    end(page, &[SCRIPT_PATH])
}

/// The holder has proved who they are; what is left needs no answer.
pub(crate) fn confirmation(
    head: Head<'_>,
    bill: &Bill<'_>,
    order_id: &str,
    client_secret: &str,
) -> String {
    let words = common(head.language);
    let mut page = begin(head, &bill.title(of(head.language)), None);
    page.element("p class=\"good\"", words.proved);
    write_bill(&mut page, head, bill);
    open_form(&mut page, head, "data-onward");
    hidden(&mut page, "act", "pay");
    hidden(&mut page, "clientSecret", client_secret);
    hidden(&mut page, "orderId", order_id);
    let label = format!("{} – {}", words.confirm, amount(head.language, bill.due()));
    page.element("button type=\"submit\"", &label).raw("</form>");
    end(page, &[SCRIPT_PATH])
}

/// What Stripe's script needs to know.
pub(crate) struct StripeKeys {
    pub(crate) publishable_key: String,
    pub(crate) client_secret: String,
}

/// The form that Stripe's script draws. The second one asks this server what came of it.
pub(crate) fn stripe_form(
    head: Head<'_>,
    bill: &Bill<'_>,
    keys: &StripeKeys,
    problem: Option<Code>,
) -> String {
    let (texts, words) = (of(head.language), common(head.language));
    let mut page = with_bill(head, bill, problem);
    page.raw("<form id=\"stripe\" data-locale=\"").raw(tag(head.language));
    page.raw("\" data-key=\"").text(&keys.publishable_key);
    page.raw("\" data-secret=\"").text(&keys.client_secret);
    page.raw("\" data-paying=\"").text(words.paying);
    page.raw("\" data-unreachable=\"").text(texts.unreachable).raw("\">");
    page.raw("<div data-element></div><p class=\"bad\" role=\"alert\" hidden></p>");
    let label = format!("{} {}", words.pay, amount(head.language, bill.due()));
    page.element("button type=\"submit\" hidden", &label).raw("</form>");
    page.raw("<noscript>").element("p class=\"bad\"", texts.needs_script).raw("</noscript>");
    page.element("p class=\"note\"", texts.stripe);
    act(&mut page, head, "hidden id=\"look\"", "look", words.look_again);
    end(page, &[STRIPE_SCRIPT, SCRIPT_PATH])
}

/// A page that shows Stripe's form, as an answer.
pub(crate) fn with_stripe(page: String) -> Reply {
    page_reply(200, page, Outside::Stripe)
}

/// A payment is under way.
pub(crate) fn pending(head: Head<'_>) -> String {
    let mut page = waiting(head);
    act(&mut page, head, "", "look", common(head.language).look_again);
    end(page, &[SCRIPT_PATH])
}

/// An order of which nothing is due.
pub(crate) struct Paid<'a> {
    pub(crate) bill: Bill<'a>,
    /// The last digits of the card, if one paid.
    pub(crate) last_four: Option<&'a str>,
    /// The gateway's own receipt.
    pub(crate) receipt_url: Option<String>,
}

/// It is paid: the receipt.
pub(crate) fn paid(head: Head<'_>, paid: &Paid<'_>) -> String {
    let texts = of(head.language);
    let (title, told) = match paid.bill.order.state {
        OrderState::Refunded => (texts.refunded, texts.refunded),
        OrderState::PartiallyRefunded => (texts.paid_title, texts.partly_refunded),
        _ => (texts.paid_title, texts.paid),
    };
    let mut page = begin(head, title, None);
    page.element("p class=\"good\" role=\"status\"", told);
    page.element("h2", &paid.bill.title(texts));
    write_bill(&mut page, head, &paid.bill);
    if let Some(last_four) = paid.last_four {
        page.element("p", &format!("{}: •••• {last_four}", texts.card));
    }
    if let Some(url) = paid.receipt_url.as_ref().filter(|url| url.starts_with("https://")) {
        page.raw("<p><a rel=\"noreferrer\" href=\"").text(url).raw("\">").text(texts.receipt);
        page.raw("</a></p>");
    }
    end(page, &[])
}

/// Why a link leads to no payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Its time is over.
    Expired,
    /// The order was cancelled.
    Cancelled,
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
        Ended::Cancelled => (texts.cancelled_title, texts.cancelled),
        Ended::NotFound => (words.not_found_title, words.not_found),
        Ended::Busy => (words.busy_title, words.busy),
    };
    let mut page = begin(head, title, None);
    page.element("p role=\"status\"", text);
    end(page, &[])
}

fn with_bill(head: Head<'_>, bill: &Bill<'_>, problem: Option<Code>) -> Markup {
    let mut page = begin(head, &bill.title(of(head.language)), None);
    if let Some(code) = problem {
        page.element("p class=\"bad\" role=\"alert\"", sentence(head.language, code));
    }
    write_bill(&mut page, head, bill);
    page
}

/// A form of one button.
fn act(page: &mut Markup, head: Head<'_>, attributes: &str, act: &str, label: &str) {
    open_form(page, head, attributes);
    hidden(page, "act", act);
    page.element("button type=\"submit\"", label).raw("</form>");
}

fn write_bill(page: &mut Markup, head: Head<'_>, bill: &Bill<'_>) {
    let (texts, order) = (of(head.language), bill.order);
    let told = |value| amount(head.language, bill.money(value));
    page.raw("<section class=\"side\">").element("p class=\"label\"", texts.seller);
    page.element("h2", bill.seller).raw("</section>");
    page.raw("<section class=\"side\">").element("p class=\"label\"", texts.lines);
    page.raw("<dl class=\"lines\">");
    for line in &order.lines {
        let what = format!("{} × {}", line.quantity, line.description);
        entry(page, &what, &told(line.cost().saturating_add(line.tax())));
    }
    if order.shipping_cost > 0 {
        entry(page, texts.shipping, &told(order.shipping_cost));
    }
    page.raw("</dl></section><div class=\"due\"><dl class=\"lines\">");
    entry(page, texts.total, &told(order.total()));
    if order.tax() > 0 {
        entry(page, texts.tax, &told(order.tax()));
    }
    if order.state.is_unpaid() && order.paid > 0 {
        entry(page, texts.paid_before, &told(order.paid));
    }
    page.raw("</dl>");
    if order.due() > 0 {
        page.element("p class=\"label\"", common(head.language).due);
        page.element("p class=\"amount\"", &told(order.due()));
    }
    page.raw("</div>");
}

fn entry(page: &mut Markup, what: &str, value: &str) {
    page.raw("<div>").element("dt", what).element("dd", value).raw("</div>");
}
