//! What the tour says, for a person who watches it.

use std::io::{IsTerminal as _, Write as _};

use domain::time::Timestamp;
use store::{Clock as _, SystemClock};

/// The voice of the tour.
pub(super) struct Told {
    is_terminal: bool,
    began: Timestamp,
}

impl Told {
    pub(super) fn new() -> Told {
        Told { is_terminal: std::io::stdout().is_terminal(), began: SystemClock.now() }
    }

    /// What comes now.
    pub(super) fn title(&self, text: &str) {
        self.line(&format!("\n{}", self.strong(text)));
    }

    /// What came of it.
    pub(super) fn came(&self, text: &str) {
        self.line(&format!("  {text}"));
    }

    /// How long everything took.
    pub(super) fn end(&self) {
        let tenths = (SystemClock.now().0 - self.began.0) / 100_000;
        self.line(&format!("\nThe day took {}.{} s.", tenths / 10, tenths % 10));
    }

    fn strong(&self, text: &str) -> String {
        if self.is_terminal { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// A reader who has gone away is no reason to stop in the middle of a sale.
    fn line(&self, text: &str) {
        let _ = writeln!(std::io::stdout().lock(), "{text}");
    }
}
