//! Writing HTML: the one way by which text gets into a page.

/// A page being written. Markup can only be the program's own text, which is `'static`; all that
/// comes from elsewhere goes through [`Html::text`], which escapes it for contents and for quoted
/// attribute values alike.
#[derive(Debug, Default)]
pub(crate) struct Html(String);

impl Html {
    /// Appends markup.
    pub(crate) fn markup(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Appends text.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                // HTML knows no other control characters, not even escaped.
                '\t' | '\n' => self.0.push(letter),
                '\r' => self.0.push_str("&#13;"),
                control if control.is_control() => self.0.push(char::REPLACEMENT_CHARACTER),
                other => self.0.push(other),
            }
        }
        self
    }

    /// Appends text between two pieces of markup.
    pub(crate) fn wrap(
        &mut self,
        open: &'static str,
        text: &str,
        close: &'static str,
    ) -> &mut Self {
        self.markup(open).text(text).markup(close)
    }

    /// Begins a table with headings over its columns, in a box that scrolls, by keyboard too,
    /// where the table is wider than the page.
    pub(crate) fn table(&mut self, caption: &str, columns: &[&str]) -> &mut Self {
        self.begin_table(caption, "<table>").columns("<thead>", columns)
    }

    /// Begins a table whose headings are there for screen readers only: its rows speak for
    /// themselves. Without columns there are no headings.
    pub(crate) fn plain_table(&mut self, caption: &str, columns: &[&str]) -> &mut Self {
        self.begin_table(caption, "<table class=\"plain\">")
            .columns("<thead class=\"unseen\">", columns)
    }

    fn begin_table(&mut self, caption: &str, open: &'static str) -> &mut Self {
        self.wrap(BOX, caption, "\">\n").markup(open).wrap("\n<caption>", caption, "</caption>\n")
    }

    fn columns(&mut self, open: &'static str, columns: &[&str]) -> &mut Self {
        if !columns.is_empty() {
            self.markup(open).markup("<tr>");
            for column in columns {
                self.wrap("<th scope=\"col\">", column, "</th>");
            }
            self.markup("</tr></thead>\n");
        }
        self.markup("<tbody>\n")
    }

    /// Ends what [`Html::table`] or [`Html::plain_table`] began.
    pub(crate) fn end_table(&mut self) -> &mut Self {
        self.markup("</tbody>\n</table></div>\n")
    }

    /// Appends a link. `target` is a path or query of this server.
    pub(crate) fn link(&mut self, target: &str, text: &str) -> &mut Self {
        debug_assert!(target.starts_with('?') || is_own_path(target), "{target} leads elsewhere");
        self.wrap("<a href=\"", target, "\">").text(text).markup("</a>")
    }

    /// The bytes of the page.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// A box that scrolls, up to its name.
const BOX: &str = "<div class=\"box\" role=\"group\" tabindex=\"0\" aria-label=\"";

/// Two slashes would name another server.
fn is_own_path(target: &str) -> bool {
    target.starts_with('/') && !target.starts_with("//")
}

/// A text as part of a query string: letters, digits and `-._~` stay, everything else is encoded.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Html, encoded};

    /// Proves that no text can end an attribute, a tag or the text around it.
    #[test]
    fn text_stays_text() {
        let mut page = Html::default();
        page.link("/a?b=\"><script>", "</a>&amp;'\u{0}\u{85}\r\n");
        assert_eq!(
            String::from_utf8(page.into_bytes()).unwrap(),
            "<a href=\"/a?b=&quot;&gt;&lt;script&gt;\">\
             &lt;/a&gt;&amp;amp;&#39;\u{fffd}\u{fffd}&#13;\n</a>"
        );
    }

    /// Proves that a query value keeps to itself.
    #[test]
    fn values_are_encoded() {
        assert_eq!(encoded("a-Z_9.~"), "a-Z_9.~");
        assert_eq!(encoded("é&=#?/ +\""), "%C3%A9%26%3D%23%3F%2F%20%2B%22");
    }
}
