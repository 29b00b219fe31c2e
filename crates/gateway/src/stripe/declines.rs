//! What Stripe's error codes mean (`payments.md` §2.4).

use domain::attempt::DeclineReason;

use super::answer::Problem;

/// What a refused charge says about the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The bank said no.
    Declined(DeclineReason),
    /// The bank wants the buyer to prove who they are.
    Challenge,
    /// Stripe or the bank had trouble; nobody has said no.
    Trouble,
}

/// `decline_code`, where the code is `card_declined`. The buyer is told the same of a lost card,
/// a stolen one and one that is suspected: [`DeclineReason::HardAccount`] has one public text.
const DECLINE_CODES: &[(&str, Verdict)] = &[
    ("generic_decline", Verdict::Declined(DeclineReason::Soft)),
    ("do_not_honor", Verdict::Declined(DeclineReason::Soft)),
    ("try_again_later", Verdict::Declined(DeclineReason::Soft)),
    ("insufficient_funds", Verdict::Declined(DeclineReason::InsufficientFunds)),
    ("card_velocity_exceeded", Verdict::Declined(DeclineReason::Soft)),
    ("lost_card", Verdict::Declined(DeclineReason::HardAccount)),
    ("stolen_card", Verdict::Declined(DeclineReason::HardAccount)),
    ("pickup_card", Verdict::Declined(DeclineReason::HardAccount)),
    ("fraudulent", Verdict::Declined(DeclineReason::HardAccount)),
    ("expired_card", Verdict::Declined(DeclineReason::HardExpiry)),
    ("incorrect_number", Verdict::Declined(DeclineReason::CardInvalid)),
    ("invalid_number", Verdict::Declined(DeclineReason::CardInvalid)),
    ("incorrect_cvc", Verdict::Declined(DeclineReason::CvcInvalid)),
    ("invalid_cvc", Verdict::Declined(DeclineReason::CvcInvalid)),
    ("authentication_required", Verdict::Challenge),
    ("processing_error", Verdict::Trouble),
];

/// `code`.
const CODES: &[(&str, Verdict)] = &[
    ("expired_card", Verdict::Declined(DeclineReason::HardExpiry)),
    ("invalid_expiry_month", Verdict::Declined(DeclineReason::HardExpiry)),
    ("invalid_expiry_year", Verdict::Declined(DeclineReason::HardExpiry)),
    ("incorrect_number", Verdict::Declined(DeclineReason::CardInvalid)),
    ("invalid_number", Verdict::Declined(DeclineReason::CardInvalid)),
    ("incorrect_cvc", Verdict::Declined(DeclineReason::CvcInvalid)),
    ("invalid_cvc", Verdict::Declined(DeclineReason::CvcInvalid)),
    ("insufficient_funds", Verdict::Declined(DeclineReason::InsufficientFunds)),
    ("authentication_required", Verdict::Challenge),
    (
        "payment_intent_authentication_failure",
        Verdict::Declined(DeclineReason::AuthenticationFailed),
    ),
    ("processing_error", Verdict::Trouble),
];

/// Where a token is looked for when Stripe says which member was wrong.
const TOKEN_MEMBERS: [&str; 3] = ["payment_method", "source", "token"];

/// What a problem says about the card. Codes that are not in the table are new ones of the banks:
/// a decline that does not say why.
pub(super) fn verdict(problem: &Problem) -> Verdict {
    if problem.is_of_kind("api_error") {
        return Verdict::Trouble;
    }
    let find = |table: &[(&str, Verdict)], code: &Option<String>| {
        let code = code.as_deref()?;
        table.iter().find(|(known, _)| *known == code).map(|(_, verdict)| *verdict)
    };
    find(DECLINE_CODES, &problem.decline_code)
        .or_else(|| find(CODES, &problem.code))
        .unwrap_or(Verdict::Declined(DeclineReason::Soft))
}

/// Whether a refused request only means that the buyer's token is none, or was used.
pub(super) fn is_about_token(problem: &Problem) -> bool {
    let member = problem.param.as_deref().unwrap_or_default();
    let named = TOKEN_MEMBERS.iter().any(|token| member.contains(token));
    problem.is("token_already_used") || (problem.is("resource_missing") && named)
}

#[cfg(test)]
mod tests {
    use domain::attempt::DeclineReason::{AuthenticationFailed, Soft};

    use super::{Verdict, verdict};
    use crate::stripe::answer::Problem;

    fn problem(kind: &str, code: &str, decline_code: &str) -> Problem {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Problem {
            kind: text(kind),
            code: text(code),
            decline_code: text(decline_code),
            param: None,
        }
    }

    /// Proves what codes mean that no table names, and which of two codes counts.
    #[test]
    fn a_code_of_tomorrow_is_a_plain_decline() {
        let check = |kind, code, decline_code, expected| {
            assert_eq!(verdict(&problem(kind, code, decline_code)), expected, "{decline_code}");
        };
        check("card_error", "card_declined", "not_yet_invented", Verdict::Declined(Soft));
        check("card_error", "card_declined", "", Verdict::Declined(Soft));
        check("card_error", "card_declined", "authentication_required", Verdict::Challenge);
        check("api_error", "card_declined", "generic_decline", Verdict::Trouble);
        let failed = "payment_intent_authentication_failure";
        check("invalid_request_error", failed, "", Verdict::Declined(AuthenticationFailed));
    }
}
