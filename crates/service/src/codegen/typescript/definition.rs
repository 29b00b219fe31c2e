//! TypeScript declarations: interfaces without code, for projects that only want the shapes.

use wire::TypeKind;

use super::types::{is_optional, member_name, value_type};
use super::{GENERATOR, enum_lines, implemented, imports, verb_markers};
use crate::codegen::attribute;
use crate::codegen::generator::{Generator, SourceFile};
use crate::codegen::model::ModelType;
use crate::codegen::options::{OptionLine, line};
use crate::codegen::source::Source;
use crate::codegen::text::{clause, identifier, in_block_comment};

const OPTIONS: &[OptionLine] = &[
    line("GlobalNamespace", ""),
    line("MakePropertiesOptional", "True"),
    line("AddServiceStackTypes", "True"),
    line("AddResponseStatus", "False"),
    line("AddImplicitVersion", ""),
    line("AddDescriptionAsComments", "True"),
    line("IncludeTypes", ""),
    line("ExcludeTypes", ""),
    line("DefaultImports", ""),
];

/// The language.
pub(crate) const DEFINITION: Generator = Generator { options: OPTIONS, write, ..GENERATOR };

fn write(file: &SourceFile<'_>, out: &mut Source) {
    imports(file, out);
    match file.options.text("GlobalNamespace") {
        "" => all(file, "declare ", out),
        name => {
            let open = format!("declare namespace {name} {{");
            out.block(&open, "}", |out| all(file, "", out));
        }
    }
}

/// All types. An enum outside a namespace says that it is declared elsewhere.
fn all(file: &SourceFile<'_>, declare: &str, out: &mut Source) {
    if file.is_file() {
        let markers = ["IReturn<T>", "IReturnVoid"].into_iter().chain(verb_markers(file));
        for name in markers {
            out.lines([&format!("interface {name}"), "{", "}", ""]);
        }
        for name in file.model.interfaces() {
            out.lines([&format!("interface {}", identifier(name)), "{", "}", ""]);
        }
    }
    for item in &file.model.types {
        description(file, item.description(), out);
        if file.is_file() {
            out.lines(attribute::routes(item).map(|route| format!("// @{route}")));
        }
        if item.meta.kind == TypeKind::Record {
            interface(file, item, out);
        } else {
            out.line(format!("{declare}enum {}", file.type_name(item.meta)));
            out.block("{", "}", |out| out.lines(enum_lines(item.meta)));
        }
        out.blank();
    }
}

fn interface(file: &SourceFile<'_>, item: &ModelType<'_>, out: &mut Source) {
    let base = item.base().map(|base| file.type_name(base));
    let bases: Vec<String> = base.into_iter().chain(implemented(file, item)).collect();
    let extends = clause("extends", &bases);
    out.line(format!("interface {}{extends}", file.type_name(item.meta)));
    out.block("{", "}", |out| {
        for member in &item.members {
            description(file, member.meta.description, out);
            let name = member_name(item.member_name(member));
            let mark = if is_optional(file, member) { "?" } else { "" };
            out.line(format!("{name}{mark}: {};", value_type(file, &member.meta.value)));
        }
    });
}

fn description(file: &SourceFile<'_>, text: Option<&str>, out: &mut Source) {
    if let Some(text) = text.filter(|_| file.has_descriptions()) {
        out.line(format!("/** {} */", in_block_comment(text)));
    }
}
