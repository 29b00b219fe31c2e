//! The document that a provider takes.

use serde_json::Value;

use super::SmsSettingsError;
use crate::sms::SmsMessage;

/// Where the number goes.
const NUMBER: &str = "{number}";

/// Where the text goes.
const TEXT: &str = "{text}";

/// A JSON document with places for number and text.
pub(super) struct Template(Value);

impl Template {
    pub(super) fn parse(body: &str) -> Result<Template, SmsSettingsError> {
        let document = serde_json::from_str(body);
        let document = document.map_err(|error| SmsSettingsError::Body(error.to_string()))?;
        for place in [NUMBER, TEXT] {
            if !names(&document, place) {
                return Err(SmsSettingsError::Body(format!("there is no {place} in it")));
            }
        }
        Ok(Template(document))
    }

    /// The document for one message. The places are filled in its texts, so that nothing in a
    /// message can become a part of the document.
    pub(super) fn fill(&self, message: &SmsMessage) -> String {
        let mut document = self.0.clone();
        fill(&mut document, message);
        document.to_string()
    }
}

fn names(document: &Value, place: &str) -> bool {
    match document {
        Value::String(text) => text.contains(place),
        Value::Array(items) => items.iter().any(|item| names(item, place)),
        Value::Object(members) => members.values().any(|member| names(member, place)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn fill(document: &mut Value, message: &SmsMessage) {
    match document {
        Value::String(text) => {
            *text = text.replace(NUMBER, message.number.text()).replace(TEXT, &message.text);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, message)),
        Value::Object(members) => members.values_mut().for_each(|member| fill(member, message)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use domain::phone::PhoneNumber;

    use super::*;

    fn filled(body: &str) -> String {
        let number = PhoneNumber::parse("+3545551234").unwrap();
        let message = SmsMessage { number, text: r#""1" {number}"#.to_owned() };
        Template::parse(body).unwrap().fill(&message)
    }

    /// Proves that both places are filled wherever they stand, and that quotes stay within a text.
    #[test]
    fn places_are_filled() {
        let flat = filled(r#"{"to":"{number}","text":"{text}","n":1}"#);
        assert_eq!(flat, r#"{"to":"+3545551234","text":"\"1\" {number}","n":1}"#);
        let deep = filled(r#"{"messages":[{"to":["{number}"],"body":{"text":"KR: {text}"}}]}"#);
        assert!(deep.contains(r#""to":["+3545551234"]"#), "{deep}");
        assert!(deep.contains(r#""text":"KR: \"1\" {number}""#), "{deep}");
    }

    /// Proves that a document in which something is missing is refused at the start.
    #[test]
    fn documents_are_checked() {
        for (body, why) in [
            ("to={number}", "expected"),
            (r#"{"to":"{number}"}"#, "no {text}"),
            (r#"{"{number}":1,"text":"{text}"}"#, "no {number}"),
        ] {
            let refused = Template::parse(body).err().unwrap().to_string();
            assert!(refused.contains(why), "{refused}");
        }
    }
}
