//! JavaScript classes with their types in comments, as a module (`mjs`) or in the older form of
//! Node (`js`).

use wire::{TypeKind, ValueType};

use super::framework::Owned;
use super::generator::{Facts, Generator, Order, SourceFile};
use super::header::C_COMMENTS;
use super::model::{Member, ModelType};
use super::options::{OptionLine, line};
use super::source::Source;
use super::text::{identifier, in_block_comment, quoted};
use super::typescript::types::{is_numeric, member_name, value_type};

/// JavaScript as a module.
pub(crate) struct Module;

/// JavaScript that exports by `exports`. The original writes functions with prototypes here;
/// classes do the same in everything that runs today.
pub(crate) struct CommonJs;

const OPTIONS: &[OptionLine] = &[
    line("AddServiceStackTypes", "True"),
    line("AddDocAnnotations", "True"),
    line("AddDescriptionAsComments", "True"),
    line("IncludeTypes", ""),
    line("ExcludeTypes", ""),
    line("DefaultImports", ""),
];

const FACTS: Facts =
    Facts { comments: &C_COMMENTS, options: OPTIONS, order: Order::Dependency, owned: Owned::NONE };

impl Generator for Module {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn framework_name(&self, name: &str) -> Option<String> {
        Some(format!("ServiceStack{name}"))
    }

    fn write(&self, file: &SourceFile<'_>, out: &mut Source) {
        out.line("\"use strict\";");
        for entry in file.options.list("DefaultImports") {
            let (names, module) = entry.split_once(':').unwrap_or(("", entry));
            let from =
                if names.is_empty() { String::new() } else { format!("{{ {names} }} from ") };
            out.line(format!("import {from}{};", quoted(module, '"', &[])));
        }
        Writer { file, export: "export " }.all(out);
    }
}

impl Generator for CommonJs {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn framework_name(&self, name: &str) -> Option<String> {
        Some(format!("ServiceStack{name}"))
    }

    fn write(&self, file: &SourceFile<'_>, out: &mut Source) {
        out.lines(["\"use strict\";", "exports.__esModule = true;"]);
        for entry in file.options.list("DefaultImports") {
            let (names, module) = entry.split_once(':').unwrap_or(("", entry));
            let target =
                if names.is_empty() { String::new() } else { format!("const {{ {names} }} = ") };
            out.line(format!("{target}require({});", quoted(module, '"', &[])));
        }
        Writer { file, export: "" }.all(out);
        for item in &file.model.types {
            let name = file.type_name(item.meta);
            out.line(format!("exports.{name} = {name};"));
        }
    }
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

    fn description<'t>(&self, text: Option<&'t str>) -> Option<&'t str> {
        text.filter(|_| self.file.has_descriptions())
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        if let Some(text) = self.description(item.description()) {
            out.line(format!("/** @description {} */", in_block_comment(text)));
        }
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
        match self.description(member.meta.description).map(in_block_comment) {
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
