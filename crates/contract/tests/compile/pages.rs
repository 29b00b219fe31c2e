//! Operation pages, which no compiler needs to see for this.

use service::codegen::{self, Language};

/// Words before the name of a type that a source defines.
const DECLARING: [&str; 8] =
    ["class", "const", "enum", "interface", "module", "open", "struct", "type"];

/// How sources call a type of a client library.
const LIBRARIES: [&str; 3] = ["ServiceStack::", "servicestack.", "ss."];

/// Proves that what a page defines has a name of its own, also where it is a type that the client
/// library has too.
#[test]
fn types_are_defined_by_plain_names() {
    for host in contract::hosts("Agents", "Clubs") {
        for operation in host.visible_operations() {
            for language in Language::all() {
                let source = codegen::operation_source(&host, operation, language).unwrap();
                let words: Vec<&str> = source.split_whitespace().collect();
                for pair in words.windows(2).filter(|pair| DECLARING.contains(&pair[0])) {
                    let is_theirs = LIBRARIES.iter().any(|library| pair[1].starts_with(library));
                    assert!(!is_theirs, "{language:?} {}: {pair:?}", operation.name());
                }
            }
        }
    }
}
