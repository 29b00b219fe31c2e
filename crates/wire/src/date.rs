//! Points in time as .NET counts them: ticks of 100 ns since the year 1, and what is known of the
//! zone. Reading is in `parse`, writing in `format`.

mod calendar;
mod format;
mod parse;

pub(crate) use format::{
    write_digits, write_fraction, write_integer, write_iso, write_json, write_seven_digits,
    write_shortest,
};

/// Ticks of one second, millisecond, minute, hour and day.
pub(crate) const TICKS_PER_SECOND: i64 = 10_000_000;
pub(crate) const TICKS_PER_MILLISECOND: i64 = 10_000;
pub(crate) const TICKS_PER_MINUTE: i64 = 60 * TICKS_PER_SECOND;
pub(crate) const TICKS_PER_HOUR: i64 = 60 * TICKS_PER_MINUTE;
pub(crate) const TICKS_PER_DAY: i64 = 24 * TICKS_PER_HOUR;

/// 1970-01-01 in ticks.
const UNIX_EPOCH_TICKS: i64 = 719_162 * TICKS_PER_DAY;
/// The last tick of the year 9999.
const TICKS_MAX: i64 = 3_652_059 * TICKS_PER_DAY - 1;
/// The farthest zone from UTC, in minutes.
const OFFSET_MINUTES_MAX: i16 = 14 * 60;

/// What a point in time says of its zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Nothing: .NET's `Unspecified`.
    #[default]
    Unspecified,
    /// UTC.
    Utc,
    /// A local time this many minutes east of UTC.
    Offset(i16),
}

/// A .NET `DateTime`, from year 1 to year 9999. The default is its minimum, `0001-01-01T00:00:00`,
/// which the published contracts show for "not set" (`domain.md` §1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DateTime {
    ticks: i64,
    zone: Zone,
}

impl DateTime {
    /// The minimum, which stands for "not set".
    pub const MIN: Self = Self { ticks: 0, zone: Zone::Unspecified };

    /// The wall-clock time `ticks` (100 ns) after the beginning of year 1; `None` outside the years
    /// 1 to 9999 or with an offset beyond 14 hours.
    #[must_use]
    pub fn from_ticks(ticks: i64, zone: Zone) -> Option<Self> {
        let zone_exists = match zone {
            Zone::Offset(minutes) => minutes.abs() <= OFFSET_MINUTES_MAX,
            Zone::Unspecified | Zone::Utc => true,
        };
        (zone_exists && (0..=TICKS_MAX).contains(&ticks)).then_some(Self { ticks, zone })
    }

    /// The UTC time that many microseconds after 1970; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_unix_microseconds(microseconds: i64) -> Option<Self> {
        Self::from_ticks(microseconds.checked_mul(10)?.checked_add(UNIX_EPOCH_TICKS)?, Zone::Utc)
    }

    /// Microseconds since 1970; a time without zone is taken for UTC.
    #[must_use]
    pub fn unix_microseconds(self) -> i64 {
        self.unix_ticks().div_euclid(10)
    }

    /// Wall-clock ticks since year 1.
    #[must_use]
    pub fn ticks(self) -> i64 {
        self.ticks
    }

    /// What is known of the zone.
    #[must_use]
    pub fn zone(self) -> Zone {
        self.zone
    }

    /// The same wall-clock time, said to be UTC, unless the zone is known.
    #[must_use]
    pub fn assume_utc(self) -> Self {
        match self.zone {
            Zone::Unspecified => Self { zone: Zone::Utc, ..self },
            Zone::Utc | Zone::Offset(_) => self,
        }
    }

    /// The same point in UTC; a time without zone is taken for UTC. At the ends of the calendar
    /// the time is kept within it.
    #[must_use]
    pub fn to_utc(self) -> Self {
        let ticks = (self.unix_ticks() + UNIX_EPOCH_TICKS).clamp(0, TICKS_MAX);
        Self { ticks, zone: Zone::Utc }
    }

    /// Ticks since 1970 in UTC.
    fn unix_ticks(self) -> i64 {
        let offset = match self.zone {
            Zone::Offset(minutes) => i64::from(minutes) * TICKS_PER_MINUTE,
            Zone::Unspecified | Zone::Utc => 0,
        };
        self.ticks - offset - UNIX_EPOCH_TICKS
    }
}
