//! Moments in time, as the rules see them: numbers that came in from outside.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01T00:00:00 UTC; may be negative.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A span of time in microseconds, never negative.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Span(i64);

const MICROSECONDS_PER_MILLISECOND: i64 = 1_000;
const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
const MICROSECONDS_PER_DAY: i64 = 86_400 * MICROSECONDS_PER_SECOND;

impl Timestamp {
    /// The moment `span` later; saturates at the end of time.
    #[must_use]
    pub fn after(self, span: Span) -> Timestamp {
        Timestamp(self.0.saturating_add(span.0))
    }

    /// The moment `span` earlier; saturates at the beginning of time.
    #[must_use]
    pub fn before(self, span: Span) -> Timestamp {
        Timestamp(self.0.saturating_sub(span.0))
    }

    /// The day this moment falls on, in days since 1970-01-01 UTC; 0 for earlier moments.
    #[must_use]
    pub fn day(self) -> u32 {
        u32::try_from(self.0.div_euclid(MICROSECONDS_PER_DAY)).unwrap_or(0)
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(MICROSECONDS_PER_SECOND)
    }

    /// The moment `seconds` after 1970-01-01 UTC.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Timestamp {
        Timestamp(seconds.saturating_mul(MICROSECONDS_PER_SECOND))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// A span of `count` milliseconds.
    #[must_use]
    pub const fn milliseconds(count: u32) -> Span {
        Span(count as i64 * MICROSECONDS_PER_MILLISECOND)
    }

    /// A span of `count` seconds.
    #[must_use]
    pub const fn seconds(count: u32) -> Span {
        Span(count as i64 * MICROSECONDS_PER_SECOND)
    }

    /// A span of `count` minutes.
    #[must_use]
    pub const fn minutes(count: u32) -> Span {
        Span(count as i64 * 60 * MICROSECONDS_PER_SECOND)
    }

    /// The span in whole milliseconds.
    #[must_use]
    pub fn as_milliseconds(self) -> u64 {
        u64::try_from(self.0 / MICROSECONDS_PER_MILLISECOND).unwrap_or(0)
    }

    /// A span of `count` hours.
    #[must_use]
    pub const fn hours(count: u32) -> Span {
        Span(count as i64 * 3_600 * MICROSECONDS_PER_SECOND)
    }
}

impl fmt::Display for Timestamp {
    /// `2026-05-17 19:15 UTC`, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.seconds();
        let (year, month, day) = civil(seconds.div_euclid(86_400));
        let minutes = seconds.rem_euclid(86_400) / 60;
        let (hour, minute) = (minutes / 60, minutes % 60);
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
    }
}

/// Year, month and day of the day so many days after 1970-01-01, in the Gregorian calendar
/// counted from 1 March of the year 0, so that leap days come last.
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// The days from 1970-01-01 to this day: what [`civil`] takes apart. A day beyond the end of its
/// month runs on into the next.
pub(crate) fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    /// Leap days, ends of years and days before 1970 come out as calendars say.
    #[test]
    fn moments_are_told() {
        let check = |seconds: i64, text: &str| {
            assert_eq!(Timestamp::from_seconds(seconds).to_string(), text);
        };
        check(0, "1970-01-01 00:00 UTC");
        check(-60, "1969-12-31 23:59 UTC");
        check(951_782_400, "2000-02-29 00:00 UTC");
        check(1_709_164_800, "2024-02-29 00:00 UTC");
        check(1_735_689_599, "2024-12-31 23:59 UTC");
        check(4_107_542_400, "2100-03-01 00:00 UTC");
    }
}
