//! JSON Lines: one compact JSON value a line (`servicestack.md` §4).

mod reader;
mod writer;

pub use reader::{first_line, lines, read, read_list};
pub use writer::{Lines, Writer};

use crate::{Settings, Value};

/// Appends a value to `out`, one line for each item if a list is shown: see [`Writer`].
pub fn write<V: Value>(value: &V, settings: &Settings, out: &mut Vec<u8>) {
    value.write(&mut Writer::new(out, settings));
}

#[cfg(test)]
mod tests {
    use super::{first_line, lines, read_list, write};
    use crate::{Map, Problems, Settings, Value, limits};

    fn check(value: &impl Value, expected: &str) {
        let mut out = Vec::new();
        write(value, &Settings::default(), &mut out);
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }

    /// Proves that each item of a list has a line of its own, and anything else one line.
    #[test]
    fn a_line_is_a_value() {
        check(&vec![1, 2], "1\n2\n");
        check(&vec![vec![Some("a\n".to_owned()), None]], "[\"a\\n\",null]\n");
        check(&Vec::<i32>::new(), "");
        let map: Map<String, i32> = [("a".to_owned(), 1), ("b".to_owned(), 2)].into();
        check(&map, "{\"a\":1,\"b\":2}\n");
        check(&vec![map.clone(), map], "{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":2}\n");
        check(&5, "5\n");
    }

    /// Proves that a list takes every line, and that a problem says in which item it is.
    #[test]
    fn a_list_takes_every_line() {
        let mut list = vec![9];
        let outcome = read_list(b"\xef\xbb\xbf1\n\n 2 \r\n3", &mut list, &Settings::default());
        assert_eq!((outcome, list), (Ok(()), vec![1, 2, 3]));
        let strict = Settings::default().strictly();
        let error = |body: &str| read_list::<i32>(body.as_bytes(), &mut vec![], &strict);
        let problems = error("1\nx").unwrap_err();
        assert!(matches!(&problems, Problems::Members(list) if list[0].path == "[1]"));
        assert!(error("1\n\n2 3").unwrap_err().to_string().starts_with("at byte 5"));
    }

    /// Proves that strict reading of one record drops no second one, and that lines are bounded.
    #[test]
    fn lines_are_bounded() {
        assert_eq!(first_line(b"\n{}\n{}", &Settings::default()), Ok(&b"{}\n"[..]));
        assert!(first_line(b"{}\n{}", &Settings::default().strictly()).is_err());
        assert!(lines(&b"1\n".repeat(limits::LIST_LENGTH_MAX)).is_ok());
        assert!(lines(&b"1\n".repeat(limits::LIST_LENGTH_MAX + 1)).is_err());
    }
}
