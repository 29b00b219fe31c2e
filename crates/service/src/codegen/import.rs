//! What files import besides their own types.

use super::options::Options;
use super::text::identifier;

/// The entries of `DefaultImports` that are names with `separator` between them and perhaps `*` at
/// the end; others would be more than an import.
pub(super) fn paths<'o>(options: &'o Options, separator: &str) -> Vec<&'o str> {
    let is_word = |word: &str| identifier(word) == word;
    let is_path = |path: &&str| {
        let all_but_star = path
            .strip_suffix('*')
            .map_or(*path, |path| path.strip_suffix(separator).unwrap_or("*"));
        all_but_star.split(separator).all(is_word)
    };
    options.list("DefaultImports").filter(is_path).collect()
}

#[cfg(test)]
mod tests {
    use super::paths;
    use crate::codegen::options::{Options, line};

    /// Proves that nothing but a path becomes an import.
    #[test]
    fn imports_are_paths() {
        const LINES: &[crate::codegen::options::OptionLine] =
            &[line("DefaultImports", "a.b,a.b.*,a,*,a*,a.*.b,a/*,a..b,.a,a-b,a::b,a b")];
        assert_eq!(paths(&Options::defaults(LINES), "."), ["a.b", "a.b.*", "a"]);
    }
}
