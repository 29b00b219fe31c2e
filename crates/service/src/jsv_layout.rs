//! The line-broken layout of JSV that operation pages show (`servicestack.md §2.4`).
//!
//! The layout is made from compact text, not from a value, because the original works so and its
//! oddities (brackets broken inside quotes, a line of tabs in an empty object) follow from it.

/// Breaks compact JSV into lines of one tab per level, with LF line ends.
///
/// Never fails: text that is not JSV is broken by the same rules.
///
/// ```
/// assert_eq!(service::jsv_layout::pretty("{A:[1]}"), "{\n\tA: \n\t[\n\t\t1\n\t]\n}");
/// ```
pub fn pretty(compact: &str) -> String {
    let mut layout = Layout { text: String::with_capacity(compact.len() * 2), ..Layout::default() };
    let mut characters = compact.chars().peekable();
    let mut previous = '\0';
    while let Some(current) = characters.next() {
        let after_key = previous == ':' && is_opening(current);
        previous = current;
        match characters.next_if(|next| after_key && is_closing(*next)) {
            Some(closing) => {
                layout.text.extend([current, closing]);
                previous = closing;
            }
            None => layout.add(current, after_key),
        }
    }
    layout.text
}

/// Levels beyond this one are not indented further: deep nesting would otherwise make a layout
/// whose size grows with the square of its input.
const INDENT_MAX: usize = 64;

#[derive(Default)]
struct Layout {
    text: String,
    depth: usize,
    key_seen: bool,
    quoted: bool,
}

impl Layout {
    fn add(&mut self, current: char, after_key: bool) {
        match current {
            '{' | '[' => self.open(current, after_key),
            '}' | ']' => self.close(current),
            ',' if !self.quoted => {
                self.text.push(',');
                self.break_line();
            }
            ':' if !self.key_seen => {
                self.text.push_str(": ");
                self.key_seen = true;
            }
            _ => {
                self.quoted ^= current == '"';
                self.text.push(current);
            }
        }
    }

    fn open(&mut self, bracket: char, after_key: bool) {
        if after_key {
            self.break_line();
        }
        self.text.push(bracket);
        self.depth += 1;
        self.break_line();
    }

    fn close(&mut self, bracket: char) {
        self.depth = self.depth.saturating_sub(1);
        self.break_line();
        self.text.push(bracket);
    }

    fn break_line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n('\t', self.depth.min(INDENT_MAX)));
        self.key_seen = false;
    }
}

fn is_opening(character: char) -> bool {
    matches!(character, '{' | '[')
}

fn is_closing(character: char) -> bool {
    matches!(character, '}' | ']')
}

#[cfg(test)]
mod tests {
    use super::pretty;

    fn check(compact: &str, expected: &str) {
        assert_eq!(pretty(compact), expected, "layout of {compact}");
    }

    /// Proves the layout of every construct the pages show.
    #[test]
    fn breaks_lines_like_the_original() {
        check("", "");
        check("plain", "plain");
        check("{A:1}", "{\n\tA: 1\n}");
        check("{A:1,B:x}", "{\n\tA: 1,\n\tB: x\n}");
        check("{A:[]}", "{\n\tA: []\n}");
        check("{A:{}}", "{\n\tA: {}\n}");
        check("[]", "[\n\t\n]");
        check("{A:[{}]}", "{\n\tA: \n\t[\n\t\t{\n\t\t\t\n\t\t}\n\t]\n}");
        check("{A:12:30}", "{\n\tA: 12:30\n}");
        check("{A:\"x,y\"}", "{\n\tA: \"x,y\"\n}");
        check("{A:\"{x}\"}", "{\n\tA: \"{\n\t\tx\n\t}\"\n}");
    }

    /// Proves that unbalanced and very deep text neither panics nor grows out of bounds.
    #[test]
    fn survives_any_text() {
        check("}}", "\n}\n}");
        let deep = "[".repeat(10_000);
        assert!(pretty(&deep).len() < 10_000 * 70);
    }
}
