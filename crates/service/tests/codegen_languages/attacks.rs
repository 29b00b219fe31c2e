//! Texts that want to be code.

use service::codegen::Language;

use crate::syntax::{check_balance, code};

/// The languages that are attacked here.
const LANGUAGES: [Language; 11] = [
    Language::CSharp,
    Language::Rust,
    Language::Java,
    Language::Go,
    Language::FSharp,
    Language::VbNet,
    Language::Php,
    Language::Swift,
    Language::Dart,
    Language::Ruby,
    Language::Zig,
];

/// Options that change how texts are written.
const OPTIONS: [&[(&str, &str)]; 4] = [
    &[],
    &[("AddDescriptionAsComments", "False"), ("AddDataContractAttributes", "True")],
    &[("IncludeTypes", "Attack.*"), ("AddImplicitVersion", "3"), ("MakeInternal", "True")],
    &[
        ("DefaultImports", "a/*,*/PWNED,b//c,d.e.*"),
        ("AddNamespaces", "a/*,b-c,d//"),
        ("GlobalNamespace", "Class.end"),
        ("TreatTypesAsStrings", "Guid,*/PWNED{}"),
    ],
];

/// Proves that no description, route, name or option leaves its comment or its string.
#[test]
fn texts_do_not_become_code() {
    for language in LANGUAGES {
        for options in OPTIONS {
            for host in ["attacks", "samples", ""] {
                let source = crate::file(host, language, options);
                let code = code(&source, language);
                assert!(!code.contains("PWNED"), "{language:?}: {code}");
                check_balance(&code);
                for hidden in ['\u{202e}', '\u{2066}', '\u{feff}', '\u{0}'] {
                    assert!(!source.contains(hidden), "{language:?}: {hidden:?}");
                }
            }
        }
        let code = code(&crate::page(language), language);
        check_balance(&code);
    }
}
