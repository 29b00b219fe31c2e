//! What the page of a moved ticket says, one table a language.

use domain::language::Language;

/// The sentences of one language.
pub(super) struct Texts {
    pub(super) title: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) done_title: &'static str,
    pub(super) done: &'static str,
    pub(super) done_used: &'static str,
    pub(super) ticket_of: &'static str,
    pub(super) seat: &'static str,
    pub(super) gate: &'static str,
    pub(super) expired: &'static str,
    pub(super) late: &'static str,
    pub(super) cancelled_title: &'static str,
    pub(super) cancelled: &'static str,
    pub(super) tried_out_title: &'static str,
    pub(super) tried_out: &'static str,
}

pub(super) fn of(language: Language) -> &'static Texts {
    match language {
        Language::Icelandic => &ICELANDIC,
        Language::English => &ENGLISH,
    }
}

static ICELANDIC: Texts = Texts {
    title: "Greiða mismun miða",
    from: "Miðinn er á",
    to: "Miðinn færist á",
    done_title: "Miðinn þinn er tilbúinn",
    done: "Greitt hefur verið. Eldri miðinn gildir ekki lengur; sýndu þennan við hliðið.",
    done_used: "Greitt var með þessum hlekk. Miðinn er ekki lengur sýndur hér.",
    ticket_of: "Miði {number} af {count}",
    seat: "Sæti",
    gate: "Sýndu kóðann við hliðið. Ekki deila honum með öðrum.",
    expired: "Ekkert var gjaldfært og eldri miðinn gildir áfram. Hafðu samband við félagið til \
              að fá nýjan hlekk.",
    late: "Greiðslan barst of seint og er endurgreidd á kortið. Eldri miðinn gildir áfram.",
    cancelled_title: "Hætt var við flutninginn",
    cancelled: "Miðinn var notaður eða hætt var við flutninginn. Greiðsla sem kann að hafa \
                borist er endurgreidd.",
    tried_out_title: "Of margar tilraunir",
    tried_out: "Ekkert var gjaldfært og eldri miðinn gildir áfram. Hafðu samband við félagið til \
                að fá nýjan hlekk.",
};

static ENGLISH: Texts = Texts {
    title: "Pay the difference for your ticket",
    from: "Your ticket is for",
    to: "It moves to",
    done_title: "Your ticket is ready",
    done: "It is paid. The old ticket is not good any more; show this one at the gate.",
    done_used: "This link was paid. The ticket is not shown here any more.",
    ticket_of: "Ticket {number} of {count}",
    seat: "Seat",
    gate: "Show the code at the gate. Share it with nobody else.",
    expired: "Nothing was charged, and your old ticket stays good. Ask the club for a new link.",
    late: "The payment came too late and goes back to the card. Your old ticket stays good.",
    cancelled_title: "The move was cancelled",
    cancelled: "The ticket was used, or the move was given up. A payment that came goes back.",
    tried_out_title: "That was tried too often",
    tried_out: "Nothing was charged, and your old ticket stays good. Ask the club for a new link.",
};
