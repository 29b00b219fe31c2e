//! TypeScript declarations: interfaces without code, for projects that only want the shapes.

use wire::TypeKind;

use super::types::{is_optional, member_name, value_type};
use super::{enum_lines, imports, verb_markers};
use crate::codegen::attribute;
use crate::codegen::generator::{Generator, Order, SourceFile};
use crate::codegen::header::{C_COMMENTS, CommentStyle};
use crate::codegen::model::ModelType;
use crate::codegen::options::{OptionLine, line};
use crate::codegen::source::Source;
use crate::codegen::text::{identifier, in_block_comment};

/// The language.
pub(crate) struct TypeScriptDefinition;

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

impl Generator for TypeScriptDefinition {
    fn comments(&self) -> &'static CommentStyle {
        &C_COMMENTS
    }

    fn option_lines(&self) -> &'static [OptionLine] {
        OPTIONS
    }

    fn order(&self) -> Order {
        Order::Dependency
    }

    /// Declarations stand alone too.
    fn owns(&self, _framework_type: &str) -> bool {
        false
    }

    fn framework_name(&self, name: &str) -> Option<String> {
        Some(format!("ServiceStack{name}"))
    }

    fn write(&self, file: &SourceFile<'_>, out: &mut Source) {
        imports(file, out);
        match file.options.text("GlobalNamespace") {
            "" => all(file, "declare ", out),
            name => {
                let open = format!("declare namespace {name} {{");
                out.block(&open, "}", |out| all(file, "", out));
            }
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
    let mut bases: Vec<String> = item.base().map(|base| file.type_name(base)).into_iter().collect();
    if let Some(operation) = item.operation().filter(|_| file.is_file()) {
        bases.push(match operation.response {
            Some(response) => format!("IReturn<{}>", file.type_name(response)),
            None => "IReturnVoid".to_owned(),
        });
        bases.push(operation.client_verb().marker().to_owned());
    }
    bases.extend(item.meta.interfaces.iter().map(|name| identifier(name)));
    let bases =
        if bases.is_empty() { String::new() } else { format!(" extends {}", bases.join(", ")) };
    out.line(format!("interface {}{bases}", file.type_name(item.meta)));
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
