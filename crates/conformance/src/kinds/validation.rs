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
    let entered = ["value", "entered"].iter().find_map(|name| vector.input.get(name));
    let entered = entered.map(|value| match value.as_str() {
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

/// A rule as validators declare it: a name, and arguments in brackets. As an attribute it stands in
/// square brackets and begins with `Validate`.
fn rule<'v>(declared: &'v str, entered: &'v str) -> Option<Rule<'v>> {
    let declared = declared.trim().trim_start_matches('[').trim_end_matches(']');
    let declared = declared.strip_prefix("Validate").unwrap_or(declared);
    let (name, arguments) = declared.split_once(['(', ' ']).unwrap_or((declared, ""));
    let arguments = arguments.rsplit_once(')').map_or(arguments, |(inner, _)| inner);
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
        "ScalePrecision" | "PrecisionScale" => {
            let (scale, precision) = (number(next())?, number(next())?);
            let (whole, fraction) = entered.split_once('.').unwrap_or((entered, ""));
            let count = |digits: &str| digits.bytes().filter(u8::is_ascii_digit).count();
            let digits = u32::try_from(count(whole)).ok()?;
            let decimals = u32::try_from(count(fraction)).ok()?;
            Rule::ScalePrecision {
                scale: u32::try_from(scale).ok()?,
                precision: u32::try_from(precision).ok()?,
                digits,
                decimals,
            }
        }
        "Must" | "Predicate" => Rule::Predicate,
        _ => return None,
    })
}
