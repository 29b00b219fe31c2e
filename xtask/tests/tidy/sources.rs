//! Rust sources: sizes, and words that must not be left behind.

use std::fs;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::files::{assert_none, shown, with_extension};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const LINE_COLUMNS_MAX: usize = 100;

/// Written in halves, so that this file does not find itself.
const LEFT_BEHIND: [&str; 4] = [
    concat!("to", "do!"),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("unimple", "mented!("),
];

/// Applies a check to every source file.
fn check_all(check: fn(&str) -> Vec<String>) {
    let findings = with_extension("rs").into_iter().flat_map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        check(&text).into_iter().map(move |finding| format!("{}: {finding}", shown(&path)))
    });
    assert_none(&findings.collect::<Vec<_>>());
}

fn file_length(text: &str) -> Vec<String> {
    let lines = text.lines().count();
    let finding = format!("{lines} lines, more than {FILE_LINES_MAX}; split it");
    if lines > FILE_LINES_MAX { vec![finding] } else { Vec::new() }
}

fn line_lengths(text: &str) -> Vec<String> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.chars().count()));
    let long = lines.filter(|(_, columns)| *columns > LINE_COLUMNS_MAX);
    long.map(|(line, columns)| format!("line {line} has {columns} columns")).collect()
}

fn function_lengths(text: &str) -> Vec<String> {
    let file = match syn::parse_file(text) {
        Ok(file) => file,
        Err(error) => return vec![format!("cannot be read: {error}")],
    };
    let mut functions = Functions::default();
    functions.visit_file(&file);
    functions.findings
}

#[derive(Default)]
struct Functions {
    findings: Vec<String>,
}

impl Functions {
    fn check(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let lines = block.span().end().line - signature.span().start().line + 1;
        if lines > FUNCTION_LINES_MAX {
            let name = &signature.ident;
            self.findings
                .push(format!("fn {name} has {lines} lines, more than {FUNCTION_LINES_MAX}"));
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.check(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.check(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.check(&item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

fn left_behind(text: &str) -> Vec<String> {
    let found = |line: &str| LEFT_BEHIND.into_iter().find(|word| line.contains(word));
    let lines = text.lines().enumerate();
    lines
        .filter_map(|(index, line)| Some(format!("line {} has `{}`", index + 1, found(line)?)))
        .collect()
}

#[test]
fn no_file_is_too_long() {
    // Proves that a file still has one subject (style: 500 lines at most).
    check_all(file_length);
}

#[test]
fn no_line_is_too_long() {
    // Proves what rustfmt does not: that strings and comments fit beside each other too.
    check_all(line_lengths);
}

#[test]
fn no_function_is_too_long() {
    // Proves that every function can be read at one look (70 lines at most).
    check_all(function_lengths);
}

#[test]
fn nothing_was_left_behind() {
    // Proves that no note to oneself reaches the repository.
    check_all(left_behind);
}

#[test]
fn the_checks_find_what_they_look_for() {
    // Proves that each check above can fail.
    let long_body = "fn f() {\n".to_owned() + &"    g();\n".repeat(FUNCTION_LINES_MAX) + "}\n";
    assert_eq!(function_lengths(&long_body).len(), 1);
    assert_eq!(function_lengths(&format!("trait T {{ {long_body} }}")).len(), 1);
    assert_eq!(function_lengths(&format!("impl T {{ {long_body} }}")).len(), 1);
    assert_eq!(function_lengths(&format!("fn g() {{ {long_body} }}")).len(), 2);
    assert!(function_lengths("fn f() {\n    g();\n}\n").is_empty());
    assert_eq!(file_length(&"\n".repeat(FILE_LINES_MAX + 1)).len(), 1);
    assert_eq!(line_lengths(&"ð".repeat(LINE_COLUMNS_MAX + 1)).len(), 1);
    assert!(line_lengths(&"ð".repeat(LINE_COLUMNS_MAX)).is_empty());
    assert_eq!(left_behind(concat!("fine\n// FIX", "ME later")).len(), 1);
}
