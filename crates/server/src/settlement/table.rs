//! A file as rows under named columns: any of three separators, quoted cells, either line ending.

use csv::{Position, ReaderBuilder, StringRecord};

use super::read::{Problem, Problems};

/// The most lines of a file.
const LINES_MAX: usize = 100_000;

/// The most columns.
const COLUMNS_MAX: usize = 200;

/// The most characters of a cell.
const CELL_LENGTH_MAX: usize = 1_000;

/// What may stand between cells, the likeliest last.
const SEPARATORS: [u8; 3] = [b'\t', b';', b','];

/// Rows under named columns.
pub(super) struct Table {
    /// The names, as [`plain`] writes them.
    columns: Vec<String>,
    /// Every row that is not empty.
    pub(super) rows: Vec<Row>,
    /// What stands between the cells.
    pub(super) separator: u8,
}

/// One row.
pub(super) struct Row {
    /// The line of the file that it begins on, from 1.
    pub(super) line: u64,
    cells: StringRecord,
}

impl Table {
    /// Takes a text apart.
    ///
    /// # Errors
    /// What is wrong, line by line.
    pub(super) fn read(text: &str, problems: &mut Problems) -> Option<Table> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let separator = separator_of(text);
        let mut reader = ReaderBuilder::new();
        let reader = reader.delimiter(separator).has_headers(false).flexible(true);
        let mut records = reader.from_reader(text.as_bytes()).into_records();
        let columns: Vec<String> = match records.next() {
            Some(Ok(header)) => header.iter().map(plain).collect(),
            _ => Vec::new(),
        };
        if columns.is_empty() || columns.len() > COLUMNS_MAX {
            problems.add(1, "the first line must name the columns");
            return None;
        }
        let mut table = Table { columns, rows: Vec::new(), separator };
        for record in records {
            match record {
                Ok(cells) => {
                    let line = line_of(cells.position(), text);
                    table.add(line, cells, problems);
                }
                Err(error) => {
                    let line = line_of(error.position(), text);
                    problems.add(line, "this line cannot be taken apart");
                }
            }
            if table.rows.len() > LINES_MAX {
                problems.0.push(Problem {
                    line: 0,
                    text: format!("a file may have {LINES_MAX} lines at most"),
                });
                return None;
            }
            if problems.is_full() {
                return None;
            }
        }
        Some(table)
    }

    fn add(&mut self, line: u64, cells: StringRecord, problems: &mut Problems) {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        let is_odd = |cell: &str| cell.chars().count() > CELL_LENGTH_MAX || cell.contains('\0');
        if cells.len() != self.columns.len() {
            let (found, expected) = (cells.len(), self.columns.len());
            let text = format!("it has {found} cells, the first line names {expected} columns");
            problems.add(line, &text);
        } else if cells.iter().any(is_odd) {
            problems.add(line, "a cell is too long or has control characters in it");
        } else {
            self.rows.push(Row { line, cells });
        }
    }

    /// Where the first of these columns is.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.columns.iter().position(|column| column == name))
    }

    /// Where all of these columns are, those that there are.
    pub(super) fn all(&self, names: &[&str]) -> Vec<usize> {
        names.iter().filter_map(|name| self.column(&[name])).collect()
    }
}

impl Row {
    /// What stands in a column, without blanks around it; empty where there is no such column.
    pub(super) fn cell(&self, column: Option<usize>) -> &str {
        column.and_then(|column| self.cells.get(column)).map_or("", str::trim)
    }
}

/// The line of the file that a record begins on. Its position may be before the end of the line
/// above it, or before empty lines, which were skipped.
fn line_of(position: Option<&Position>, text: &str) -> u64 {
    let Some(position) = position else { return 1 };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let skipped = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    skipped.filter(|byte| **byte == b'\n').fold(position.line(), |line, _| line + 1)
}

/// A column's name without what differs from file to file: case, blanks, underscores.
fn plain(name: &str) -> String {
    let letters = name.trim().chars().filter(|letter| !matches!(letter, ' ' | '_' | '-' | '.'));
    letters.flat_map(char::to_lowercase).collect()
}

/// What stands most often in the first line, outside quotation marks.
fn separator_of(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or("");
    let outside: String = first.split('"').step_by(2).collect();
    let count = |separator: &u8| outside.bytes().filter(|byte| byte == separator).count();
    SEPARATORS.into_iter().max_by_key(count).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::{Problems, Table};

    /// Proves that a person is told the right line, whatever ends the lines above it.
    #[test]
    fn lines_are_counted_as_people_count_them() {
        for end in ["\n", "\r\n"] {
            let lines = ["a,b", "1,2", "", "\"3", "3\",4", "5,6"];
            let mut problems = Problems::default();
            let table = Table::read(&lines.join(end), &mut problems).unwrap();
            let counted: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
            assert_eq!(counted, [2, 4, 6], "{end:?}");
        }
    }
}
