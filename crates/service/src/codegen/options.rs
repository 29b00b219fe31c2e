//! The options of a source (`servicestack.md §9.2`): query parameters, checked, because some of
//! them become code and all of them stand in the header.

use std::borrow::Cow;

/// One option that a language lists in its header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OptionLine {
    /// Its name, also that of the query parameter.
    pub(crate) name: &'static str,
    /// Its value when it is not given; may be empty.
    pub(crate) default: &'static str,
}

/// An option line of a language's table.
pub(crate) const fn line(name: &'static str, default: &'static str) -> OptionLine {
    OptionLine { name, default }
}

/// The options of most languages, for one whose files have a namespace or imports by default.
pub(crate) const fn usual(namespace: &'static str, imports: &'static str) -> [OptionLine; 9] {
    [
        line("GlobalNamespace", namespace),
        line("MakePropertiesOptional", "False"),
        line("AddServiceStackTypes", "True"),
        line("AddResponseStatus", "False"),
        line("AddImplicitVersion", ""),
        line("AddDescriptionAsComments", "True"),
        line("IncludeTypes", ""),
        line("ExcludeTypes", ""),
        line("DefaultImports", imports),
    ]
}

/// Those options for a language that needs neither.
pub(crate) const USUAL: &[OptionLine] = &usual("", "");

/// What values an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    /// True or False.
    Flag,
    /// A number from 1 to [`VERSION_MAX`].
    Version,
    /// A dotted name.
    Name,
    /// Names and patterns of types, with commas between them.
    Types,
    /// What a file imports, with commas between them.
    Imports,
    /// A decorator with its arguments.
    Decorator,
}

/// Every option of any language. One that a language does not use is taken, and ignored.
const OPTIONS: &[(&str, Value)] = &[
    ("AddDataContractAttributes", Value::Flag),
    ("AddDefaultXmlNamespace", Value::Name),
    ("AddDescriptionAsComments", Value::Flag),
    ("AddDocAnnotations", Value::Flag),
    ("AddGeneratedCodeAttributes", Value::Flag),
    ("AddImplicitVersion", Value::Version),
    ("AddIndexesToDataMembers", Value::Flag),
    ("AddModelExtensions", Value::Flag),
    ("AddNamespaces", Value::Imports),
    ("AddNullableAnnotations", Value::Flag),
    ("AddPropertyAccessors", Value::Flag),
    ("AddResponseStatus", Value::Flag),
    ("AddReturnMarker", Value::Flag),
    ("AddServiceStackTypes", Value::Flag),
    ("BaseClass", Value::Name),
    ("DataClass", Value::Decorator),
    ("DataClassJson", Value::Decorator),
    ("DefaultImports", Value::Imports),
    ("ExcludeTypes", Value::Types),
    ("ExportValueTypes", Value::Flag),
    ("GlobalNamespace", Value::Name),
    ("IncludeTypes", Value::Types),
    ("InitializeCollections", Value::Flag),
    ("MakeDataContractsExtensible", Value::Flag),
    ("MakeInternal", Value::Flag),
    ("MakePartial", Value::Flag),
    ("MakePropertiesOptional", Value::Flag),
    ("MakeVirtual", Value::Flag),
    ("Package", Value::Name),
    ("SettersReturnThis", Value::Flag),
    ("TreatTypesAsStrings", Value::Types),
    ("UsePath", Value::Flag),
];

/// Most characters of one value; the longest list of types stays below.
const VALUE_LENGTH_MAX: usize = 2_000;

/// Most entries of a list, because each is compared with every type.
const LIST_LENGTH_MAX: usize = 100;

/// The highest version that can be asked for.
const VERSION_MAX: u32 = 1_000_000;

/// Why options cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The option {name} cannot be used: {expected}. Nothing was generated.")]
pub(crate) struct OptionError {
    name: &'static str,
    expected: &'static str,
}

/// The options of one source.
#[derive(Debug)]
pub(crate) struct Options {
    lines: &'static [OptionLine],
    given: Vec<(&'static str, String)>,
}

impl Options {
    /// No option is given.
    pub(crate) fn defaults(lines: &'static [OptionLine]) -> Self {
        Self { lines, given: Vec::new() }
    }

    /// Takes the options out of a decoded query; names count in any case, later ones replace
    /// earlier ones, an empty value is none, and what is no option is passed over.
    ///
    /// # Errors
    /// [`OptionError`] for the first value that its option does not take.
    pub(crate) fn read(
        lines: &'static [OptionLine],
        query: &[(Cow<'_, str>, Cow<'_, str>)],
    ) -> Result<Self, OptionError> {
        let mut options = Self::defaults(lines);
        for (name, value) in query {
            let known = OPTIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            if let Some(&(name, kind)) = known {
                options.given.retain(|(other, _)| *other != name);
                if let Some(value) = kind.checked(name, value.trim())? {
                    options.given.push((name, value));
                }
            }
        }
        Ok(options)
    }

    /// The value of an option; empty when it is neither given nor has a default.
    pub(crate) fn text(&self, name: &str) -> &str {
        let given = self.given(name);
        let line = || self.lines.iter().find(|line| line.name == name);
        given.or_else(|| line().map(|line| line.default)).unwrap_or_default()
    }

    /// Whether an option is on.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.text(name) == "True"
    }

    /// Whether an option is on, if it is given.
    pub(crate) fn given_flag(&self, name: &str) -> Option<bool> {
        self.given(name).map(|value| value == "True")
    }

    /// The version of `AddImplicitVersion`, if it is given.
    pub(crate) fn version(&self) -> Option<u32> {
        self.text("AddImplicitVersion").parse().ok()
    }

    /// The entries of a list.
    pub(crate) fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.text(name).split(',').filter(|entry| !entry.is_empty())
    }

    /// The lines of the header: name, value and whether it is given. Given options that the
    /// language does not list come last, so that an update repeats them.
    pub(crate) fn header_lines(&self) -> impl Iterator<Item = (&str, &str, bool)> {
        let is_listed = |name: &str| self.lines.iter().any(|line| line.name == name);
        let listed = self
            .lines
            .iter()
            .map(|line| (line.name, self.text(line.name), self.given(line.name).is_some()));
        let others = self.given.iter().filter(move |(name, _)| !is_listed(name));
        listed.chain(others.map(|(name, value)| (*name, value.as_str(), true)))
    }

    fn given(&self, name: &str) -> Option<&str> {
        let mut given = self.given.iter();
        given.find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

impl Value {
    /// The value in one spelling; `None` when it is empty.
    fn checked(self, name: &'static str, value: &str) -> Result<Option<String>, OptionError> {
        let refused = |expected| Err(OptionError { name, expected });
        if value.len() > VALUE_LENGTH_MAX || value.split(',').count() > LIST_LENGTH_MAX {
            return refused("it is too long");
        }
        if value.is_empty() {
            return Ok(None);
        }
        let is_plain = |marks: &str| {
            let is_allowed =
                |letter: char| letter.is_ascii_alphanumeric() || marks.contains(letter);
            value.chars().all(is_allowed)
        };
        match self {
            Self::Flag => match flag(value) {
                Some(flag) => Ok(Some(flag.to_owned())),
                None => refused("it must be True or False"),
            },
            Self::Version if !value.parse().is_ok_and(|version: u32| is_version(version)) => {
                refused("it must be a number from 1 to 1000000")
            }
            Self::Name if !is_dotted_name(value) => refused("it must be a name such as My.Types"),
            Self::Types if !is_plain("_.,*/{}`: -") => {
                refused("it must be names of types with commas between them")
            }
            Self::Imports if !is_plain("_.,*/:@- ") => {
                refused("it must be names of modules with commas between them")
            }
            Self::Decorator if !is_decorator(value) => {
                refused("it must be a decorator such as @dataclass or @dataclass(order=True)")
            }
            Self::Types | Self::Imports => Ok(Some(value.split_whitespace().collect())),
            Self::Version | Self::Name | Self::Decorator => Ok(Some(value.to_owned())),
        }
    }
}

/// How the original writes a flag.
fn flag(value: &str) -> Option<&'static str> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "on" | "yes" => Some("True"),
        "false" | "0" | "off" | "no" => Some("False"),
        _ => None,
    }
}

fn is_version(version: u32) -> bool {
    (1..=VERSION_MAX).contains(&version)
}

fn is_dotted_name(value: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && word.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    value.split('.').all(is_word)
}

/// A name, and perhaps arguments that are names too: no call can be hidden in them.
fn is_decorator(value: &str) -> bool {
    let value = value.strip_prefix('@').unwrap_or(value);
    let Some((name, arguments)) = value.split_once('(') else {
        return is_dotted_name(value);
    };
    let is_argument = |argument: &str| {
        let (name, value) = argument.split_once('=').unwrap_or(("_", argument));
        is_dotted_name(name.trim()) && is_dotted_name(value.trim())
    };
    let arguments = arguments.strip_suffix(')');
    is_dotted_name(name) && arguments.is_some_and(|all| all.split(',').all(is_argument))
}

#[cfg(test)]
mod tests {
    use super::{Options, line};
    use std::borrow::Cow;

    const LINES: &[super::OptionLine] =
        &[line("GlobalNamespace", ""), line("AddServiceStackTypes", "True")];

    fn read(query: &[(&str, &str)]) -> Result<Options, String> {
        let query: Vec<_> =
            query.iter().map(|(name, value)| (Cow::from(*name), Cow::from(*value))).collect();
        Options::read(LINES, &query).map_err(|error| error.to_string())
    }

    /// Proves that a given option replaces its default and is marked as given.
    #[test]
    fn given_options_replace_defaults() {
        let query =
            [("globalnamespace", "My.Types"), ("MakePropertiesOptional", "true"), ("x", "\n")];
        let options = read(&query).unwrap();
        let lines: Vec<_> = options.header_lines().collect();
        let expected = [
            ("GlobalNamespace", "My.Types", true),
            ("AddServiceStackTypes", "True", false),
            ("MakePropertiesOptional", "True", true),
        ];
        assert_eq!(lines, expected);
        assert!(options.flag("AddServiceStackTypes"));
        assert_eq!(options.given_flag("AddServiceStackTypes"), None);
        let none = read(&[("GlobalNamespace", "A"), ("GlobalNamespace", "")]).unwrap();
        assert_eq!(none.text("GlobalNamespace"), "");
        let types = read(&[("IncludeTypes", "A.*, {tag},Ns/ *,")]).unwrap();
        assert_eq!(types.list("IncludeTypes").collect::<Vec<_>>(), ["A.*", "{tag}", "Ns/*"]);
    }

    /// Proves that nothing which could leave the header or become code passes.
    #[test]
    fn foreign_values_are_refused() {
        let long = "a".repeat(3_000);
        let many = "a,".repeat(200);
        for (name, value) in [
            ("GlobalNamespace", "A { } class B"),
            ("GlobalNamespace", "A\nB"),
            ("Package", "a;b"),
            ("Package", "a..b"),
            ("MakePropertiesOptional", "maybe"),
            ("AddImplicitVersion", "-1"),
            ("AddImplicitVersion", "99999999999"),
            ("IncludeTypes", "A\"\"\"\nimport os"),
            ("IncludeTypes", long.as_str()),
            ("ExcludeTypes", many.as_str()),
            ("DefaultImports", "os;import sys"),
            ("DataClass", "@x\nimport os"),
            ("DataClass", "@x(__import__('os'))"),
            ("DataClassJson", "@x(a=b(c))"),
            ("TreatTypesAsStrings", "A\r\nB"),
        ] {
            let refused = read(&[(name, value)]);
            assert!(refused.is_err_and(|message| message.contains(name)), "{name}={value}");
        }
    }
}
