//! Days and civil dates of the proleptic Gregorian calendar.
//!
//! The conversions are Howard Hinnant's (`days_from_civil`, `civil_from_days`): years begin in
//! March, so that the leap day is the last, and 400 years are one era of 146 097 days.

/// Days from 0000-03-01 to 0001-01-01.
const DAYS_TO_YEAR_ONE: i64 = 306;
const DAYS_PER_ERA: i64 = 146_097;

/// Day number (0 is 0001-01-01) of a civil date; `None` if there is no such date between the years
/// 1 and 9999.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let exists = (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day);
    if !exists {
        return None;
    }
    let march_year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (march_year / 400, march_year % 400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * DAYS_PER_ERA + day_of_era - DAYS_TO_YEAR_ONE)
}

/// Year, month and day of a day number from 0 (0001-01-01) on.
pub(super) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + DAYS_TO_YEAR_ONE;
    let (era, day_of_era) = (shifted / DAYS_PER_ERA, shifted % DAYS_PER_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every day of ten thousand years has exactly one date, and the dates are in order.
    #[test]
    fn days_and_dates_agree() {
        let last = days_from_civil(9999, 12, 31);
        assert_eq!(last, Some(3_652_058));
        for days in 0..3_652_059 {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), Some(days));
        }
    }

    /// Known days, and dates that do not exist.
    #[test]
    fn known_days() {
        assert_eq!(days_from_civil(1, 1, 1), Some(0));
        assert_eq!(days_from_civil(1970, 1, 1), Some(719_162));
        for (year, month, day) in [(2023, 2, 29), (1900, 2, 29), (2020, 13, 1), (0, 1, 1)] {
            assert_eq!(days_from_civil(year, month, day), None);
        }
    }
}
