//! The rules of the original's validators with their codes and messages (`servicestack.md §6.3`).
//!
//! Clients show the messages to people and test the codes, so both are kept as they were.

use std::fmt::Display;

use crate::status::FieldError;

/// A rule that a member broke, with what its message tells. Texts are shown as they are given, so
/// never hand in a secret.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule<'a> {
    /// Neither null, nor blank, nor empty, nor the default.
    NotEmpty,
    /// Not null.
    NotNull,
    /// Blank, empty or the default.
    Empty,
    /// Null.
    Null,
    /// Another value than this.
    NotEqual(&'a str),
    /// This value.
    Equal(&'a str),
    /// An e-mail address.
    Email,
    /// From `min` to `max` characters; there were `entered`.
    Length {
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
        /// How many there were.
        entered: usize,
    },
    /// More than this.
    GreaterThan(&'a str),
    /// This or more.
    GreaterThanOrEqual(&'a str),
    /// Less than this.
    LessThan(&'a str),
    /// This or less.
    LessThanOrEqual(&'a str),
    /// Between these, or one of them.
    InclusiveBetween(Range<'a>),
    /// Between these, and none of them.
    ExclusiveBetween(Range<'a>),
    /// In the form of a regular expression.
    RegularExpression,
    /// A number that a card may have.
    CreditCard,
    /// One of the values of an enum; this was entered.
    Enum(&'a str),
    /// At most so many digits.
    ScalePrecision {
        /// The most digits after the point.
        scale: u32,
        /// The most digits in all.
        precision: u32,
        /// Digits that were entered before the point.
        digits: u32,
        /// Digits that were entered after the point.
        decimals: u32,
    },
    /// A condition of the service's own, `Must` in declarations.
    Predicate,
}

/// Two ends, and what was entered instead of something between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range<'a> {
    /// The lower end.
    pub from: &'a str,
    /// The upper end.
    pub to: &'a str,
    /// What was entered.
    pub entered: &'a str,
}

impl Rule<'_> {
    /// The stable name that clients test.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEmpty => "NotEmpty",
            Self::NotNull => "NotNull",
            Self::Empty => "Empty",
            Self::Null => "Null",
            Self::NotEqual(_) => "NotEqual",
            Self::Equal(_) => "Equal",
            Self::Email => "Email",
            Self::Length { .. } => "Length",
            Self::GreaterThan(_) => "GreaterThan",
            Self::GreaterThanOrEqual(_) => "GreaterThanOrEqual",
            Self::LessThan(_) => "LessThan",
            Self::LessThanOrEqual(_) => "LessThanOrEqual",
            Self::InclusiveBetween(_) => "InclusiveBetween",
            Self::ExclusiveBetween(_) => "ExclusiveBetween",
            Self::RegularExpression => "RegularExpression",
            Self::CreditCard => "CreditCard",
            Self::Enum(_) => "Enum",
            Self::ScalePrecision { .. } => "ScalePrecision",
            Self::Predicate => "Predicate",
        }
    }

    /// The message about the member that people know as `name`.
    pub fn message(&self, name: &str) -> String {
        let must = |what: &dyn Display| format!("'{name}' must {what}.");
        match self {
            Self::NotEmpty | Self::NotNull => must(&"not be empty"),
            Self::Empty | Self::Null => must(&"be empty"),
            Self::NotEqual(other) => must(&format_args!("not be equal to '{other}'")),
            Self::Equal(other) => must(&format_args!("be equal to '{other}'")),
            Self::Email => format!("'{name}' is not a valid email address."),
            Self::Length { min, max, entered } => format!(
                "'{name}' must be between {min} and {max} characters. \
                 You entered {entered} characters."
            ),
            Self::GreaterThan(other) => must(&format_args!("be greater than '{other}'")),
            Self::GreaterThanOrEqual(other) => {
                must(&format_args!("be greater than or equal to '{other}'"))
            }
            Self::LessThan(other) => must(&format_args!("be less than '{other}'")),
            Self::LessThanOrEqual(other) => {
                must(&format_args!("be less than or equal to '{other}'"))
            }
            Self::InclusiveBetween(Range { from, to, entered }) => {
                format!("'{name}' must be between {from} and {to}. You entered {entered}.")
            }
            Self::ExclusiveBetween(Range { from, to, entered }) => format!(
                "'{name}' must be between {from} and {to} (exclusive). You entered {entered}."
            ),
            Self::RegularExpression => format!("'{name}' is not in the correct format."),
            Self::CreditCard => format!("'{name}' is not a valid credit card number."),
            Self::Enum(entered) => {
                format!("'{name}' has a range of values which does not include '{entered}'.")
            }
            Self::ScalePrecision { scale, precision, digits, decimals } => format!(
                "'{name}' must not be more than {precision} digits in total, with allowance for \
                 {scale} decimals. {digits} digits and {decimals} decimals were found."
            ),
            Self::Predicate => format!("The specified condition was not met for '{name}'."),
        }
    }

    /// The entry about the member at `path`, for example `User.FirstName` or `Items[0].Name`.
    pub fn broken_by(&self, path: &str) -> FieldError {
        let member = path.rsplit('.').next().unwrap_or(path);
        FieldError::new(self.code(), path, self.message(&display_name(member)))
    }
}

/// A member's name for people: a blank before each capital that begins a word.
fn display_name(member: &str) -> String {
    let member = member.split('[').next().unwrap_or(member);
    let letters: Vec<char> = member.chars().collect();
    let mut name = String::with_capacity(member.len() + 4);
    for (index, &letter) in letters.iter().enumerate() {
        let after_lower = index > 0 && !letters[index - 1].is_uppercase();
        let before_lower = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        if index > 0 && letter.is_uppercase() && (after_lower || before_lower) {
            name.push(' ');
        }
        name.push(letter);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{Range, Rule, display_name};

    /// Proves that humps become words and abbreviations stay whole.
    #[test]
    fn names_are_split_for_people() {
        for (member, expected) in [
            ("Name", "Name"),
            ("FirstName", "First Name"),
            ("UserID", "User ID"),
            ("IDCard", "ID Card"),
            ("Items[0]", "Items"),
            ("x", "x"),
            ("", ""),
        ] {
            assert_eq!(display_name(member), expected, "{member}");
        }
    }

    fn check(rule: Rule<'_>, path: &str, code: &str, message: &str) {
        let broken = rule.broken_by(path);
        assert_eq!((broken.code.as_ref(), broken.message.as_str()), (code, message));
        assert_eq!(broken.field, path);
    }

    /// Proves code, path and message of each rule.
    #[test]
    fn rules_speak_as_published() {
        check(Rule::NotEmpty, "Name", "NotEmpty", "'Name' must not be empty.");
        check(Rule::NotNull, "User.FirstName", "NotNull", "'First Name' must not be empty.");
        check(Rule::Empty, "A", "Empty", "'A' must be empty.");
        check(Rule::Null, "A", "Null", "'A' must be empty.");
        check(Rule::NotEqual("1"), "A", "NotEqual", "'A' must not be equal to '1'.");
        check(Rule::Equal("1"), "A", "Equal", "'A' must be equal to '1'.");
        check(Rule::Email, "Items[2].Mail", "Email", "'Mail' is not a valid email address.");
        check(Rule::GreaterThan("0"), "Age", "GreaterThan", "'Age' must be greater than '0'.");
        check(Rule::LessThan("9"), "Age", "LessThan", "'Age' must be less than '9'.");
        let message = "'Age' must be greater than or equal to '1'.";
        check(Rule::GreaterThanOrEqual("1"), "Age", "GreaterThanOrEqual", message);
        let message = "'Age' must be less than or equal to '9'.";
        check(Rule::LessThanOrEqual("9"), "Age", "LessThanOrEqual", message);
        let message = "'Name' must be between 1 and 5 characters. You entered 7 characters.";
        check(Rule::Length { min: 1, max: 5, entered: 7 }, "Name", "Length", message);
        let range = Range { from: "1", to: "5", entered: "7" };
        let message = "'Age' must be between 1 and 5. You entered 7.";
        check(Rule::InclusiveBetween(range), "Age", "InclusiveBetween", message);
        let message = "'Age' must be between 1 and 5 (exclusive). You entered 7.";
        check(Rule::ExclusiveBetween(range), "Age", "ExclusiveBetween", message);
        let message = "'A' is not in the correct format.";
        check(Rule::RegularExpression, "A", "RegularExpression", message);
        let message = "'A' is not a valid credit card number.";
        check(Rule::CreditCard, "A", "CreditCard", message);
        let message = "'A' has a range of values which does not include '7'.";
        check(Rule::Enum("7"), "A", "Enum", message);
        let message = "'A' must not be more than 4 digits in total, with allowance for 2 decimals. \
                       3 digits and 3 decimals were found.";
        let scale = Rule::ScalePrecision { scale: 2, precision: 4, digits: 3, decimals: 3 };
        check(scale, "A", "ScalePrecision", message);
        let message = "The specified condition was not met for 'A'.";
        check(Rule::Predicate, "A", "Predicate", message);
    }
}
