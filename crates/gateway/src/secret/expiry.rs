//! The month until whose last day a card is valid.

use domain::refusal::Code;
use domain::time::Timestamp;

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct YearMonth {
    /// The year, 0 to 9999.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: u8,
}

impl YearMonth {
    /// The month of a moment, in UTC.
    #[must_use]
    pub fn of(moment: Timestamp) -> YearMonth {
        let date = jiff::Timestamp::from_microsecond(moment.0)
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date();
        YearMonth {
            year: date.year().try_into().unwrap_or_default(),
            month: date.month().unsigned_abs(),
        }
    }
}

/// The last month in which a card is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry(YearMonth);

impl Expiry {
    /// Reads a month `1`–`12` and a year `YY` or `YYYY` of this century (`payments.md` §5.2.7).
    ///
    /// # Errors
    /// [`Code::CardInvalid`] when either is something else.
    pub fn parse(month: &str, year: &str) -> Result<Expiry, Code> {
        let (month, year) = (month.trim(), year.trim());
        let month_number = digits(month, 1..=2).filter(|number| (1..=12).contains(number));
        let year_number = match year.len() {
            2 => digits(year, 2..=2).map(|number| 2_000 + number),
            _ => digits(year, 4..=4).filter(|number| (2_000..2_100).contains(number)),
        };
        let (Some(month), Some(year)) = (month_number, year_number) else {
            return Err(Code::CardInvalid);
        };
        let month = u8::try_from(month).map_err(|_| Code::CardInvalid)?;
        Ok(Expiry(YearMonth { year, month }))
    }

    /// Reads `MMYY`, `MM/YY`, `MMYYYY` or `MM/YYYY` (`payments.md` §5.2.7).
    ///
    /// # Errors
    /// [`Code::CardInvalid`] for anything else.
    pub fn parse_joined(text: &str) -> Result<Expiry, Code> {
        let (month, rest) = text.trim().split_at_checked(2).ok_or(Code::CardInvalid)?;
        let two_digits = month.bytes().all(|byte| byte.is_ascii_digit());
        let year = rest.strip_prefix('/').unwrap_or(rest);
        if two_digits && year.trim().len() == year.len() {
            Expiry::parse(month, year)
        } else {
            Err(Code::CardInvalid)
        }
    }

    /// Checks that the card's last month is not over in `this_month`.
    ///
    /// # Errors
    /// [`Code::CardExpired`] when it is.
    pub fn check(self, this_month: YearMonth) -> Result<(), Code> {
        if self.0 < this_month { Err(Code::CardExpired) } else { Ok(()) }
    }

    /// The month itself.
    #[must_use]
    pub fn last_month(self) -> YearMonth {
        self.0
    }
}

/// The number that `text` writes with as many digits as allowed; no sign, no blank.
fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u16> {
    let plain = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}
