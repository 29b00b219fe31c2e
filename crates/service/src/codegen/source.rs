//! Text that is written line by line with an indentation.

/// A source in the making.
pub(crate) struct Source {
    text: String,
    indent: &'static str,
    depth: usize,
}

impl Source {
    /// An empty source whose levels are indented by `indent`.
    pub(crate) fn new(indent: &'static str) -> Self {
        Self { text: String::new(), indent, depth: 0 }
    }

    /// Writes a line at the present level; an empty one without blanks.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) {
        let line = line.as_ref();
        if !line.is_empty() {
            for _ in 0..self.depth {
                self.text.push_str(self.indent);
            }
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// Writes an empty line.
    pub(crate) fn blank(&mut self) {
        self.line("");
    }

    /// Writes several lines at the present level.
    pub(crate) fn lines<L: AsRef<str>>(&mut self, lines: impl IntoIterator<Item = L>) {
        for line in lines {
            self.line(line);
        }
    }

    /// Writes what `write` writes one level deeper.
    pub(crate) fn indented(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    /// Writes `open`, an indented block and `close`.
    pub(crate) fn block(&mut self, open: &str, close: &str, write: impl FnOnce(&mut Self)) {
        self.line(open);
        self.indented(write);
        self.line(close);
    }

    /// The text, without the empty lines at its end and with one line break.
    pub(crate) fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    /// Proves that empty lines carry no blanks and levels end where they began.
    #[test]
    fn lines_are_indented() {
        let mut out = Source::new("  ");
        out.block("a {", "}", |out| {
            out.line("b");
            out.blank();
            out.block("c {", "}", |out| out.lines(["d", "e"]));
        });
        out.blank();
        assert_eq!(out.finish(), "a {\n  b\n\n  c {\n    d\n    e\n  }\n}\n");
    }
}
