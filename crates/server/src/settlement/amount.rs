//! Amounts as files write them: strict, without a float anywhere.

use domain::money::{AMOUNT_MAX, Currency};

/// Which mark stands before the decimals of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// `1,234.50`
    Point,
    /// `1.234,50`
    Comma,
}

impl Mark {
    fn decimal(self) -> char {
        if self == Mark::Point { '.' } else { ',' }
    }

    fn group(self) -> char {
        if self == Mark::Point { ',' } else { '.' }
    }
}

/// Minor units; negative with a minus sign in front.
///
/// # Errors
/// A sentence that says what is wrong with the text.
pub(super) fn minor_units(text: &str, mark: Mark, currency: Currency) -> Result<i64, String> {
    let wrong = || format!("{text:?} is no amount of {}", currency.code());
    let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, decimals) = digits.split_once(mark.decimal()).unwrap_or((digits, ""));
    let whole = ungrouped(whole, mark.group()).ok_or_else(wrong)?;
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = currency.exponent() as usize;
    let (kept, rest) = decimals.split_at_checked(exponent.min(decimals.len())).ok_or_else(wrong)?;
    let is_odd = digits.ends_with(mark.decimal()) || !are_digits(decimals);
    if is_odd || rest.bytes().any(|byte| byte != b'0') {
        return Err(wrong());
    }
    let minor: i64 = format!("{whole}{kept:0<exponent$}").parse().map_err(|_| wrong())?;
    if minor > AMOUNT_MAX { Err(wrong()) } else { Ok(sign * minor) }
}

/// The digits without the marks between groups of three; `None` for anything else.
fn ungrouped(text: &str, mark: char) -> Option<String> {
    let mut groups = text.split(mark);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let is_grouped = rest.is_empty() || (1..=3).contains(&first.len());
    let are_whole = rest.iter().all(|group| group.len() == 3);
    let digits = format!("{first}{}", rest.concat());
    let are_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_grouped && are_whole && are_digits).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves that each writing is read to the minor unit or refused, and nothing is rounded.
    #[test]
    fn amounts_are_strict() {
        let check = |text: &str, mark: Mark, currency: &str, expected: Option<i64>| {
            let currency = Currency::parse(currency).unwrap();
            assert_eq!(minor_units(text, mark, currency).ok(), expected, "{text}");
        };
        check("5000", Mark::Point, "ISK", Some(5_000));
        check("5000.00", Mark::Point, "ISK", Some(5_000));
        check("5,000.00", Mark::Point, "ISK", Some(5_000));
        check("5000.50", Mark::Point, "ISK", None);
        check("-12.5", Mark::Point, "EUR", Some(-1_250));
        check("\u{2212}12,50", Mark::Comma, "EUR", Some(-1_250));
        check("+12.50", Mark::Point, "EUR", Some(1_250));
        check("12.505", Mark::Point, "EUR", None);
        check("1.234.567,89", Mark::Comma, "EUR", Some(123_456_789));
        check("1.234", Mark::Comma, "ISK", Some(1_234));
        check("12.50", Mark::Comma, "EUR", None);
        check("1,23,456", Mark::Point, "EUR", None);
        check("1234,567.00", Mark::Point, "EUR", None);
        check("999999999999999999", Mark::Point, "ISK", Some(999_999_999_999_999_999));
        check("9999999999999999999", Mark::Point, "ISK", None);
        check("99999999999999999999", Mark::Point, "ISK", None);
        for odd in ["", "-", "--5", "5.", ".5", "1e3", "5 000", "0x10", "5,", "٣", "1.5é", "NaN"]
        {
            check(odd, Mark::Point, "EUR", None);
        }
    }
}
