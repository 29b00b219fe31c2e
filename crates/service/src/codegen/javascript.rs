//! JavaScript classes with their types in comments, as a module (`mjs`) or in the older form of
//! Node (`js`).

use wire::{TypeKind, ValueType};

use super::description;
use super::generator::{Generator, SourceFile};
use super::model::{Member, ModelType};
use super::options::{OptionLine, line};
use super::source::Source;
use super::text::{identifier, in_block_comment, quoted};
use super::typescript::types::{is_numeric, member_name, value_type};

const OPTIONS: &[OptionLine] = &[
    line("AddServiceStackTypes", "True"),
    line("AddDocAnnotations", "True"),
    line("AddDescriptionAsComments", "True"),
    line("IncludeTypes", ""),
    line("ExcludeTypes", ""),
    line("DefaultImports", ""),
];

/// JavaScript as a module.
pub(super) const MODULE: Generator = Generator {
    options: OPTIONS,
    framework_name: |name| Some(format!("ServiceStack{name}")),
    ..Generator::usual(write_module)
};

/// JavaScript that exports by `exports`. The original writes functions with prototypes here;
/// classes do the same in everything that runs today.
pub(super) const COMMON_JS: Generator = Generator { write: write_common_js, ..MODULE };

fn write_module(file: &SourceFile<'_>, out: &mut Source) {
    out.line("\"use strict\";");
    for (names, module) in imports(file) {
        let from = names.map(|names| format!("{{ {names} }} from ")).unwrap_or_default();
        out.line(format!("import {from}{module};"));
    }
    Writer { file, export: "export " }.all(out);
}

fn write_common_js(file: &SourceFile<'_>, out: &mut Source) {
    out.lines(["\"use strict\";", "exports.__esModule = true;"]);
    for (names, module) in imports(file) {
        let target = names.map(|names| format!("const {{ {names} }} = ")).unwrap_or_default();
        out.line(format!("{target}require({module});"));
    }
    Writer { file, export: "" }.all(out);
    for item in &file.model.types {
        let name = file.type_name(item.meta);
        out.line(format!("exports.{name} = {name};"));
    }
}

/// The names that an import takes, if it names any, and the module in quotes.
fn imports<'f>(file: &'f SourceFile<'_>) -> impl Iterator<Item = (Option<&'f str>, String)> {
    file.options.list("DefaultImports").map(|entry| {
        let (names, module) = entry.split_once(':').unwrap_or(("", entry));
        (Some(names).filter(|names| !names.is_empty()), quoted(module, '"', &[]))
    })
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
    /// What stands before each declaration.
    export: &'static str,
}

impl Writer<'_, '_> {
    fn all(&self, out: &mut Source) {
        for item in &self.file.model.types {
            if item.meta.kind == TypeKind::Record {
                self.class(item, out);
            } else {
                self.enumeration(item, out);
            }
        }
    }

    fn has_annotations(&self) -> bool {
        self.file.options.flag("AddDocAnnotations")
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        description::tagged(self.file, item.description(), out);
        let base = item.base().map(|base| self.file.type_name(base));
        let extends = base.as_ref().map(|base| format!(" extends {base}")).unwrap_or_default();
        let name = self.file.type_name(item.meta);
        out.block(&format!("{}class {name}{extends} {{", self.export), "}", |out| {
            self.parameters(item, out);
            let call_base = if base.is_some() { "super(init); " } else { "" };
            out.line(format!("constructor(init) {{ {call_base}Object.assign(this, init) }}"));
            for member in &item.members {
                self.member(item, member, out);
            }
            self.methods(item, out);
        });
    }

    /// What the constructor takes: the members of the class, then those of its bases.
    fn parameters(&self, item: &ModelType<'_>, out: &mut Source) {
        let inherited = item.meta.all_members().skip(item.meta.members.len());
        let members = item.members.iter().map(|member| member.meta).chain(inherited);
        let parameters: Vec<String> = members
            .map(|member| {
                let name = member_name(member.name.in_style(item.names));
                format!("{name}?:{}", value_type(self.file, &member.value))
            })
            .collect();
        if self.has_annotations() && !parameters.is_empty() {
            out.line(format!("/** @param {{{{{}}}}} [init] */", parameters.join(",")));
        }
    }

    fn member(&self, item: &ModelType<'_>, member: &Member, out: &mut Source) {
        let mark = if matches!(member.meta.value, ValueType::Nullable(_)) { "?" } else { "" };
        let kind = format!("@type {{{mark}{}}}", value_type(self.file, &member.meta.value));
        match self.file.description(member.meta.description).map(in_block_comment) {
            Some(text) if self.has_annotations() => {
                let last = format!(" * @description {text} */");
                out.lines(["/**", &format!(" * {kind}"), &last]);
            }
            _ if self.has_annotations() => out.line(format!("/** {kind} */")),
            Some(text) => out.line(format!("/** {text} */")),
            None => {}
        }
        let initial = member.initial.map(|initial| format!(" = {initial}")).unwrap_or_default();
        out.line(format!("{}{initial};", member_name(item.member_name(member))));
    }

    /// What clients ask a request for.
    fn methods(&self, item: &ModelType<'_>, out: &mut Source) {
        let Some(operation) = self.file.operation(item) else { return };
        let name = quoted(operation.name(), '\'', &[]);
        let verb = operation.client_verb().name();
        out.line(format!("getTypeName() {{ return {name} }}"));
        out.line(format!("getMethod() {{ return '{verb}' }}"));
        out.line(match operation.response {
            Some(response) => {
                let response = self.file.type_name(response);
                format!("createResponse() {{ return new {response}() }}")
            }
            None => "createResponse() { }".to_owned(),
        });
    }

    fn enumeration(&self, item: &ModelType<'_>, out: &mut Source) {
        let name = self.file.type_name(item.meta);
        let members = item.meta.enum_members;
        let is_numeric = is_numeric(item.meta);
        if self.has_annotations() {
            let texts: Vec<_> = members.iter().map(|m| quoted(m.text(), '\'', &[])).collect();
            let kind = if is_numeric { "number".to_owned() } else { texts.join("|") };
            out.line(format!("/** @typedef {{{}}} */", in_block_comment(&kind)));
        }
        out.line(format!("{}var {name};", self.export));
        let close = format!("}})({name} || ({name} = {{}}));");
        out.block(&format!("(function ({name}) {{"), &close, |out| {
            for member in members {
                let key = quoted(&identifier(member.name), '"', &[]);
                out.line(if is_numeric {
                    format!("{name}[{name}[{key}] = {}] = {key}", member.number)
                } else {
                    format!("{name}[{key}] = {}", quoted(member.text(), '"', &[]))
                });
            }
        });
    }
}
