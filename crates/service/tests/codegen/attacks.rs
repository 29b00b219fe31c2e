//! Texts that want to be code.

use service::codegen::Language;

use crate::{LANGUAGES, ask, file};

/// What is neither comment nor string in a source.
struct Syntax {
    /// Comments up to the end of the line.
    line_comment: &'static str,
    /// Comments with an end of their own; one within another would open a second level in some.
    block_comment: (&'static str, &'static str),
}

fn syntax(language: Language) -> Syntax {
    if language == Language::Python {
        Syntax { line_comment: "#", block_comment: ("\"\"\"", "\"\"\"") }
    } else {
        Syntax { line_comment: "//", block_comment: ("/*", "*/") }
    }
}

/// The source without its comments and strings.
fn code(source: &str, language: Language) -> String {
    let Syntax { line_comment, block_comment: (open, close) } = syntax(language);
    let mut code = String::new();
    let mut rest = source;
    while let Some(letter) = rest.chars().next() {
        let length = if let Some(comment) = rest.strip_prefix(open) {
            let end = comment.find(close).expect("the comment ends");
            assert!(open == close || !comment[..end].contains(open), "no comment is in another");
            open.len() + end + close.len()
        } else if rest.starts_with(line_comment) {
            let breaks = ['\n', '\r', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
            rest.find(breaks).unwrap_or(rest.len())
        } else if matches!(letter, '"' | '\'') {
            string_length(rest, letter, language)
        } else {
            code.push(letter);
            letter.len_utf8()
        };
        rest = &rest[length..];
    }
    code
}

/// The length of the string that begins here, its marks included.
fn string_length(text: &str, quote: char, language: Language) -> usize {
    let mut letters = text.char_indices().skip(1);
    while let Some((place, letter)) = letters.next() {
        assert!(!letter.is_control(), "the string ends on its line: {text}");
        assert!(letter != '$' || language != Language::Kotlin, "no code is in a string: {text}");
        if letter == '\\' {
            letters.next();
        } else if letter == quote {
            return place + quote.len_utf8();
        }
    }
    panic!("the string ends: {text}")
}

/// Proves that no description, route, attribute or name leaves its comment or its string.
#[test]
fn texts_do_not_become_code() {
    let no_comments: &[_] = &[("AddDescriptionAsComments", "False")];
    for language in LANGUAGES {
        for options in [&[], no_comments] {
            let source = file("attacks", language, options);
            let code = code(&source, language);
            assert!(!code.contains("PWNED"), "{language:?}: {code}");
            assert!(code.contains("Attack") && code.contains("Word"), "{code}");
        }
    }
}

/// Proves that the address, which a caller can choose by the `Host` header, stays an address.
#[test]
fn address_stays_an_address() {
    for language in LANGUAGES {
        let address = "https://a.example:1\"\"\"\n*/ PWNED() /* '\n#";
        let reply = ask("samples", language, &[], address);
        let source = String::from_utf8(reply.body).unwrap();
        assert!(source.contains("\nBaseUrl: https://a.example:1"), "{source}");
        assert!(!code(&source, language).contains("PWNED"), "{source}");
    }
}
