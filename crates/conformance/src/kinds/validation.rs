//! Rules of validators: code and message of a member that broke one.

use serde_json::json;
use service::validation::{Range, Rule};

use super::{Output, Unsupported, text};
use crate::vector::Vector;

/// `{"rule": "GreaterThan(0)", "field": "Age"}`, sometimes with the `value` that was entered.
pub(super) fn run(vector: &Vector) -> Output {
    let unknown = || Unsupported::because(format!("the rule {}", vector.input));
    let declared = text(&vector.input, "rule").ok_or_else(unknown)?;
    let field = text(&vector.input, "field").ok_or_else(unknown)?;
    let entered = vector.input.get("value").map(|value| match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string(),
    });
    let rule = rule(declared, entered.as_deref().unwrap_or_default()).ok_or_else(unknown)?;
    let broken = rule.broken_by(field);
    Ok(json!({
        "errorCode": broken.code,
        "fieldName": broken.field,
        "message": broken.message,
    }))
}

/// A rule as validators declare it: a name, and arguments in brackets.
fn rule<'v>(declared: &'v str, entered: &'v str) -> Option<Rule<'v>> {
    let (name, arguments) = declared.split_once('(').unwrap_or((declared, ""));
    let arguments = arguments.trim_end_matches(')');
    let one = arguments.trim().trim_matches('"');
    let mut several = arguments.split(',').map(|argument| argument.trim().trim_matches('"'));
    let mut next = || several.next().unwrap_or_default();
    let number = |text: &str| text.parse().ok();
    Some(match name {
        "NotEmpty" => Rule::NotEmpty,
        "NotNull" => Rule::NotNull,
        "Empty" => Rule::Empty,
        "Null" => Rule::Null,
        "NotEqual" => Rule::NotEqual(one),
        "Equal" => Rule::Equal(one),
        "Email" | "EmailAddress" => Rule::Email,
        "Length" => {
            let (min, max) = (number(next())?, number(next())?);
            Rule::Length { min, max, entered: entered.chars().count() }
        }
        "GreaterThan" => Rule::GreaterThan(one),
        "GreaterThanOrEqual" | "GreaterThanOrEqualTo" => Rule::GreaterThanOrEqual(one),
        "LessThan" => Rule::LessThan(one),
        "LessThanOrEqual" | "LessThanOrEqualTo" => Rule::LessThanOrEqual(one),
        "InclusiveBetween" => Rule::InclusiveBetween(Range { from: next(), to: next(), entered }),
        "ExclusiveBetween" => Rule::ExclusiveBetween(Range { from: next(), to: next(), entered }),
        "RegularExpression" | "Matches" => Rule::RegularExpression,
        "CreditCard" => Rule::CreditCard,
        "Enum" | "IsInEnum" => Rule::Enum(entered),
        "Must" | "Predicate" => Rule::Predicate,
        _ => return None,
    })
}
