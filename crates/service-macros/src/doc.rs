//! Doc comments as plain text, for people who use the service and never see its source.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comment among a declaration's attributes; a paragraph is one line. Backticks and links
/// are left out, and so are citations in brackets of the specification, which only maintainers
/// have.
pub(crate) fn doc(attributes: &[Attribute]) -> Option<String> {
    let lines: Vec<String> = attributes.iter().filter_map(line).collect();
    let text = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
    let paragraphs = text.trim().split("\n\n").map(|paragraph| paragraph.replace('\n', " "));
    let text = paragraphs.collect::<Vec<_>>().join("\n\n");
    let text = without_citations(&without_links(&text)).replace('`', "");
    (!text.is_empty()).then_some(text)
}

/// `/// text` is `#[doc = " text"]` to a macro.
fn line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// ``[`Name`]`` becomes its name, `[text](address)` its text.
fn without_links(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        rest = after;
        match after.split_once(']') {
            Some((shown, after)) if after.starts_with('(') && after.contains(')') => {
                plain.push_str(shown);
                rest = after.split_once(')').map_or("", |(_, after)| after);
            }
            Some((shown, after)) if shown.starts_with('`') => {
                plain.push_str(shown);
                rest = after;
            }
            _ => plain.push('['),
        }
    }
    plain + rest
}

/// Drops brackets that name a section: ``(`domain.md §3.2`)``.
fn without_citations(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('(') {
        plain.push_str(before);
        rest = after;
        match after.split_once(')') {
            Some((inside, after)) if inside.contains('§') => {
                plain.truncate(plain.trim_end().len());
                rest = after;
            }
            _ => plain.push('('),
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::doc;
    use syn::DeriveInput;

    fn check(declaration: &str, expected: Option<&str>) {
        let input: DeriveInput = syn::parse_str(&format!("{declaration} struct A;")).unwrap();
        assert_eq!(doc(&input.attrs).as_deref(), expected, "{declaration}");
    }

    /// Proves that what is shown reads as a sentence, without marks and citations.
    #[test]
    fn docs_become_plain_text() {
        check("", None);
        check("/** */", None);
        check("#[doc(hidden)]", None);
        check("/// One\n/// line.\n///\n/// Another.\n", Some("One line.\n\nAnother."));
        check("/// The answer to [`Order`], see [it](https://a.b).\n", {
            Some("The answer to Order, see it.")
        });
        check("/// Its state (`domain.md §7.1`), or none.\n", Some("Its state, or none."));
        check("/// A day (UTC) of [0, 1].\n", Some("A day (UTC) of [0, 1]."));
        check("/// `card` or `free` (open [ and (\n", Some("card or free (open [ and ("));
    }
}
