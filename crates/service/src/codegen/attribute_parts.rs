//! Attributes taken apart, so that each language can spell them its own way. They come in C#
//! spelling from `attribute`; what cannot be taken apart is left out, because a text that nobody
//! understood must not become code.

/// An attribute, for example `ApiMember(Description="x", IsRequired=true)`.
#[derive(Debug, PartialEq)]
pub(super) struct Attribute {
    /// Its name.
    pub(super) name: String,
    /// What stands between the parentheses.
    pub(super) arguments: Vec<Argument>,
}

/// One argument.
#[derive(Debug, PartialEq)]
pub(super) struct Argument {
    /// What is set; `None` when its place tells.
    pub(super) name: Option<String>,
    /// What it is set to.
    pub(super) value: Value,
}

/// The value of an argument.
#[derive(Debug, PartialEq)]
pub(super) enum Value {
    /// A string, without quotes and escapes.
    Text(String),
    /// `typeof(Name)`.
    Type(String),
    /// A number, `true`, `false` or a constant's dotted name.
    Word(String),
}

impl Attribute {
    /// The attribute of such a text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text.trim() };
        let name = reader.word()?;
        let mut arguments = Vec::new();
        if reader.takes('(') && !reader.takes(')') {
            loop {
                arguments.push(reader.argument()?);
                if reader.takes(')') {
                    break;
                }
                reader.takes(',').then_some(())?;
            }
        }
        reader.rest.is_empty().then_some(Self { name, arguments })
    }

    /// The attribute as a language writes it: the name, then `(a, b)` unless there is nothing in
    /// it. `assign` stands between a name and its value.
    pub(super) fn spelled(&self, assign: &str, spell: impl Fn(&Value) -> String) -> String {
        if self.arguments.is_empty() {
            return self.name.clone();
        }
        let spelled: Vec<String> = self
            .arguments
            .iter()
            .map(|argument| match &argument.name {
                Some(name) => format!("{name}{assign}{}", spell(&argument.value)),
                None => spell(&argument.value),
            })
            .collect();
        format!("{}({})", self.name, spelled.join(", "))
    }
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    /// Passes over `mark` and the blanks after it, if it comes next.
    fn takes(&mut self, mark: char) -> bool {
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.map_or(self.rest, str::trim_start);
        rest.is_some()
    }

    /// A name or a number.
    fn word(&mut self) -> Option<String> {
        let is_word =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-');
        let end = self.rest.find(|letter| !is_word(letter)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        (!word.is_empty()).then(|| word.to_owned())
    }

    fn argument(&mut self) -> Option<Argument> {
        if self.rest.starts_with('"') {
            return Some(Argument { name: None, value: Value::Text(self.text()?) });
        }
        let word = self.word()?;
        if self.takes('=') {
            return Some(Argument { name: Some(word), value: self.value()? });
        }
        Some(Argument { name: None, value: self.value_from(word)? })
    }

    fn value(&mut self) -> Option<Value> {
        if self.rest.starts_with('"') {
            return self.text().map(Value::Text);
        }
        let word = self.word()?;
        self.value_from(word)
    }

    fn value_from(&mut self, word: String) -> Option<Value> {
        if word == "typeof" && self.takes('(') {
            let name = self.word()?;
            return self.takes(')').then_some(Value::Type(name));
        }
        Some(Value::Word(word))
    }

    /// A string in quotes, with the escapes that `quoted` writes.
    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((index, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = self.rest[index + 1..].trim_start();
                    return Some(text);
                }
                '\\' => text.push(match letters.next()?.1 {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let digits: String = letters.by_ref().take(4).map(|(_, at)| at).collect();
                        char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                    }
                    other => other,
                }),
                _ => text.push(letter),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Attribute, Value};

    fn spelled(text: &str) -> Option<String> {
        let spell = |value: &Value| match value {
            Value::Text(text) => format!("{text:?}"),
            Value::Type(name) => format!("GetType({name})"),
            Value::Word(word) => word.clone(),
        };
        Attribute::parse(text).map(|attribute| attribute.spelled(":=", spell))
    }

    /// Proves that what is understood keeps its meaning, and what is not becomes nothing.
    #[test]
    fn attributes_are_taken_apart() {
        let check = |text, expected| assert_eq!(spelled(text).as_deref(), expected, "{text}");
        check("Required", Some("Required"));
        check("Required()", Some("Required"));
        check(r#"Route("/x", "GET,POST")"#, Some(r#"Route("/x", "GET,POST")"#));
        check(
            r#"Api(Description="a \"b\", c)", Kind=typeof(A.B), StatusCode=-2)"#,
            Some(r#"Api(Description:="a \"b\", c)", Kind:=GetType(A.B), StatusCode:=-2)"#),
        );
        check(r#"A("x\ny\u0085\\")"#, Some(r#"A("x\ny\u{85}\\")"#));
        for broken in ["", "A(", "A(\"x)", "A(x", "A(x) B", "A(x; y)", "A(new B())", "A(\"\\u00\")"]
        {
            check(broken, None);
        }
    }
}
