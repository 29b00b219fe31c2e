//! TypeScript: classes that stand alone, and declarations without code (`servicestack.md §9.7`).

mod definition;
pub(super) mod types;

use wire::TypeMeta;

use super::attribute;
use super::description;
use super::generator::{Generator, SourceFile};
use super::model::{Member, ModelType};
use super::source::Source;
use super::text::{clause, identifier, quoted};

pub(super) use definition::DEFINITION;
use types::{is_numeric, is_optional, member_name, value_type};

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    framework_name: |name| Some(format!("ServiceStack{name}")),
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    if file.is_file() {
        // Members have no initial values, which strict projects refuse in code of their own.
        out.lines(["// @ts-nocheck", ""]);
    }
    imports(file, out);
    let writer = Writer { file };
    match file.options.text("GlobalNamespace") {
        "" => writer.all(out),
        name => out.block(&format!("export namespace {name} {{"), "}", |out| writer.all(out)),
    }
}

/// `Symbol:module` gives `import { Symbol } from "module";`.
fn imports(file: &SourceFile<'_>, out: &mut Source) {
    for entry in file.options.list("DefaultImports") {
        let (names, module) = entry.split_once(':').unwrap_or(("*", entry));
        let names = names.replace('/', ", ");
        let module = quoted(module, '"', &[]);
        out.line(if names == "*" {
            format!("import {module};")
        } else {
            format!("import {{ {names} }} from {module};")
        });
    }
}

/// Markers of verbs that requests of the model have, each once.
pub(super) fn verb_markers(file: &SourceFile<'_>) -> Vec<&'static str> {
    let operations = file.model.types.iter().filter_map(ModelType::operation);
    let mut markers: Vec<_> =
        operations.map(|operation| operation.client_verb().marker()).collect();
    markers.sort_unstable();
    markers.dedup();
    markers
}

/// Return marker, verb, the service's own interfaces.
fn implemented(file: &SourceFile<'_>, item: &ModelType<'_>) -> Vec<String> {
    let returns = |response: &TypeMeta| format!("IReturn<{}>", file.type_name(response));
    file.implemented(item, returns, identifier)
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
}

impl Writer<'_, '_> {
    fn all(&self, out: &mut Source) {
        if self.file.is_file() {
            self.interfaces(out);
        }
        for item in &self.file.model.types {
            self.item(item, out);
            out.blank();
        }
    }

    /// The framework's markers and the services' own interfaces.
    fn interfaces(&self, out: &mut Source) {
        for (name, response) in [("IReturn<T>", "T"), ("IReturnVoid", "void")] {
            let member = format!("createResponse(): {response};");
            out.line(format!("export interface {name}"));
            out.block("{", "}", |out| out.line(member));
            out.blank();
        }
        for name in verb_markers(self.file).into_iter().chain(self.file.model.interfaces()) {
            out.lines([&format!("export interface {}", identifier(name)), "{", "}", ""]);
        }
    }

    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        description::tagged(self.file, item.description(), out);
        out.lines(attribute::comments(self.file, item, "// @"));
        match item.meta.kind {
            wire::TypeKind::Record => self.class(item, out),
            _ => self.enumeration(item, out),
        }
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        let name = self.file.type_name(item.meta);
        let base = item.base().map(|base| format!(" extends {}", self.file.type_name(base)));
        let implements = clause("implements", &implemented(self.file, item));
        out.line(format!("export class {name}{}{implements}", base.unwrap_or_default()));
        out.block("{", "}", |out| {
            self.members(item, out);
            out.blank();
            let call_base = if item.base().is_some() { "super(init); " } else { "" };
            out.line(format!(
                "public constructor(init?: Partial<{name}>) \
                 {{ {call_base}(Object as any).assign(this, init); }}"
            ));
            self.methods(item, out);
        });
    }

    fn members(&self, item: &ModelType<'_>, out: &mut Source) {
        let mut needs_gap = false;
        for member in &item.members {
            if needs_gap {
                out.blank();
            }
            description::tagged(self.file, member.meta.description, out);
            let attribute = attribute::of_member(member.meta);
            out.lines(attribute.iter().map(|text| format!("// @{text}")));
            out.line(self.member_line(item, member));
            needs_gap = attribute.is_some();
        }
    }

    /// `public name: type;`.
    fn member_line(&self, item: &ModelType<'_>, member: &Member) -> String {
        let name = member_name(item.member_name(member));
        let mark = if is_optional(self.file, member) { "?" } else { "" };
        let kind = value_type(self.file, &member.meta.value);
        let initial = member.initial.map(|initial| format!(" = {initial}")).unwrap_or_default();
        format!("public {name}{mark}: {kind}{initial};")
    }

    /// What clients ask a request for.
    fn methods(&self, item: &ModelType<'_>, out: &mut Source) {
        let Some(operation) = self.file.operation(item) else { return };
        let name = quoted(operation.name(), '\'', &[]);
        let verb = operation.client_verb().name();
        out.line(format!("public getTypeName() {{ return {name}; }}"));
        out.line(format!("public getMethod() {{ return '{verb}'; }}"));
        out.line(match operation.response {
            Some(response) => {
                let response = self.file.type_name(response);
                format!("public createResponse() {{ return new {response}(); }}")
            }
            None => "public createResponse() {}".to_owned(),
        });
    }

    fn enumeration(&self, item: &ModelType<'_>, out: &mut Source) {
        out.line(format!("export enum {}", self.file.type_name(item.meta)));
        out.block("{", "}", |out| out.lines(enum_lines(item.meta)));
    }
}

/// `Name = 'text',` or `Name = number,`.
fn enum_lines(meta: &'static TypeMeta) -> impl Iterator<Item = String> {
    meta.enum_members.iter().map(move |member| {
        let name = identifier(member.name);
        let text = || quoted(member.text(), '\'', &[]);
        let value = if is_numeric(meta) { member.number.to_string() } else { text() };
        format!("{name} = {value},")
    })
}
