//! What the three digits of an answer mean (`payments.md` §1.5).

use domain::attempt::DeclineReason;

/// What a code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It was done.
    Accepted,
    /// The card, its holder or its bank says no.
    Declined(DeclineReason),
    /// It cannot be done as it was asked, and was not.
    NotExecuted(&'static str),
    /// The same, because the merchant is not set up as it must be.
    Misconfigured,
    /// Somebody behind the gateway did not answer: a decline only where the answer says so too.
    NoAnswer,
    /// The number was used before: the first request with it may have succeeded.
    UsedBefore,
    /// Nobody has published what it means.
    Unlisted,
}

/// What `code` says, whatever else the answer says.
pub(super) fn meaning(code: &str) -> Meaning {
    use DeclineReason::{HardAccount, HardExpiry, InsufficientFunds, Soft};
    match code {
        "000" => Meaning::Accepted,
        "116" => Meaning::Declined(InsufficientFunds),
        "101" | "131" => Meaning::Declined(HardExpiry),
        "100" | "103" | "203" | "106" | "112" | "117" | "126" | "206" | "119" | "120" | "121" => {
            Meaning::Declined(Soft)
        }
        "102" | "129" | "202" | "210" | "104" | "204" | "111" | "118" | "125" | "201" | "200"
        | "205" | "207" | "208" | "209" => Meaning::Declined(HardAccount),
        "109" | "916" | "955" => Meaning::Misconfigured,
        "110" => Meaning::NotExecuted("the amount was refused"),
        "130" => Meaning::NotExecuted("the card's track was refused"),
        "161" | "162" | "163" | "164" | "165" | "166" => {
            Meaning::NotExecuted("the conversion of currencies was refused")
        }
        "902" | "904" => Meaning::NotExecuted("the form of the request was refused"),
        "914" => Meaning::NotExecuted("the original payment was not found"),
        "950" | "951" | "952" | "954" => Meaning::NotExecuted("the batch was refused"),
        "907" | "908" | "909" | "910" | "911" | "912" | "953" => Meaning::NoAnswer,
        "913" | "956" => Meaning::UsedBefore,
        _ => Meaning::Unlisted,
    }
}
