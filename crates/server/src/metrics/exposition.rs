//! The text form of figures: a head for each family, a line for each sample.

use std::fmt::{Display, Write as _};

/// Figures on their way to text.
#[derive(Debug, Default)]
pub(super) struct Page(String);

/// How the figures of a family behave.
#[derive(Clone, Copy, Debug)]
pub(super) enum Family {
    /// They only grow, from 0 at the start of the program.
    Counter,
    /// They are what is so now.
    Gauge,
    /// They count how often something was within limits.
    Histogram,
}

impl Page {
    /// Begins a family; its samples follow. `help` is one line.
    pub(super) fn family(&mut self, family: Family, name: &str, help: &str) {
        let kind = match family {
            Family::Counter => "counter",
            Family::Gauge => "gauge",
            Family::Histogram => "histogram",
        };
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    /// One sample.
    pub(super) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let pairs = labels.iter().map(|(label, text)| format!("{label}=\"{}\"", escaped(text)));
        let pairs = pairs.collect::<Vec<_>>().join(",");
        if pairs.is_empty() {
            self.line(format_args!("{name} {value}"));
        } else {
            self.line(format_args!("{name}{{{pairs}}} {value}"));
        }
    }

    /// A family of one sample.
    pub(super) fn single(&mut self, family: Family, name: &str, help: &str, value: impl Display) {
        self.family(family, name, help);
        self.sample(name, &[], value);
    }

    /// What was written.
    pub(super) fn text(self) -> String {
        self.0
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // A text takes whatever is written to it.
        let _ = writeln!(self.0, "{line}");
    }
}

/// Microseconds as seconds, exactly.
pub(super) fn seconds(microseconds: u64) -> String {
    format!("{}.{:06}", microseconds / 1_000_000, microseconds % 1_000_000)
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::{Family, Page, seconds};

    /// Proves how families and samples look, and that no label ends its own line or quotes.
    #[test]
    fn figures_are_written_as_prometheus_reads_them() {
        let mut page = Page::default();
        page.single(Family::Gauge, "ready", "Whether it sells.", 1);
        page.family(Family::Counter, "calls_total", "Calls.");
        page.sample("calls_total", &[("gateway", "a\"b\\c\nd"), ("verb", "sale")], seconds(1_500));
        let expected = concat!(
            "# HELP ready Whether it sells.\n# TYPE ready gauge\nready 1\n",
            "# HELP calls_total Calls.\n# TYPE calls_total counter\n",
            "calls_total{gateway=\"a\\\"b\\\\c\\nd\",verb=\"sale\"} 0.001500\n",
        );
        assert_eq!(page.text(), expected);
    }
}
