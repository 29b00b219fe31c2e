//! What the page of an agent's order says, one table a language.

use domain::language::Language;
use domain::refusal::Code;

use super::common_texts;

/// The sentences of one language.
pub(super) struct Texts {
    /// `{number}` is the order's.
    pub(super) title: &'static str,
    pub(super) seller: &'static str,
    pub(super) lines: &'static str,
    pub(super) shipping: &'static str,
    pub(super) tax: &'static str,
    pub(super) paid_before: &'static str,
    pub(super) begin: &'static str,
    pub(super) stripe: &'static str,
    pub(super) needs_script: &'static str,
    pub(super) unreachable: &'static str,
    pub(super) paid_title: &'static str,
    pub(super) paid: &'static str,
    pub(super) refunded: &'static str,
    pub(super) partly_refunded: &'static str,
    pub(super) total: &'static str,
    pub(super) card: &'static str,
    pub(super) receipt: &'static str,
    pub(super) expired: &'static str,
    pub(super) cancelled_title: &'static str,
    pub(super) cancelled: &'static str,
    changed: &'static str,
}

pub(super) fn of(language: Language) -> &'static Texts {
    match language {
        Language::Icelandic => &ICELANDIC,
        Language::English => &ENGLISH,
    }
}

static ICELANDIC: Texts = Texts {
    title: "Pöntun {number}",
    seller: "Seljandi",
    lines: "Pöntunin",
    shipping: "Sending",
    tax: "Þar af skattur",
    paid_before: "Þegar greitt",
    begin: "Halda áfram að greiðslu",
    stripe: "Stripe tekur við kortinu. Bankinn gæti beðið þig um að staðfesta greiðsluna.",
    needs_script: "Til að greiða hér þarf að leyfa JavaScript í vafranum. Ekkert var gjaldfært.",
    unreachable: "Ekki næst samband við Stripe. Ekkert var gjaldfært; reyndu aftur eftir \
                  smástund.",
    paid_title: "Greiðslan tókst",
    paid: "Pöntunin er greidd. Takk fyrir.",
    refunded: "Pöntunin var endurgreidd.",
    partly_refunded: "Pöntunin var greidd og hluti hennar endurgreiddur.",
    total: "Samtals",
    card: "Kort",
    receipt: "Kvittun",
    expired: "Ekkert var gjaldfært með þessum hlekk. Hafðu samband við seljandann til að fá nýjan.",
    cancelled_title: "Hætt var við pöntunina",
    cancelled: "Ekkert þarf að greiða. Greiðsla sem kann að hafa borist er endurgreidd.",
    changed: "Pöntuninni var breytt. Ekkert var gjaldfært fyrir breytta pöntun, og greiðsla sem \
              kann að hafa borist er endurgreidd. Skoðaðu upphæðina áður en þú greiðir.",
};

static ENGLISH: Texts = Texts {
    title: "Order {number}",
    seller: "Sold by",
    lines: "What is ordered",
    shipping: "Shipping",
    tax: "Of this, tax",
    paid_before: "Already paid",
    begin: "Go on to pay",
    stripe: "Stripe takes the card. Your bank may ask you to confirm the payment.",
    needs_script: "To pay here, allow JavaScript in your browser. Nothing was charged.",
    unreachable: "Stripe cannot be reached. Nothing was charged; try again in a moment.",
    paid_title: "It is paid",
    paid: "The order is paid. Thank you.",
    refunded: "The order's payment went back.",
    partly_refunded: "The order was paid, and a part of it went back.",
    total: "Total",
    card: "Card",
    receipt: "Receipt",
    expired: "Nothing was charged with this link. Ask the seller for a new one.",
    cancelled_title: "The order was cancelled",
    cancelled: "There is nothing to pay. A payment that came goes back.",
    changed: "The order was changed. Nothing was charged for it as it is now, and a payment that \
              came goes back. Look at the sum before you pay.",
};

/// Why nothing came of a try to pay, in a sentence.
pub(super) fn problem(language: Language, code: Code) -> &'static str {
    match code {
        Code::OrderChanged | Code::OrderCancelled => of(language).changed,
        code => common_texts::failure(language, code),
    }
}
