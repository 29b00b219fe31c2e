//! What each card does when it is charged (`payments.md` §2.5), by its number or by the name of a
//! token: `tok_<code>` or `tok_<code>-<decline code>` stand for a refusal with these codes.

/// What a card does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Approve,
    /// The type of the error, its code, and its decline code or an empty text.
    Refuse(&'static str, String, String),
    /// The holder must act first; then it does this.
    Challenge(Box<Behaviour>),
    /// It takes its time.
    Processing,
}

fn declined(decline_code: &str) -> Behaviour {
    refused("card_declined", decline_code)
}

fn refused(code: &str, decline_code: &str) -> Behaviour {
    Behaviour::Refuse("card_error", code.to_owned(), decline_code.to_owned())
}

fn challenge(then: Behaviour) -> Behaviour {
    Behaviour::Challenge(Box::new(then))
}

/// What the card of that number does.
pub(crate) fn of_number(number: &str) -> Behaviour {
    match number {
        "4000000000000002" | "4000000000000341" => declined("generic_decline"),
        "4000000000009995" => declined("insufficient_funds"),
        "4000000000009987" => declined("lost_card"),
        "4000000000009979" => declined("stolen_card"),
        "4000000000000069" => refused("expired_card", ""),
        "4000000000000127" => refused("incorrect_cvc", ""),
        "4000000000000119" => refused("processing_error", ""),
        "4000002760003184" | "4000002500003155" | "4000000000003220" | "4000000000003063" => {
            challenge(Behaviour::Approve)
        }
        "4000008260003178" => challenge(declined("insufficient_funds")),
        "4000008400001629" => challenge(declined("generic_decline")),
        _ => Behaviour::Approve,
    }
}

/// What a token made by a test does.
pub(crate) fn of_token(token: &str) -> Behaviour {
    match token.strip_prefix("tok_").unwrap_or(token) {
        "visa" | "once" => Behaviour::Approve,
        "challenge" => challenge(Behaviour::Approve),
        "processing" => Behaviour::Processing,
        "api_error" => Behaviour::Refuse("api_error", String::new(), String::new()),
        codes => {
            let (code, decline_code) = codes.split_once('-').unwrap_or((codes, ""));
            refused(code, decline_code)
        }
    }
}
