//! How members are called in Python.

use wire::case::snake;

use crate::codegen::text::identifier;

/// Words that Python keeps for itself, and types and helpers that a member of that name would hide
/// from the members below it.
const WORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "bool", "break", "bytes", "class", "config",
    "continue", "datetime", "decimal", "def", "del", "dict", "elif", "else", "except", "false",
    "field", "finally", "float", "for", "from", "global", "if", "import", "in", "int", "is",
    "lambda", "none", "nonlocal", "not", "or", "pass", "raise", "return", "str", "true", "try",
    "while", "with", "yield",
];

/// The name of a member; a word that is taken gets `_` at its end.
pub fn member_name(declared: &str) -> String {
    let name = identifier(&snake(declared));
    if is_taken(&name) { name + "_" } else { name }
}

/// Whether a member may not have that name.
pub(super) fn is_taken(name: &str) -> bool {
    WORDS.contains(&name)
}

/// The name of an enum's member: `StsUnknown` becomes `STS_UNKNOWN`.
pub fn enum_name(declared: &str) -> String {
    let is_one_word = !declared.contains('_') && declared.contains(char::is_lowercase);
    let name = if is_one_word { snake(declared) } else { declared.to_owned() };
    let is_constant = !is_one_word && !declared.contains('_');
    identifier(&if is_constant { name } else { name.to_uppercase() })
}
