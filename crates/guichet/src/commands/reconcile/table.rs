//! Tables that a person reads: columns aligned, numbers at the right.

use domain::money::{Currency, Money};

/// A column's name, and whether what stands in it is a number.
pub(super) type Column = (&'static str, bool);

/// The rows under their columns, a line each.
pub(super) fn drawn(columns: &[Column], rows: &[Vec<String>]) -> String {
    let length = |cell: &str| cell.chars().count();
    let widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(index, (name, _))| {
            let cells = rows.iter().filter_map(|row| row.get(index));
            cells.map(|cell| length(cell)).max().unwrap_or(0).max(length(name))
        })
        .collect();
    let line = |cells: &[String]| {
        let parts =
            cells.iter().zip(columns).zip(&widths).map(|((cell, (_, is_number)), width)| {
                if *is_number { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
        parts.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    let names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    line(&names) + &rows.iter().map(|row| line(row)).collect::<String>()
}

/// Minor units of a currency with its decimals.
pub(super) fn amount(minor: i64, code: &str) -> String {
    let money = Currency::parse(code).map(|currency| Money::new(minor, currency));
    money.map_or_else(|| minor.to_string(), Money::text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves that columns are as wide as what is widest in them, letters counted and not bytes.
    #[test]
    fn columns_are_aligned() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let rows = [row(["Þór", "5"]), row(["stripe", "12345.00"])];
        let expected = "Gateway    Amount\nÞór             5\nstripe   12345.00\n";
        assert_eq!(drawn(&[("Gateway", false), ("Amount", true)], &rows), expected);
        assert_eq!(drawn(&[("Gateway", false)], &[]), "Gateway\n");
        assert_eq!(amount(-1_250, "EUR"), "-12.50");
        assert_eq!(amount(5_000, "ISK"), "5000");
    }
}
