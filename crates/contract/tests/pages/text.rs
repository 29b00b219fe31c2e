//! The text that a reader of a page sees, as a browser would copy it.

/// Elements that begin and end lines.
const BLOCKS: [&str; 21] = [
    "article", "body", "caption", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "header",
    "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
];

/// Elements whose contents are not part of the text.
const NOT_TEXT: [&str; 3] = ["head", "script", "style"];

/// Reads a page. `leave_out` names further elements to pass over.
pub(crate) fn visible(page: &str, leave_out: &[&str]) -> String {
    let mut reading = Reading { leave_out, ..Reading::default() };
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        reading.text(&rest[..start]);
        let end = start + rest[start..].find('>').unwrap();
        reading.tag(&rest[start + 1..end]);
        rest = &rest[end + 1..];
    }
    reading.text(rest);
    reading.lines()
}

#[derive(Default)]
struct Reading<'t> {
    leave_out: &'t [&'t str],
    out: String,
    is_preformatted: bool,
    /// The element that is passed over, and how many of its name are open.
    passed_over: Option<(String, usize)>,
}

impl Reading<'_> {
    fn tag(&mut self, tag: &str) {
        let is_end = tag.starts_with('/');
        let name = tag.trim_start_matches('/').split(' ').next().unwrap().to_owned();
        if let Some((passed_over, open)) = &mut self.passed_over {
            if *passed_over == name {
                *open = if is_end { *open - 1 } else { *open + 1 };
            }
            if *open == 0 {
                self.passed_over = None;
            }
            return;
        }
        // Seen by screen readers, or when it has the focus, and by no other reader.
        let is_unseen = tag.contains("class=\"unseen");
        let names = NOT_TEXT.iter().chain(self.leave_out);
        if !is_end && (is_unseen || names.into_iter().any(|other| *other == name)) {
            self.passed_over = Some((name, 1));
            return;
        }
        if name == "pre" {
            self.is_preformatted = !is_end;
        }
        if BLOCKS.contains(&name.as_str()) {
            self.out.push('\n');
        }
    }

    fn text(&mut self, text: &str) {
        if self.passed_over.is_some() {
            return;
        }
        let text = unescaped(text);
        if self.is_preformatted {
            self.out.push_str(&text);
        } else {
            let mut words = text.split_ascii_whitespace().peekable();
            let blank = |is_there| if is_there { " " } else { "" };
            self.out.push_str(blank(text.starts_with(char::is_whitespace)));
            while let Some(word) = words.next() {
                self.out.push_str(word);
                self.out.push_str(blank(words.peek().is_some()));
            }
            self.out.push_str(blank(text.len() > 1 && text.ends_with(char::is_whitespace)));
        }
    }

    /// The lines that are not empty, without blanks at their ends.
    fn lines(self) -> String {
        let lines = self.out.lines().map(str::trim_end).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn unescaped(text: &str) -> String {
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#13;", "\r")];
    let text = entities.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&amp;", "&")
}

/// Proves the reading itself: lines, preformatted text, entities, and what is passed over.
#[test]
fn text_is_what_is_seen() {
    let page = "<head><title>T</title></head><body><a class=\"unseen\">Skip<b>x</b></a>\
        <h1>A  &lt;b&gt;</h1><p>one\n <b>two</b></p><nav><nav>x</nav>y</nav>\
        <pre>{\n\tc: &amp;lt;\n}\n\n</pre>end";
    assert_eq!(visible(page, &["nav"]), "A <b>\none two\n{\n\tc: &lt;\n}\nend");
    assert_eq!(visible(page, &["h1", "pre"]), "one two\nxyend");
}
