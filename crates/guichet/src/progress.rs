//! How far a long command is: one line on a terminal that is drawn again and again, and nothing
//! where standard error is no terminal.

use std::io::{IsTerminal as _, Write as _};

use domain::time::Timestamp;
use store::{Clock as _, SystemClock};

/// How often the line is drawn again, in microseconds.
const PAUSE_US: i64 = 100_000;

/// How many characters the bar has.
const WIDTH: usize = 30;

/// The line.
pub(crate) struct Bar {
    visible: bool,
    began: Timestamp,
    drawn: Timestamp,
}

impl Bar {
    pub(crate) fn new() -> Bar {
        let visible = std::io::stderr().is_terminal();
        Bar { visible, began: SystemClock.now(), drawn: Timestamp(0) }
    }

    /// Draws the line with the share that is done, if that is known, and a text made by `text`
    /// of the seconds since the beginning.
    pub(crate) fn show(&mut self, done: Option<f64>, text: impl FnOnce(f64) -> String) {
        let now = SystemClock.now();
        if !self.visible || now.0 - self.drawn.0 < PAUSE_US {
            return;
        }
        self.drawn = now;
        let text = text(seconds_between(self.began, now));
        draw(&format!("\r{}{text}\x1b[K", done.map_or_else(String::new, bar)));
    }

    /// Takes the line away; answers the seconds since the beginning.
    pub(crate) fn end(self) -> f64 {
        if self.visible {
            draw("\r\x1b[K");
        }
        seconds_between(self.began, SystemClock.now())
    }
}

/// A terminal that has gone away is no reason to stop.
fn draw(text: &str) {
    let mut error = std::io::stderr().lock();
    let _ = error.write_all(text.as_bytes()).and_then(|()| error.flush());
}

/// At least a moment, so that it can be divided by.
fn seconds_between(from: Timestamp, to: Timestamp) -> f64 {
    std::time::Duration::from_micros(u64::try_from(to.0 - from.0).unwrap_or(0).max(1)).as_secs_f64()
}

fn bar(done: f64) -> String {
    let share = done.clamp(0.0, 1.0);
    let full = (0..WIDTH).filter(|cell| share * WIDTH as f64 > *cell as f64).count();
    format!("[{}{}] {:3.0} % ", "#".repeat(full), ".".repeat(WIDTH - full), share * 100.0)
}

/// The share of `total` that `done` is.
#[expect(clippy::cast_precision_loss, reason = "it is drawn in characters")]
pub(crate) fn share(done: u64, total: u64) -> f64 {
    done as f64 / total.max(1) as f64
}

/// Bytes as megabytes.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", share(bytes, 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bar is empty at the beginning, full at the end and never longer.
    #[test]
    fn a_bar_fills() {
        for (done, full, percent) in
            [(0.0, 0, "  0 %"), (0.5, 15, " 50 %"), (1.0, WIDTH, "100 %"), (7.0, WIDTH, "100 %")]
        {
            let bar = bar(done);
            assert_eq!(bar.matches('#').count(), full, "{bar}");
            assert!(bar.contains(percent) && bar.len() == WIDTH + 9, "{bar}");
        }
        assert_eq!(megabytes(1_234_567), "1.2 MB");
    }
}
