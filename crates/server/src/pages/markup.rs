//! Markup and foreign text, kept apart by type.

/// A document that is being written.
#[derive(Default)]
pub(super) struct Markup(String);

impl Markup {
    /// Adds markup of the program itself.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Markup {
        self.0.push_str(markup);
        self
    }

    /// Adds a text from anywhere, as it may stand in contents and in quoted values.
    pub(super) fn text(&mut self, text: &str) -> &mut Markup {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
        self
    }

    /// Adds an element with a text in it; `tag` may carry attributes of the program's own.
    pub(super) fn element(&mut self, tag: &str, text: &str) -> &mut Markup {
        let name = tag.split(' ').next().unwrap_or(tag);
        self.raw("<").raw(tag).raw(">").text(text).raw("</").raw(name).raw(">")
    }

    /// The document.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Markup;

    /// Proves that a foreign text cannot become markup, in contents or in a value.
    #[test]
    fn texts_stay_texts() {
        let mut page = Markup::default();
        page.element("p class=\"x\"", "<b>\"Ein & tvær'</b>");
        let expected = "<p class=\"x\">&lt;b&gt;&quot;Ein &amp; tvær&#39;&lt;/b&gt;</p>";
        assert_eq!(page.finish(), expected);
    }
}
