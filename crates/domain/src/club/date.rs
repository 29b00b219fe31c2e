//! Days of the calendar: contracts begin and payments fall due on days, not at moments.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::{civil, days_of};

/// The first and the last year that a day may lie in.
const YEARS: std::ops::RangeInclusive<i64> = 1..=9_999;

/// A day, as a wall calendar shows it; stored as `2027-01-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days since 1970-01-01.
    days: i32,
}

impl Date {
    /// The day of this year (1 to 9999), month and day; `None` when there is no such day.
    #[must_use]
    pub fn new(year: i64, month: i64, day: i64) -> Option<Date> {
        if !YEARS.contains(&year) || !(1..=12).contains(&month) || day < 1 {
            return None;
        }
        let date = Date { days: i32::try_from(days_of(year, month, day)).ok()? };
        (date.parts() == (year, month, day)).then_some(date)
    }

    /// The day so many days after 1970-01-01; before it when negative.
    #[must_use]
    pub fn of_days(days: i32) -> Date {
        Date { days }
    }

    /// Reads `2027-01-31`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Date> {
        let mut parts = text.splitn(3, '-').map(|part| part.parse::<u16>().ok());
        let mut part = || parts.next().flatten().map(i64::from);
        let date = Date::new(part()?, part()?, part()?)?;
        (date.to_string() == text).then_some(date)
    }

    /// Year, month and day.
    #[must_use]
    pub fn parts(self) -> (i64, i64, i64) {
        civil(i64::from(self.days))
    }

    /// Days since 1970-01-01; negative before it.
    #[must_use]
    pub fn days_since_1970(self) -> i32 {
        self.days
    }

    /// The day so many days later, or earlier when negative.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Date {
        Date { days: self.days.saturating_add(days) }
    }

    /// The same day so many months later, or the month's last day where there is no such day.
    ///
    /// What keeps a start day must count from the start each time: a month after 31 January is
    /// 28 February, but two months after it are 31 March (`domain.md` §6.3).
    #[must_use]
    pub fn plus_months(self, months: u32) -> Date {
        let (year, month, day) = self.parts();
        let count = year * 12 + month - 1 + i64::from(months);
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let found = (day - 3..=day).rev().find_map(|day| Date::new(year, month, day));
        // Only a day beyond the last year is not found.
        found.unwrap_or(Date { days: i32::MAX })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Date::parse(&text).ok_or_else(|| serde::de::Error::custom("not a day"))
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    /// Days are read and told alike, and only days that exist.
    #[test]
    fn days_are_told() {
        for text in ["1970-01-01", "2000-02-29", "2027-01-31", "0001-01-01", "9999-12-31"] {
            assert_eq!(Date::parse(text).unwrap().to_string(), text);
        }
        for text in ["2027-02-29", "2027-1-31", "2027-13-01", "0000-01-01", "2027-01", "x", ""] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert_eq!(Date::parse("1970-01-02").unwrap().days_since_1970(), 1);
    }

    /// A day that a month does not have is its last, and comes back in a month that has it.
    #[test]
    fn months_keep_the_start_day() {
        let check = |start: &str, months: u32, expected: &str| {
            let day = Date::parse(start).unwrap().plus_months(months);
            assert_eq!(day.to_string(), expected, "{start} + {months}");
        };
        check("2027-01-31", 1, "2027-02-28");
        check("2027-01-31", 2, "2027-03-31");
        check("2027-01-31", 3, "2027-04-30");
        check("2028-01-30", 1, "2028-02-29");
        check("2027-12-31", 1, "2028-01-31");
        check("2027-06-15", 120, "2037-06-15");
        check("2027-01-01", 0, "2027-01-01");
    }
}
