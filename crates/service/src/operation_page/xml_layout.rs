//! The layout of XML samples: one element a line, two blanks a level (`servicestack.md §8.3`).

/// Blanks of one level.
const LEVEL: &str = "  ";

/// Lays out a document as the writer of samples makes it: without comments, without blanks between
/// elements, and with text only in elements that hold nothing else.
pub(super) fn indented(document: &str) -> String {
    let mut out = String::with_capacity(document.len() * 2);
    let mut depth = 0_usize;
    let mut follows_start = false;
    for tag in document.split_inclusive('>') {
        let (text, markup) = tag.split_at(tag.find('<').unwrap_or(tag.len()));
        out.push_str(text);
        let is_end = markup.starts_with("</");
        depth -= usize::from(is_end && depth > 0);
        // The end of an element stands on the line of its start unless other elements are between.
        let stays_on_line = out.is_empty() || (is_end && follows_start);
        if !stays_on_line {
            out.push('\n');
            out.push_str(&LEVEL.repeat(depth));
        }
        out.push_str(markup);
        follows_start = !is_end && !markup.ends_with("/>") && !markup.starts_with("<?");
        depth += usize::from(follows_start);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::indented;

    /// Proves the layout of nested, empty and filled elements.
    #[test]
    fn one_element_a_line() {
        let document = "<?xml version=\"1.0\"?><A x=\"y\"><B>1 &gt; 0</B><C /><D><E></E></D></A>";
        assert_eq!(
            indented(document),
            "<?xml version=\"1.0\"?>\n<A x=\"y\">\n  <B>1 &gt; 0</B>\n  <C />\n  <D>\n    \
             <E></E>\n  </D>\n</A>"
        );
        assert_eq!(indented(""), "");
        assert_eq!(indented("</a></b>"), "</a>\n</b>");
    }
}
