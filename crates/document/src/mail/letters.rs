//! The letters that buyers get.

use domain::language::Language;
use domain::time::Timestamp;

use super::body::{Part, html, text};
use super::{Attachment, Mail, MailAddress};
use crate::calendar::calendar;
use crate::clock::moment;
use crate::markup::one_line;
use crate::occasion::{Occasion, Order};
use crate::pdf::pdf;
use crate::qr::QrError;
use crate::texts::{self, Texts, fill};

/// Tickets that were bought, with the printed tickets and the calendar entry. For `uid` and
/// `made_at` see [`calendar`].
///
/// # Errors
/// [`QrError`] when a code cannot be drawn.
pub fn tickets(
    to: MailAddress,
    order: &Order,
    uid: &str,
    made_at: Timestamp,
) -> Result<Mail, QrError> {
    let texts = texts::of(order.language);
    let occasion = &order.occasion;
    let paragraph = |words: &str| Part::Paragraph(words.to_owned());
    let mut parts = vec![paragraph(texts.tickets_intro), facts_of_order(texts, order)];
    for admission in &order.admissions {
        let seat = admission.seat.as_ref().map(|seat| seat.text(texts));
        parts.push(Part::facts([
            (texts.label_ticket, admission.ticket_type.clone()),
            (texts.label_holder, admission.holder.clone().unwrap_or_default()),
            (texts.label_seat, seat.unwrap_or_default()),
        ]));
    }
    parts.extend([paragraph(texts.tickets_calendar), paragraph(texts.tickets_care)]);
    let subject = fill(texts.tickets_subject, &[("event", &occasion.name)]);
    let mut mail = letter(to, texts, &occasion.organiser, &subject, parts);
    mail.attachments = attachments(order, uid, made_at)?;
    Ok(mail)
}

fn facts_of_order(texts: &Texts, order: &Order) -> Part {
    let occasion = &order.occasion;
    Part::facts([
        (texts.label_event, occasion.name.clone()),
        (texts.label_when, moment(texts, occasion.starts_at, &occasion.time_zone)),
        (texts.label_where, occasion.venue.clone().unwrap_or_default()),
        (texts.label_order, order.number.to_string()),
        (texts.label_price, order.price.clone()),
    ])
}

fn attachments(order: &Order, uid: &str, made_at: Timestamp) -> Result<Vec<Attachment>, QrError> {
    let (number, entry) = (order.number, calendar(order, uid, made_at));
    let file = |name, content_type, bytes| Attachment { name, content_type, bytes };
    Ok(vec![
        file(format!("tickets-{number}.pdf"), "application/pdf", pdf(order)?),
        file(format!("event-{number}.ics"), "text/calendar", entry.into_bytes()),
    ])
}

/// A purchase of owner cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The language of the letter.
    pub language: Language,
    /// Who sold.
    pub seller: String,
    /// The published number of the order.
    pub number: u32,
    /// What was bought.
    pub lines: Vec<ReceiptLine>,
    /// What was paid, with its currency.
    pub total: String,
}

/// One line of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptLine {
    /// What it is.
    pub name: String,
    /// What it cost, with its currency.
    pub price: String,
}

/// The receipt for owner cards.
#[must_use]
pub fn card_receipt(to: MailAddress, receipt: &Receipt) -> Mail {
    let texts = texts::of(receipt.language);
    let lines = receipt.lines.iter().map(|line| (line.name.as_str(), line.price.clone()));
    let parts = vec![
        Part::Paragraph(texts.receipt_intro.to_owned()),
        Part::facts([(texts.label_order, receipt.number.to_string())]),
        Part::facts(lines),
        Part::facts([(texts.label_total, receipt.total.clone())]),
    ];
    let subject = fill(texts.receipt_subject, &[("seller", &receipt.seller)]);
    letter(to, texts, &receipt.seller, &subject, parts)
}

/// Money of an order that is on its way back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The language of the letter.
    pub language: Language,
    /// Who sold.
    pub seller: String,
    /// The names of what was bought: of an event, or of season cards.
    pub goods: String,
    /// The published number of the order.
    pub number: u32,
    /// What goes back, with its currency.
    pub amount: String,
}

/// Money of an order is on its way back.
#[must_use]
pub fn refund_started(to: MailAddress, refund: &Refund) -> Mail {
    let texts = texts::of(refund.language);
    let number = refund.number.to_string();
    let intro = fill(texts.refund_intro, &[("amount", &refund.amount), ("order", &number)]);
    let facts = [
        (texts.label_goods, refund.goods.clone()),
        (texts.label_order, number),
        (texts.label_amount, refund.amount.clone()),
    ];
    let subject = fill(texts.refund_subject, &[("goods", &refund.goods)]);
    let parts = vec![Part::Paragraph(intro), Part::facts(facts)];
    letter(to, texts, &refund.seller, &subject, parts)
}

/// A payment of a contract that could not be charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpaid {
    /// The language of the letter.
    pub language: Language,
    /// Who sold the contract.
    pub seller: String,
    /// What it is for.
    pub goods: String,
    /// The contract's number.
    pub contract: u32,
    /// How much is due, with its currency.
    pub amount: String,
}

/// A payment of a contract is overdue, and another means of paying is needed.
#[must_use]
pub fn instalment_unpaid(to: MailAddress, unpaid: &Unpaid) -> Mail {
    let texts = texts::of(unpaid.language);
    let number = unpaid.contract.to_string();
    let intro = fill(texts.unpaid_intro, &[("amount", &unpaid.amount), ("contract", &number)]);
    let facts =
        [(texts.label_goods, unpaid.goods.clone()), (texts.label_amount, unpaid.amount.clone())];
    let subject = fill(texts.unpaid_subject, &[("goods", &unpaid.goods)]);
    let parts = vec![Part::Paragraph(intro), Part::facts(facts)];
    letter(to, texts, &unpaid.seller, &subject, parts)
}

/// The order's event will not take place. `is_paid_back` says whether its price goes back.
#[must_use]
pub fn event_cancelled(to: MailAddress, order: &Order, is_paid_back: bool) -> Mail {
    let texts = texts::of(order.language);
    let occasion = &order.occasion;
    let subject = fill(texts.cancelled_subject, &[("event", &occasion.name)]);
    let mut parts = vec![Part::Paragraph(texts.cancelled_intro.to_owned())];
    if is_paid_back {
        parts.push(Part::Paragraph(texts.cancelled_refund.to_owned()));
    }
    parts.push(facts_of_order(texts, order));
    letter(to, texts, &occasion.organiser, &subject, parts)
}

/// A ticket that becomes one for another event when the difference is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The language of the letter.
    pub language: Language,
    /// The event the ticket is for.
    pub from: Occasion,
    /// The event it will be for.
    pub to: Occasion,
    /// What is to be paid, with its currency.
    pub amount: String,
    /// Where it can be paid.
    pub url: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// The link with which the difference is paid.
#[must_use]
pub fn payment_link(to: MailAddress, offer: &Move) -> Mail {
    let texts = texts::of(offer.language);
    let place = |occasion: &Occasion| {
        format!("{}, {}", occasion.name, moment(texts, occasion.starts_at, &occasion.time_zone))
    };
    let names = [
        ("from", offer.from.name.as_str()),
        ("to", offer.to.name.as_str()),
        ("amount", offer.amount.as_str()),
    ];
    let expiry = moment(texts, offer.expires_at, &offer.to.time_zone);
    let parts = vec![
        Part::Paragraph(fill(texts.payment_intro, &names)),
        Part::facts([
            (texts.label_from, place(&offer.from)),
            (texts.label_to, place(&offer.to)),
            (texts.label_amount, offer.amount.clone()),
        ]),
        Part::Paragraph(fill(texts.payment_expiry, &[("time", &expiry)])),
        Part::Link { words: texts.payment_link, url: one_line(&offer.url) },
    ];
    let subject = fill(texts.payment_subject, &[("event", &offer.to.name)]);
    letter(to, texts, &offer.to.organiser, &subject, parts)
}

fn letter(
    to: MailAddress,
    texts: &Texts,
    organiser: &str,
    subject: &str,
    mut parts: Vec<Part>,
) -> Mail {
    let subject = one_line(subject);
    let organiser = one_line(organiser);
    parts.push(Part::Paragraph(fill(texts.closing, &[("organiser", &organiser)])));
    Mail {
        to,
        text: text(&subject, &parts),
        html: html(texts, &subject, &parts),
        subject,
        attachments: Vec::new(),
    }
}
