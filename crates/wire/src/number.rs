//! Numbers as text, both ways. A decimal never passes through a float.

use crate::limits::DECIMAL_DIGITS_MAX;
use rust_decimal::Decimal;

/// Significant digits up to which .NET writes a double without exponent.
const DOUBLE_PLAIN_DIGITS: i32 = 15;
/// Zeros after the point from which .NET writes a double with exponent.
const DOUBLE_LEADING_ZEROS_MAX: i32 = 4;

/// Blanks, an optional `-`, digits, blanks: no `+`, fraction, exponent or hex
/// (`servicestack.md` §2.3).
pub(crate) fn parse_integer(text: &str) -> Option<i64> {
    let text = text.trim_ascii();
    let (is_negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut number: i64 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        // Counting downwards reaches the least number, whose magnitude is one more.
        number = number.checked_mul(10)?.checked_sub(i64::from(digit - b'0'))?;
    }
    if is_negative { Some(number) } else { number.checked_neg() }
}

/// Blanks, an optional `-`, digits with at most one point, blanks; what .NET's `decimal` holds: all
/// digits together below 2^96, and 28 of them after the point. With `thousands_marks`, commas
/// before the point are passed over.
pub(crate) fn parse_decimal(text: &str, thousands_marks: bool) -> Option<Decimal> {
    let text = text.trim_ascii();
    let (is_negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let (mut number, mut count, mut scale, mut any) = (0_i128, 0, None::<u32>, false);
    for &digit in digits {
        match digit {
            b'0'..=b'9' => {
                any = true;
                number = number * 10 + i128::from(digit - b'0');
                count += usize::from(number != 0);
                scale = scale.map(|scale| scale + 1);
                if count > DECIMAL_DIGITS_MAX {
                    return None;
                }
            }
            b'.' if scale.is_none() => scale = Some(0),
            b',' if thousands_marks && any && scale.is_none() => {}
            _ => return None,
        }
    }
    let number = if is_negative { -number } else { number };
    let value = Decimal::try_from_i128_with_scale(number, scale.unwrap_or(0)).ok();
    value.filter(|_| any)
}

/// Invariant text of a double, `NaN`, `Infinity` and `-Infinity`.
pub(crate) fn parse_double(text: &str) -> Option<f64> {
    let text = text.trim_ascii();
    match text {
        "NaN" => return Some(f64::NAN),
        "Infinity" => return Some(f64::INFINITY),
        "-Infinity" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    // Rust also reads `inf`, `nan` and `infinity`, which are no numbers on the wire.
    let is_number =
        text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse().ok().filter(|value: &f64| is_number && value.is_finite())
}

/// Appends a decimal with its scale: `1.50` stays `1.50`.
pub(crate) fn write_decimal(out: &mut Vec<u8>, value: Decimal) {
    let mut buffer = itoa::Buffer::new();
    let magnitude = value.mantissa().unsigned_abs();
    // Nearly every amount fits 64 bits, which are much quicker to print.
    let digits = match u64::try_from(magnitude) {
        Ok(small) => buffer.format(small),
        Err(_) => buffer.format(magnitude),
    };
    if value.is_sign_negative() && magnitude != 0 {
        out.push(b'-');
    }
    let scale = value.scale() as usize;
    match digits.len().checked_sub(scale) {
        _ if scale == 0 => out.extend_from_slice(digits.as_bytes()),
        None | Some(0) => {
            out.extend_from_slice(b"0.");
            out.resize(out.len() + scale - digits.len(), b'0');
            out.extend_from_slice(digits.as_bytes());
        }
        Some(whole) => {
            let (whole, fraction) = digits.as_bytes().split_at(whole);
            out.extend_from_slice(whole);
            out.push(b'.');
            out.extend_from_slice(fraction);
        }
    }
}

/// Appends a double as .NET does: the shortest digits that read back the same, with an exponent of
/// at least two digits from `1E+15` up and from `1E-05` down.
pub(crate) fn write_double(out: &mut Vec<u8>, value: f64) {
    if !value.is_finite() {
        let text = match (value.is_nan(), value > 0.0) {
            (true, _) => "NaN",
            (false, true) => "Infinity",
            (false, false) => "-Infinity",
        };
        return out.extend_from_slice(text.as_bytes());
    }
    let scientific = format!("{value:E}");
    let Some((digits, exponent)) = scientific.split_once('E') else { return };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let digit_count = digits.bytes().filter(u8::is_ascii_digit).count();
    let plain_digits = i32::try_from(digit_count).unwrap_or(0).max(DOUBLE_PLAIN_DIGITS);
    if exponent < plain_digits && exponent > -DOUBLE_LEADING_ZEROS_MAX - 1 {
        return out.extend_from_slice(value.to_string().as_bytes());
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    out.extend_from_slice(format!("{digits}E{sign}{:02}", exponent.abs()).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole numbers take blanks and a minus, nothing else, and no overflow.
    #[test]
    fn integers() {
        for (text, expected) in [
            ("12", Some(12)),
            (" -3 ", Some(-3)),
            ("007", Some(7)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("+5", None),
            ("1.0", None),
            ("1e3", None),
            ("0x10", None),
            ("-", None),
            ("", None),
            ("1 2", None),
        ] {
            assert_eq!(parse_integer(text), expected, "{text}");
        }
    }

    /// Decimals keep their scale both ways; what does not fit is refused, not rounded.
    #[test]
    fn decimals() {
        for (text, expected) in [
            ("0", Some("0")),
            ("1.50", Some("1.50")),
            ("-5.25", Some("-5.25")),
            (".5", Some("0.5")),
            ("5.", Some("5")),
            ("0.0000001", Some("0.0000001")),
            ("000.10", Some("0.10")),
            ("-0.00", Some("0.00")),
            ("9999999999999999999999999999", Some("9999999999999999999999999999")),
            ("0.0000000000000000000000000001", Some("0.0000000000000000000000000001")),
            ("79228162514264337593543950335", Some("79228162514264337593543950335")),
            ("-7.9228162514264337593543950335", Some("-7.9228162514264337593543950335")),
            ("79228162514264337593543950336", None),
            ("100000000000000000000000000000", None),
            ("0.00000000000000000000000000001", None),
            ("1e2", None),
            ("1.2.3", None),
            ("+1", None),
            ("-", None),
            (".", None),
            ("", None),
            ("1,50", None),
        ] {
            let mut out = Vec::new();
            let read = parse_decimal(text, false);
            let written = read.map(|value| {
                write_decimal(&mut out, value);
                String::from_utf8_lossy(&out)
            });
            assert_eq!(written.as_deref(), expected, "{text}");
        }
    }

    /// The original's leniency makes a thousands mark of a comma, before the point only.
    #[test]
    fn thousands_marks() {
        assert_eq!(parse_decimal("1,5", true), Some(Decimal::from(15)));
        assert_eq!(parse_decimal("1.5,0", true), None);
        assert_eq!(parse_decimal(",5", true), None);
    }

    /// Doubles look as .NET prints them.
    #[test]
    fn doubles() {
        for (value, expected) in [
            (1.5, "1.5"),
            (0.0, "0"),
            (-2.0, "-2"),
            (1e21, "1E+21"),
            (1e-7, "1E-07"),
            (1.25e-7, "1.25E-07"),
            (1e14, "100000000000000"),
            (1e15, "1E+15"),
            (1_234_567_890_123_456.0, "1234567890123456"),
            (0.0001, "0.0001"),
            (0.00001, "1E-05"),
            (1.797_693_134_862_315_7e308, "1.7976931348623157E+308"),
            (5e-324, "5E-324"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            let mut out = Vec::new();
            write_double(&mut out, value);
            assert_eq!(String::from_utf8_lossy(&out), expected);
        }
    }

    /// Words that Rust would take for numbers are none.
    #[test]
    fn odd_doubles_are_refused() {
        for text in ["inf", "nan", "infinity", "1e999", "", "0x1"] {
            assert_eq!(parse_double(text), None, "{text}");
        }
        assert_eq!(parse_double(" 1E+21 "), Some(1e21));
    }
}
