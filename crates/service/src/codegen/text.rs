//! Texts of the contracts and of callers on their way into a source: none of them may end the
//! comment, string or name it stands in.

/// Whether some language ends a line there, besides at `\n`.
fn is_line_break(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a letter shows other code than there is: marks that turn the direction of what follows,
/// and the mark of the byte order, which compilers take at the beginning only.
fn is_hidden(letter: char) -> bool {
    let turns = matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}');
    turns || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The text on one line: line breaks and other control characters are removed, as the published
/// pages do, so that words on both sides of a break grow together.
pub(crate) fn one_line(text: &str) -> String {
    let visible = |letter: &char| {
        !is_line_break(*letter) && !is_hidden(*letter) && (!letter.is_control() || *letter == '\t')
    };
    text.chars().filter(visible).collect()
}

/// Text for a `/* */` comment, on one line. Its marks are pulled apart, the opening one too,
/// because some languages nest such comments.
pub(crate) fn in_block_comment(text: &str) -> String {
    one_line(text).replace("*/", "* /").replace("/*", "/ *")
}

/// A name that is one word in every language: letters, digits and `_`, not beginning with a digit.
pub(crate) fn identifier(name: &str) -> String {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut word: String =
        name.chars().map(|letter| if is_word(letter) { letter } else { '_' }).collect();
    if word.is_empty() || word.starts_with(|first: char| first.is_numeric()) {
        word.insert(0, '_');
    }
    word
}

/// `names` behind `word`, with commas between them; nothing if there are none.
pub(crate) fn clause(word: &str, names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" {word} {}", names.join(", ")) }
}

/// A string in `quote`s with the escapes that C and its descendants share. `further` are letters
/// that the language gives a meaning within strings, such as `$`.
pub(crate) fn quoted(text: &str, quote: char, further: &[char]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for letter in text.chars() {
        match letter {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if letter == quote || letter == '\\' || further.contains(&letter) => {
                out.push('\\');
                out.push(letter);
            }
            _ if letter.is_control() || is_line_break(letter) || is_hidden(letter) => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            _ => out.push(letter),
        }
    }
    out.push(quote);
    out
}

/// A string in `'` of a language that reads no escapes in it but those of `'` and `\`; `None` for
/// letters that it could hold only unseen.
pub(crate) fn single_quoted(text: &str) -> Option<String> {
    let escaped = text.replace('\\', r"\\").replace('\'', r"\'");
    text.chars().all(is_seen).then(|| format!("'{escaped}'"))
}

/// Whether a letter shows in a source as what it is.
pub(crate) fn is_seen(letter: char) -> bool {
    !letter.is_control() && !is_line_break(letter) && !is_hidden(letter)
}

#[cfg(test)]
mod tests {
    use super::{identifier, in_block_comment, one_line, quoted, single_quoted};

    /// Proves that no text ends its line, its comment, its string or its name.
    #[test]
    fn texts_stay_where_they_are() {
        assert_eq!(one_line("a\r\nb\u{2028}c\u{0}d\te"), "abcd\te");
        assert_eq!(in_block_comment("x */ y /* z *\n/"), "x * / y / * z * /");
        assert!(!in_block_comment("/*/*//**/").contains("*/"));
        assert_eq!(quoted("a\"b\\c\n$'", '"', &['$']), r#""a\"b\\c\n\$'""#);
        assert_eq!(quoted("a'\u{85}", '\'', &[]), r"'a\'\u0085'");
        assert_eq!(single_quoted("a'\\").as_deref(), Some(r"'a\'\\'"));
        assert_eq!(single_quoted("a\n"), None);
        assert_eq!(identifier("X-Y; drop"), "X_Y__drop");
        assert_eq!(identifier("3D"), "_3D");
        assert_eq!(identifier(""), "_");
    }
}
