//! Foreign texts on their way into markup and headers.

/// The longest text of one line, in characters; longer ones are cut.
const LINE_LENGTH_MAX: usize = 255;

/// Appends `text` so that it is text wherever markup may stand, in XML as in HTML.
pub(crate) fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
}

/// The text as one line, so that no part of it can become a header, a paragraph or a member of
/// its own; cut at [`LINE_LENGTH_MAX`].
pub(crate) fn one_line(text: &str) -> String {
    let is_break = |letter: char| {
        letter.is_control() || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let plain: String =
        text.chars().map(|letter| if is_break(letter) { ' ' } else { letter }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(LINE_LENGTH_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::{escape, one_line};

    /// Proves that nothing of a text can end the place where it stands.
    #[test]
    fn markup_stays_text() {
        let mut out = String::new();
        escape("<b a=\"x\" b='y'>&\u{0}", &mut out);
        assert_eq!(out, "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp; ");
    }

    /// Proves that a line stays one line and has an end.
    #[test]
    fn a_line_is_one_line() {
        assert_eq!(one_line(" KR\r\nBcc: x@example.org\u{2028} "), "KR Bcc: x@example.org");
        assert_eq!(one_line(&"á".repeat(300)).chars().count(), 255);
    }
}
