//! What the audit tells of a change: the members that differ.

use serde_json::{Map, Value};

/// Members that the audit does not repeat: they open something.
const SECRET_MEMBERS: [&str; 1] = ["access_code"];

/// Members too long to be told whole.
const LONG_MEMBERS: [&str; 1] = ["sections"];

/// The members that differ, as they were and as they are. Secrets are told of and not shown.
pub(super) fn difference(before: &Value, after: &Value) -> (Option<String>, String) {
    let empty = Map::new();
    let (old, new) = (before.as_object(), after.as_object().unwrap_or(&empty));
    let (mut was, mut is) = (Map::new(), Map::new());
    for (name, value) in new {
        let known = old.and_then(|old| old.get(name));
        if known == Some(value) {
            continue;
        }
        if let Some(known) = known {
            was.insert(name.clone(), told(name, known));
        }
        is.insert(name.clone(), told(name, value));
    }
    (old.map(|_| Value::Object(was).to_string()), Value::Object(is).to_string())
}

fn told(name: &str, value: &Value) -> Value {
    if SECRET_MEMBERS.contains(&name) && !value.is_null() {
        return "not shown".into();
    }
    match value.as_array() {
        Some(list) if LONG_MEMBERS.contains(&name) => format!("{} of them", list.len()).into(),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::difference;

    /// Only what differs is told, secrets are not, and a new item has nothing before.
    #[test]
    fn differences_are_compact() {
        let old = json!({ "name": "A", "active": true, "access_code": "open-sesame" });
        let new = json!({ "name": "B", "active": true, "access_code": null });
        let (before, after) = difference(&old, &new);
        assert_eq!(before.unwrap(), r#"{"name":"A","access_code":"not shown"}"#);
        assert_eq!(after, r#"{"name":"B","access_code":null}"#);
        assert_eq!(difference(&json!(null), &json!({ "id": 1 })), (None, r#"{"id":1}"#.into()));
    }
}
