//! What options do.

use service::codegen::Language;

use crate::{LANGUAGES, ask, file};

fn check(language: Language, query: &[(&str, &str)], expected: &[&str], absent: &[&str]) {
    let source = file("samples", language, query);
    for text in expected {
        assert!(source.contains(text), "{language:?} {query:?} lacks {text}: {source}");
    }
    for text in absent {
        assert!(!source.contains(text), "{language:?} {query:?} has {text}: {source}");
    }
}

/// Proves that an option that is given loses its prefix in the header, so that tools repeat it.
#[test]
fn given_options_stand_in_the_header() {
    for language in LANGUAGES {
        let off = if language == Language::Python { "#" } else { "//" };
        let query = [("IncludeTypes", "Forget"), ("AddDescriptionAsComments", "false")];
        let given = ["\nIncludeTypes: Forget\n", "\nAddDescriptionAsComments: False\n"];
        let prefixed = format!("\n{off}AddServiceStackTypes: True\n");
        check(language, &query, &given, &[]);
        check(
            language,
            &[],
            &[&prefixed, " Options:\n", "\nBaseUrl: https://example.org/samples\n"],
            &[],
        );
    }
}

/// Proves each option of Python.
#[test]
fn python_options() {
    let python = |query: &[_], expected, absent| check(Language::Python, query, expected, absent);
    python(&[], &["    flag: bool = False\n", "    numbers: Optional[List[int]] = None\n"], &[]);
    let optional = ["    flag: Optional[bool] = None\n", "\nMakePropertiesOptional: True\n"];
    python(&[("MakePropertiesOptional", "true")], &optional, &[]);
    let filled = ["    numbers: List[int] = field(default_factory=list)\n"];
    python(&[("InitializeCollections", "true")], &filled, &[]);
    let status = ["    response_status: Optional[ResponseStatus] = None\n"];
    python(&[("AddResponseStatus", "true"), ("IncludeTypes", "FindNodes.*")], &status, &[]);
    python(&[("AddImplicitVersion", "7")], &["    version: int = 7\n"], &[]);
    python(&[("AddDescriptionAsComments", "false")], &[], &["\"\"\"\n    How many."]);
    let imports = ["\nimport os.path\nfrom typing import List, Dict\n"];
    python(&[("DefaultImports", "os.path,typing:List/Dict")], &imports, &["marshmallow import"]);
    python(&[("DataClass", "dataclass(order=True)")], &["\n@dataclass(order=True)\n"], &[]);
}

/// Proves each option of Kotlin.
#[test]
fn kotlin_options() {
    let kotlin = |query: &[_], expected, absent| check(Language::Kotlin, query, expected, absent);
    kotlin(&[("Package", "my.types")], &["*/\n\npackage my.types\n\nimport java"], &[]);
    let filled = ["var numbers:ArrayList<Int> = ArrayList<Int>()\n"];
    kotlin(&[("InitializeCollections", "true")], &filled, &[]);
    let treated = ["var price:String? = null", "var maybePrice:String? = null"];
    kotlin(&[("TreatTypesAsStrings", "Decimal,Guid")], &treated, &["UUID", ":BigDecimal"]);
    kotlin(&[("AddImplicitVersion", "7")], &["    var version:Int? = 7\n"], &[]);
    kotlin(&[("DefaultImports", "a.b.*")], &["\nimport a.b.*\n"], &["import java"]);
}

/// Proves each option of TypeScript and JavaScript.
#[test]
fn script_options() {
    let script = |language, query: &[_], expected: &[&str]| check(language, query, expected, &[]);
    let optional = ["    public flag?: boolean;\n"];
    script(Language::TypeScript, &[("MakePropertiesOptional", "true")], &optional);
    let space = ["export namespace My.Types {\n", "\n    export class Node extends Entity\n"];
    script(Language::TypeScript, &[("GlobalNamespace", "My.Types")], &space);
    let import = ["import { A, B } from \"./c\";\n"];
    script(Language::TypeScript, &[("DefaultImports", "A/B:./c")], &import);
    let definition = Language::TypeScriptDefinition;
    script(definition, &[], &["\n    flag?: boolean;\n", "declare enum Color\n"]);
    script(definition, &[("MakePropertiesOptional", "false")], &["\n    flag: boolean;\n"]);
    script(
        definition,
        &[("GlobalNamespace", "My")],
        &["declare namespace My {\n", "    enum Color"],
    );
    let plain = [("AddDocAnnotations", "false")];
    check(Language::JavaScript, &plain, &["export class Node"], &["@type", "@param"]);
    script(
        Language::CommonJs,
        &[],
        &["\nclass Node extends Entity {\n", "\nexports.Node = Node;\n"],
    );
}

/// Proves that a value that its option does not take is refused with its name, not ignored.
#[test]
fn wrong_options_are_refused() {
    for (name, value) in [("MakePropertiesOptional", "perhaps"), ("Package", "a b")] {
        let reply = ask("samples", Language::Kotlin, &[(name, value)], "https://example.org");
        assert_eq!(reply.status, 400);
        assert!(String::from_utf8(reply.body).unwrap().contains(name));
    }
}
