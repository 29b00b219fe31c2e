//! Just enough of the languages' grammars to tell code from comments and strings.

use service::codegen::Language;

/// What stands for something other than code.
pub(crate) struct Syntax {
    /// Marks of comments that end with the line.
    line_comments: &'static [&'static str],
    /// Marks of comments with an end of their own, and whether they nest.
    block_comment: Option<(&'static str, &'static str, bool)>,
    /// Marks of strings, longest first, and what takes the meaning of the next letter.
    strings: &'static [(&'static str, Option<char>)],
    /// A mark that ends a line comment, and with it all code.
    leaves: Option<&'static str>,
    /// What begins code within a string of a mark.
    holes: &'static [(&'static str, &'static str)],
    /// Letters that close a string, and open it, as its mark does.
    quotes: &'static [char],
}

/// The syntax of a language.
pub(crate) fn of(language: Language) -> Syntax {
    let c = Syntax {
        line_comments: &["//"],
        block_comment: Some(("/*", "*/", false)),
        strings: &[("\"", Some('\\'))],
        quotes: &[],
        leaves: None,
        holes: &[],
    };
    let both_quotes = &[("'", Some('\\')), ("\"", Some('\\'))];
    match language {
        Language::Go => Syntax { strings: &[("\"", Some('\\')), ("`", None)], ..c },
        Language::Rust => Syntax { block_comment: Some(("/*", "*/", true)), ..c },
        Language::FSharp => Syntax {
            block_comment: Some(("(*", "*)", true)),
            strings: &[("\"\"\"", None), ("\"", Some('\\')), ("``", None)],
            ..c
        },
        Language::VbNet => Syntax {
            line_comments: &["'", "\u{2018}", "\u{2019}"],
            block_comment: None,
            strings: &[("\"", None)],
            quotes: &['\u{201c}', '\u{201d}'],
            ..c
        },
        Language::Php => {
            Syntax { strings: both_quotes, leaves: Some("?>"), holes: &[("\"", "$")], ..c }
        }
        Language::Swift => {
            Syntax { block_comment: Some(("/*", "*/", true)), holes: &[("\"", "\\(")], ..c }
        }
        Language::Dart => Syntax {
            block_comment: Some(("/*", "*/", true)),
            strings: both_quotes,
            holes: &[("'", "$"), ("\"", "$")],
            ..c
        },
        Language::Ruby => Syntax {
            line_comments: &["#"],
            block_comment: Some(("\n=begin", "\n=end", false)),
            strings: both_quotes,
            holes: &[("\"", "#{")],
            ..c
        },
        Language::Zig => Syntax { block_comment: None, ..c },
        _ => c,
    }
}

/// The source without its comments and strings.
///
/// # Panics
/// When a comment or a string does not end, or a string does on another line.
pub(crate) fn code(source: &str, language: Language) -> String {
    let syntax = of(language);
    let source = if language == Language::Java { without_escapes(source) } else { source.into() };
    let mut code = String::new();
    let mut rest = source.as_str();
    while let Some(letter) = rest.chars().next() {
        if let Some(after) = syntax.comment(rest) {
            rest = after;
        } else if let Some(after) = syntax.string(rest) {
            code.push('_');
            rest = after;
        } else {
            code.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    code
}

impl Syntax {
    /// What follows the comment that begins here.
    fn comment<'t>(&self, text: &'t str) -> Option<&'t str> {
        if self.line_comments.iter().any(|mark| text.starts_with(mark)) {
            let breaks = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
            let line = text.find(breaks).unwrap_or(text.len());
            let leaves = self.leaves.and_then(|mark| text[..line].find(mark));
            return Some(&text[leaves.unwrap_or(line)..]);
        }
        let (open, close, nests) = self.block_comment?;
        let mut rest = text.strip_prefix(open)?;
        let mut depth = 1;
        while depth > 0 {
            let end = rest.find(close).expect("the comment ends");
            let begin = rest.find(open).filter(|begin| nests && *begin < end);
            depth = if begin.is_some() { depth + 1 } else { depth - 1 };
            rest = begin.map_or(&rest[end + close.len()..], |begin| &rest[begin + open.len()..]);
        }
        Some(rest)
    }

    /// What follows the string that begins here.
    fn string<'t>(&self, text: &'t str) -> Option<&'t str> {
        let is_open =
            |mark: &str| text.starts_with(mark) || mark == "\"" && text.starts_with(self.quotes);
        let (mark, escape) = self.strings.iter().find(|(mark, _)| is_open(mark))?;
        let is_quote = |letter: char| self.quotes.contains(&letter);
        let mut letters = text.char_indices().skip(mark.chars().count());
        while let Some((place, letter)) = letters.next() {
            assert!(letter != '\n', "the string ends on its line: {text}");
            let mut holes = self.holes.iter().filter(|(of, _)| of == mark);
            assert!(!holes.any(|(_, hole)| text[place..].starts_with(hole)), "no code: {text}");
            if Some(letter) == *escape {
                letters.next();
            } else if text[place..].starts_with(mark) || is_quote(letter) && *mark == "\"" {
                let length = if is_quote(letter) { letter.len_utf8() } else { mark.len() };
                return Some(&text[place + length..]);
            }
        }
        panic!("the string ends: {text}")
    }
}

/// The source as a compiler of Java sees it: escapes are letters before anything else is read.
fn without_escapes(source: &str) -> String {
    let mut text = String::new();
    let mut letters = source.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\\' && letters.peek() == Some(&'u') {
            let digits: String = letters.by_ref().skip(1).take(4).collect();
            let value = u32::from_str_radix(&digits, 16).expect("an escape has four digits");
            text.extend(char::from_u32(value));
        } else {
            text.push(letter);
            let next = (letter == '\\').then(|| letters.next()).flatten();
            text.extend(next);
        }
    }
    text
}

/// Proves that the brackets of a source are closed in their order.
pub(crate) fn check_balance(code: &str) {
    let mut open = Vec::new();
    for letter in code.chars() {
        match letter {
            '(' | '[' | '{' => open.push(letter),
            ')' => assert_eq!(open.pop(), Some('('), "{code}"),
            ']' => assert_eq!(open.pop(), Some('['), "{code}"),
            '}' => assert_eq!(open.pop(), Some('{'), "{code}"),
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?} in {code}");
}
