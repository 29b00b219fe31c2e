//! What all payment pages say, one table a language.

use domain::language::Language;
use domain::refusal::Code;

/// The sentences of one language.
pub(super) struct Texts {
    pub(super) other_language: &'static str,
    pub(super) due: &'static str,
    pub(super) until: &'static str,
    pub(super) number: &'static str,
    pub(super) month: &'static str,
    pub(super) year: &'static str,
    pub(super) security_code: &'static str,
    pub(super) pay: &'static str,
    pub(super) paying: &'static str,
    pub(super) bank_asks: &'static str,
    pub(super) proved: &'static str,
    pub(super) confirm: &'static str,
    pub(super) pending_title: &'static str,
    pub(super) pending: &'static str,
    pub(super) look_again: &'static str,
    pub(super) expired_title: &'static str,
    pub(super) not_found_title: &'static str,
    pub(super) not_found: &'static str,
    pub(super) busy_title: &'static str,
    pub(super) busy: &'static str,
}

pub(super) fn of(language: Language) -> &'static Texts {
    match language {
        Language::Icelandic => &ICELANDIC,
        Language::English => &ENGLISH,
    }
}

static ICELANDIC: Texts = Texts {
    other_language: "English",
    due: "Til greiðslu",
    until: "Greiða þarf í síðasta lagi:",
    number: "Kortanúmer",
    month: "Mánuður",
    year: "Ár",
    security_code: "Öryggisnúmer",
    pay: "Greiða",
    paying: "Augnablik …",
    bank_asks: "Bankinn gæti beðið þig um að staðfesta greiðsluna.",
    proved: "Bankinn hefur staðfest að þetta ert þú. Eitt skref er eftir.",
    confirm: "Ljúka við greiðslu",
    pending_title: "Greiðsla í vinnslu",
    pending: "Beðið er eftir svari. Ekki greiða aftur; síðan uppfærist sjálf.",
    look_again: "Athuga aftur",
    expired_title: "Hlekkurinn er útrunninn",
    not_found_title: "Hlekkurinn fannst ekki",
    not_found: "Athugaðu hvort allur hlekkurinn var afritaður.",
    busy_title: "Reyndu aftur",
    busy: "Þetta er ekki hægt núna. Ekkert var gjaldfært. Reyndu aftur eftir smástund.",
};

static ENGLISH: Texts = Texts {
    other_language: "Íslenska",
    due: "To pay",
    until: "To be paid before",
    number: "Card number",
    month: "Month",
    year: "Year",
    security_code: "Security code",
    pay: "Pay",
    paying: "One moment …",
    bank_asks: "Your bank may ask you to confirm the payment.",
    proved: "Your bank has confirmed that it is you. One step is left.",
    confirm: "Finish paying",
    pending_title: "Payment under way",
    pending: "We are waiting for an answer. Do not pay again; this page looks by itself.",
    look_again: "Look again",
    expired_title: "The link is over",
    not_found_title: "There is no such link",
    not_found: "Check that the whole link was copied.",
    busy_title: "Try again",
    busy: "It cannot be done now. Nothing was charged. Try again in a moment.",
};

/// Why a payment did not go through, in a sentence.
pub(super) fn failure(language: Language, code: Code) -> &'static str {
    let [icelandic, english] = match code {
        Code::InsufficientFunds => [
            "Ekki er nóg inni á kortinu. Ekkert var gjaldfært; reyndu annað kort.",
            "There is not enough money on the card. Nothing was charged; try another card.",
        ],
        Code::CardExpired => [
            "Kortið er útrunnið. Athugaðu gildistímann eða reyndu annað kort.",
            "The card has expired. Check its month and year, or try another card.",
        ],
        Code::CardInvalid => [
            "Kortanúmerið eða gildistíminn er ekki í lagi. Athugaðu hvort tveggja og reyndu aftur.",
            "The card number, its month or its year is not right. Check them and try again.",
        ],
        Code::CvcInvalid => [
            "Öryggisnúmerið er ekki rétt. Athugaðu það og reyndu aftur.",
            "The security code is not right. Check it and try again.",
        ],
        Code::AuthenticationFailed | Code::AuthenticationInvalid | Code::AuthenticationRequired => {
            [
                "Bankinn staðfesti ekki að þetta værir þú. Ekkert var gjaldfært; reyndu aftur.",
                "The bank did not confirm that it is you. Nothing was charged; try again.",
            ]
        }
        Code::AuthenticationUnavailable | Code::GatewayUnavailable => [
            "Ekki næst samband við bankann. Ekkert var gjaldfært; reyndu aftur eftir smástund.",
            "The bank cannot be reached. Nothing was charged; try again in a moment.",
        ],
        Code::TooManyRequests => [
            "Of margar tilraunir. Hafðu samband við seljandann.",
            "That was tried too often. Ask the seller.",
        ],
        _ => [
            "Kortinu var hafnað. Ekkert var gjaldfært; reyndu annað kort.",
            "The card was declined. Nothing was charged; try another card.",
        ],
    };
    match language {
        Language::Icelandic => icelandic,
        Language::English => english,
    }
}
