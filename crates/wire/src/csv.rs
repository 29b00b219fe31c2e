//! CSV: one header, one row a record, nested values as JSV in their cells (`servicestack.md` §3).

mod reader;
mod scan;
mod writer;

pub use reader::{Document, Reader};
pub use scan::fields;
pub use writer::{Rows, Writer};

use crate::source::Reading;
use crate::{Problems, Settings, Value};

/// Fills a record, a dictionary or a list from a table; members without a column keep their values.
/// A record takes the first row, or all rows if it carries `[DataContract]` and has a list; a list
/// of records or dictionaries takes all rows, any other list all cells (`servicestack.md` §3.2).
///
/// For a record whose type is not known when compiling, read from a [`Reader`].
///
/// # Errors
/// [`Problems::Unreadable`] if a quoted field is not closed, a limit is exceeded or, in strict
/// mode, a row has more fields than the header or a record more than one row;
/// [`Problems::Members`] in strict mode if values cannot be used.
pub fn read<V: Value>(body: &[u8], value: &mut V, settings: &Settings) -> Result<(), Problems> {
    let document = Document::new(body)?;
    let mut reader = Reader::of_value(&document, &V::TYPE, settings)?;
    let mut reading = Reading::of_body(settings);
    value.read(&mut reader, &mut reading)?;
    reading.finish()
}

/// Appends a value to `out` as a table: see [`Writer`] for what is shown of it.
pub fn write<V: Value>(value: &V, settings: &Settings, out: &mut Vec<u8>) {
    value.write(&mut Writer::new(out, settings));
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::{DateTime, Map, Settings, Value};

    fn check(value: &impl Value, expected: &str) {
        let mut out = Vec::new();
        write(value, &Settings::default(), &mut out);
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }

    fn texts(texts: &[&str]) -> Vec<Option<String>> {
        texts.iter().map(|text| Some((*text).to_owned())).collect()
    }

    /// Proves that a list of scalars is one row without header, quoted where a cell needs it.
    #[test]
    fn scalars_are_one_row() {
        check(&texts(&["a", "b,c", "d\"e", "", "[x]", "{y}", " z", "l\nm"]), {
            "a,\"b,c\",\"d\"\"e\",,\"[x]\",\"{y}\", z,\"l\nm\"\r\n"
        });
        check(&vec![1, 2], "1,2\r\n");
        check(&Vec::<i32>::new(), "\r\n");
        check(&vec![Some(true), None, Some(false)], "True,,False\r\n");
        check(&vec![vec![1, 2], vec![]], "\"[1,2]\",\"[]\"\r\n");
    }

    /// Proves that CSV and JSV write the shortest date whatever the handler, but for numbers.
    #[test]
    fn dates_are_shortest_unless_they_are_numbers() {
        let second = DateTime::parse("2020-01-02T03:04:05Z").unwrap();
        let day = DateTime::parse("2020-01-02").unwrap();
        for (handler, expected) in [
            ("to", "2020-01-02T03:04:05Z,2020-01-02"),
            ("iso8601", "2020-01-02T03:04:05Z,2020-01-02"),
            ("iso8601do", "2020-01-02T03:04:05Z,2020-01-02"),
            ("rfc1123", "2020-01-02T03:04:05Z,2020-01-02"),
            ("ut", "1577934245,1577923200"),
            ("utm", "1577934245000,1577923200000"),
        ] {
            let mut settings = Settings::default();
            settings.apply_jsconfig(&format!("dh:{handler}"));
            let (mut in_csv, mut in_jsv) = (Vec::new(), Vec::new());
            write(&vec![second, day], &settings, &mut in_csv);
            crate::jsv::write(&vec![second, day], &settings, &mut in_jsv);
            assert_eq!(String::from_utf8_lossy(&in_csv), format!("{expected}\r\n"));
            assert_eq!(String::from_utf8_lossy(&in_jsv), format!("[{expected}]"));
        }
    }

    /// Proves that a scalar is the document as it is.
    #[test]
    fn a_scalar_is_the_document() {
        check(&"a,b".to_owned(), "a,b");
        check(&5, "5");
        check(&crate::Bytes(b"x,y".to_vec()), "x,y");
        check(&None::<String>, "");
    }

    /// Proves that keys make a header, once, and that later rows print their own order.
    #[test]
    fn dictionaries_are_rows_below_their_keys() {
        let row = |pairs: &[(&str, Option<i32>)]| -> Map<String, Option<i32>> {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect()
        };
        check(&row(&[("Id", Some(1)), ("a,b", None)]), "Id,\"a,b\"\r\n1,\r\n");
        check(&vec![row(&[("Id", Some(1)), ("N", Some(2))]), row(&[("Z", Some(3))])], {
            "Id,N\r\n1,2\r\n3\r\n"
        });
        check(&Vec::<Map<String, i32>>::new(), "");
    }
}
