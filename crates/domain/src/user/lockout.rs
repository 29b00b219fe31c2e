//! How long an account is closed after wrong passwords.

use crate::time::Span;

/// How many wrong passwords in a row close an account.
pub const FAILURES_MAX: u32 = 5;

/// The longest time an account is closed for, in minutes.
const LOCKED_MINUTES_MAX: u32 = 60;

/// How long the account is closed after that many wrong passwords in a row: not at all, then a
/// minute, and twice as long after each further one, up to an hour. So a person who forgot may try
/// again soon, and a machine gets some 24 tries a day.
#[must_use]
pub fn lock_span(failures: u32) -> Option<Span> {
    let doublings = failures.checked_sub(FAILURES_MAX)?;
    let minutes = 1_u32.checked_shl(doublings).unwrap_or(LOCKED_MINUTES_MAX);
    Some(Span::minutes(minutes.clamp(1, LOCKED_MINUTES_MAX)))
}

#[cfg(test)]
mod tests {
    use super::{Span, lock_span};

    /// Proves that the fifth wrong password closes the account, and that it grows to an hour.
    #[test]
    fn locks_grow_to_an_hour() {
        for (failures, minutes) in [
            (0, None),
            (4, None),
            (5, Some(1)),
            (6, Some(2)),
            (10, Some(32)),
            (11, Some(60)),
            (40, Some(60)),
            (u32::MAX, Some(60)),
        ] {
            assert_eq!(lock_span(failures), minutes.map(Span::minutes), "{failures}");
        }
    }
}
