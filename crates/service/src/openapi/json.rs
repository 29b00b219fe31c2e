//! A JSON document that keeps its members in the order they were put in, because forms and
//! generators show them so.

use wire::Settings;

/// A value of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Boolean(bool),
    Integer(i64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
    /// JSON that is written already.
    Written(String),
}

/// An object with these members.
pub(super) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.map(|(name, value)| (name.to_owned(), value)).into())
}

/// A list of texts.
pub(super) fn texts<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Json {
    Json::List(items.into_iter().map(|item| Json::from(item.as_ref())).collect())
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl Json {
    /// The same object with one more member; anything else stays as it is.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        if let Self::Object(members) = &mut self {
            members.push((name.to_owned(), value.into()));
        }
        self
    }

    /// The same object with one more member, if there is a value for it.
    #[must_use]
    pub(super) fn with_some(self, name: &str, value: Option<impl Into<Json>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Appends the document without white space.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Boolean(value) => out.extend_from_slice(value.to_string().as_bytes()),
            Self::Integer(value) => out.extend_from_slice(value.to_string().as_bytes()),
            Self::Text(text) => write_text(text, out),
            Self::Written(json) => out.extend_from_slice(json.as_bytes()),
            Self::List(items) => {
                write_all(b"[]", items, out, Json::write);
            }
            Self::Object(members) => {
                write_all(b"{}", members, out, |(name, value), out| {
                    write_text(name, out);
                    out.push(b':');
                    value.write(out);
                });
            }
        }
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    wire::json::write(&text.to_owned(), &Settings::default(), out);
}

fn write_all<T>(
    [open, close]: &[u8; 2],
    items: &[T],
    out: &mut Vec<u8>,
    write: impl Fn(&T, &mut Vec<u8>),
) {
    out.push(*open);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(*close);
}

#[cfg(test)]
mod tests {
    use super::{Json, object, texts};

    /// Proves that order is kept, texts are escaped and nothing is left behind a last member.
    #[test]
    fn writes_what_was_put_in() {
        let document = object([("b", texts(["x\"\n", "ð"])), ("a", false.into())])
            .with("n", -5)
            .with_some("none", None::<bool>)
            .with("e", Json::List(Vec::new()))
            .with("w", Json::Written("{\"k\":true}".to_owned()));
        let mut out = Vec::new();
        document.write(&mut out);
        let expected = r#"{"b":["x\"\n","ð"],"a":false,"n":-5,"e":[],"w":{"k":true}}"#;
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
