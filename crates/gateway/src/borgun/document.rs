//! An answer of the gateway. Its members have changed their spelling over the years (`MPIToken`,
//! `MpiToken`), and their kind (`"9"`, `9`), so they are read in any (`payments.md` §1.8).

use serde_json::{Map, Value};

/// The longest text that is taken from an answer, in bytes; documents for browsers have
/// [`PAGE_LENGTH_MAX`].
const TEXT_LENGTH_MAX: usize = 512;

/// The longest document for a browser, in bytes.
const PAGE_LENGTH_MAX: usize = 64 * 1024;

/// A JSON object.
pub(super) struct Document(Map<String, Value>);

impl Document {
    /// Reads a body; `None` when it is no object.
    pub(super) fn read(body: &[u8]) -> Option<Document> {
        match serde_json::from_slice(body).ok()? {
            Value::Object(members) => Some(Document(members)),
            _ => None,
        }
    }

    /// A member that is an object itself.
    pub(super) fn part(&self, name: &str) -> Option<Document> {
        match self.member(name)? {
            Value::Object(members) => Some(Document(members.clone())),
            _ => None,
        }
    }

    /// A short text or a number; `None` when it is empty, too long, or something else.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.limited(name, TEXT_LENGTH_MAX)
    }

    /// A document for a browser.
    pub(super) fn page(&self, name: &str) -> Option<String> {
        self.limited(name, PAGE_LENGTH_MAX)
    }

    /// A whole number, or a text that is one.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    fn limited(&self, name: &str, length_max: usize) -> Option<String> {
        let text = match self.member(name)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (1..=length_max).contains(&text.len()).then_some(text)
    }

    fn member(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::Document;

    /// Proves that members are found in any spelling and read in any kind, within limits.
    #[test]
    fn members_are_read_in_any_spelling() {
        let long = "x".repeat(600);
        let body = format!(
            r#"{{"MPIToken":" t ","mdstatus":9,"Amount":"500","Empty":"","List":[1],
            "PaymentMethod":{{"pan":"474152******0003"}},"Long":"{long}"}}"#
        );
        let document = Document::read(body.as_bytes()).unwrap();
        assert_eq!(document.text("MpiToken").as_deref(), Some("t"));
        assert_eq!(document.text("MdStatus").as_deref(), Some("9"));
        assert_eq!(document.number("amount"), Some(500));
        assert_eq!(document.number("MPITOKEN"), None);
        for absent in ["Empty", "List", "Missing", "PaymentMethod", "Long"] {
            assert_eq!(document.text(absent), None, "{absent}");
        }
        assert_eq!(document.page("long").as_deref(), Some(long.as_str()));
        let method = document.part("paymentMethod").unwrap();
        assert_eq!(method.text("PAN").as_deref(), Some("474152******0003"));
        for body in ["", "[]", "null", "\"x\"", "<html>"] {
            assert!(Document::read(body.as_bytes()).is_none(), "{body}");
        }
    }
}
