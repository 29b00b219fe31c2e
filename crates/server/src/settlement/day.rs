//! Days as files write them.

use jiff::civil::Date;

/// The day of `2026-11-20`, `2026-11-20T10:11:12Z`, `2026-11-20 10:11` or `20.11.2026`; `None` for
/// what could be read in two ways.
pub(super) fn day(text: &str) -> Option<Date> {
    let date = text.split(['T', ' ']).next()?;
    let mut parts = date.split(['-', '.']);
    let numbers = [parts.next()?, parts.next()?, parts.next()?];
    let are_digits = numbers.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if parts.next().is_some() || !are_digits {
        return None;
    }
    let [first, month, last] = numbers;
    let (year, day) = match (first.len(), last.len()) {
        (4, 1..=2) if date.contains('-') => (first, last),
        (1..=2, 4) if date.contains('.') => (last, first),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves that each of the ways leads to the same day, and that nothing is guessed.
    #[test]
    fn days_are_read() {
        let expected = Date::new(2026, 11, 20).unwrap();
        let ways = ["2026-11-20", "2026-11-20T10:11:12Z", "2026-11-20 10:11:12", "20.11.2026"];
        for text in ways {
            assert_eq!(day(text), Some(expected), "{text}");
        }
        let odd = ["", "20/11/2026", "11-20-2026", "2026.11.20", "2026-13-01", "2026-02-30"];
        for text in odd.into_iter().chain(["26-11-20", "2026-11", "2026-11-20-1", "٢٠.١١.٢٠٢٦"])
        {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
