//! Adding up what test programs say about themselves.

use std::ops::AddAssign;

/// How many checks passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Tally {
    /// One check.
    pub(crate) fn of(succeeded: bool) -> Tally {
        Tally { passed: u32::from(succeeded), failed: u32::from(!succeeded) }
    }

    /// Reads the last line of a test program: `test result: ok. 3 passed; 0 failed; …`.
    pub(crate) fn parse(line: &str) -> Option<Tally> {
        let (_, counts) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
        let count = |name: &str| {
            let part = counts.split("; ").find_map(|part| part.strip_suffix(name))?;
            part.trim().parse().ok()
        };
        Some(Tally { passed: count(" passed")?, failed: count(" failed")? })
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<(u32, u32)>) {
        let expected = expected.map(|(passed, failed)| Tally { passed, failed });
        assert_eq!(Tally::parse(line), expected, "{line}");
    }

    #[test]
    fn only_result_lines_count() {
        // Proves that good and bad result lines are read and nothing else is.
        check("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured", Some((3, 0)));
        check("test result: FAILED. 4 passed; 2 failed; 0 ignored", Some((4, 2)));
        check("test a_thing ... ok", None);
        check("test result: what?", None);
    }
}
