//! Names, texts and comments as PHP takes them.

use super::{HELPERS, PHP_IMPORTS};
use crate::codegen::text::{identifier, one_line, single_quoted};

/// Words that no class may be called, in any case; `_` at the end makes them names.
const KEYWORDS: &str = "\
    __halt_compiler abstract and array as bool break callable case catch class clone const \
    continue declare default die do echo else elseif empty enddeclare endfor endforeach endif \
    endswitch endwhile eval exit extends false final finally float fn for foreach function \
    global goto if implements include include_once instanceof insteadof int interface isset \
    iterable list match mixed namespace never new null object or parent print private protected \
    public readonly require require_once return self static string switch throw trait true try \
    unset use var void while xor yield";

/// The name of a class.
pub(super) fn class_name(name: &str) -> String {
    let name = identifier(name);
    let imports = PHP_IMPORTS.iter().chain(HELPERS);
    let mut taken = KEYWORDS.split(' ').chain(imports.copied());
    if taken.any(|word| word.eq_ignore_ascii_case(&name)) { name + "_" } else { name }
}

/// The name of an enum's case.
pub(super) fn case_name(declared: &str) -> String {
    let name = identifier(declared);
    if name.eq_ignore_ascii_case("class") { name + "_" } else { name }
}

/// The name of a property, without its `$`.
pub(super) fn property_name(wire_name: &str) -> String {
    let name = identifier(wire_name);
    if name == "this" { name + "_" } else { name }
}

/// An attribute as a comment. The mark that ends PHP ends such a comment too.
pub(super) fn line_comment(text: &str) -> String {
    format!("// @{}", one_line(text).replace("?>", "? >"))
}

/// A string; one with hidden letters has each letter as an escape.
pub(super) fn string(text: &str) -> String {
    single_quoted(text).unwrap_or_else(|| {
        let escapes: String =
            text.chars().map(|letter| format!("\\u{{{:x}}}", u32::from(letter))).collect();
        format!("\"{escapes}\"")
    })
}

#[cfg(test)]
mod tests {
    use super::{class_name, line_comment, string};

    /// Proves that names, comments and strings stay what they are.
    #[test]
    fn nothing_becomes_code() {
        assert_eq!(class_name("List"), "List_");
        assert_eq!(class_name("exception"), "exception_");
        assert_eq!(line_comment("A(\"?>\")\n"), "// @A(\"? >\")");
        assert_eq!(string("a'b\\${x}"), r"'a\'b\\${x}'");
        assert_eq!(string("a\n"), r#""\u{61}\u{a}""#);
    }
}
