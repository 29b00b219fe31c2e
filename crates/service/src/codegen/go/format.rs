//! Sources as `gofmt` writes them.

/// Lines of columns, one blank apart, each as wide as its widest entry.
pub(super) fn columns<const WIDTH: usize>(rows: Vec<[String; WIDTH]>) -> Vec<String> {
    let length = |text: &String| text.chars().count();
    let width =
        |column: usize| rows.iter().map(|row| length(&row[column])).max().unwrap_or_default();
    let widths: [usize; WIDTH] = std::array::from_fn(width);
    let padded = |row: [String; WIDTH]| {
        let entries = row.into_iter().zip(widths);
        let cells = entries.map(|(text, width)| format!("{text:width$}"));
        cells.collect::<Vec<_>>().join(" ").trim_end().to_owned()
    };
    rows.into_iter().map(padded).collect()
}

/// Whether code, not a comment or a string, has `name` as the beginning of a type.
pub(super) fn mentions(source: &str, name: &str) -> bool {
    let is_code = |line: &&str| !line.trim_start().starts_with(['/', '"']);
    source.lines().filter(is_code).any(|line| {
        let code = line.split(['`', '"']).next().unwrap_or(line);
        code.split([' ', '\t', '*', ']', '(']).any(|word| word.starts_with(name))
    })
}

#[cfg(test)]
mod tests {
    use super::{columns, mentions};

    /// Proves that columns stand below each other and lines end without blanks.
    #[test]
    fn columns_are_aligned() {
        let rows = [["a", "int", "`x`"], ["bcd", "*string", ""]].map(|row| row.map(str::to_owned));
        assert_eq!(columns(rows.to_vec()), ["a   int     `x`", "bcd *string"]);
    }

    /// Proves that comments and strings do not count.
    #[test]
    fn only_code_mentions() {
        assert!(mentions("type A struct {\n\tB *ss.C `json:\"b\"`\n}", "ss."));
        assert!(mentions("func (A) M() (r ss.C) { return }", "ss."));
        assert!(!mentions("// ss.C\n/** ss.C */\n\tB string `json:\"ss.C\"`", "ss."));
    }
}
