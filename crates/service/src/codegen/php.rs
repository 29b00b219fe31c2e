//! PHP, for the package `servicestack/client`.
//!
//! The package finds classes by the short name in a text. Two things differ from what other
//! services generate, because the documents of these hosts ask for it: dates and durations are
//! texts, because the package takes an ISO 8601 date for a number of milliseconds and refuses parts
//! of seconds; and members of numbered enums hold the number, because it reads an enum by the name
//! of a case only.

mod names;
mod value;

use wire::{TypeKind, TypeMeta};

use super::attribute;
use super::description;
use super::enumeration::{is_number_on_wire, shows_numbers};
use super::framework::{ACCESS, AUDIT, CANCELLATION, CLIENT, NAVIGATION, Owned, REGISTRATION};
use super::generator::{Generator, SourceFile};
use super::import;
use super::model::{Member, ModelType, is_framework_type};
use super::options::{Options, usual};
use super::source::Source;

use names::{case_name, class_name, line_comment, property_name, string};

/// What files use of PHP itself.
const PHP_IMPORTS: &[&str] = &["Exception", "JsonSerializable"];

/// What files use of the package besides its types.
const HELPERS: &[&str] = &[
    "ByteArray",
    "IDelete",
    "IGet",
    "IPatch",
    "IPost",
    "IPut",
    "IReturn",
    "IReturnVoid",
    "JsonConverters",
    "Returns",
];

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    options: &usual("dtos", ""),
    owned: Owned::Groups(&[CLIENT, ACCESS, REGISTRATION, AUDIT, NAVIGATION, CANCELLATION]),
    first_line: |options| Some(format!("<?php namespace {};", namespace(options))),
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    let writer = Writer { file };
    out.blank();
    writer.imports(out);
    out.blank();
    for interface in file.interfaces() {
        out.blank();
        out.lines([&format!("interface {}", class_name(interface)), "{", "}"]);
    }
    for item in &file.model.types {
        out.blank();
        writer.item(item, out);
    }
}

/// The namespace of the file, in PHP's spelling.
fn namespace(options: &Options) -> String {
    options.text("GlobalNamespace").replace('.', "\\")
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
}

impl Writer<'_, '_> {
    /// Imports what the file does not define itself.
    fn imports(&self, out: &mut Source) {
        out.lines(PHP_IMPORTS.iter().map(|name| format!("use {name};")));
        out.line(format!("use ServiceStack\\{{{}}};", HELPERS.join(",")));
        let types = &self.file.model.types;
        let is_defined =
            |name: &str| types.iter().any(|item| self.name(item.meta).eq_ignore_ascii_case(name));
        let mut free: Vec<&str> =
            GENERATOR.owned.names().filter(|name| !is_defined(name)).collect();
        free.sort_unstable();
        out.line(format!("use ServiceStack\\{{{}}};", free.join(",")));
        let asked = import::paths(self.file.options, ".").into_iter();
        let paths = asked.filter(|path| !path.ends_with('*'));
        out.lines(paths.map(|path| format!("use {};", path.replace('.', "\\"))));
    }

    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        description::tagged(self.file, item.description(), out);
        let comments = attribute::comments(self.file, item, "");
        out.lines(comments.map(|text| line_comment(&text)));
        match item.meta.kind {
            TypeKind::Record => self.class(item, out),
            _ => self.enumeration(item.meta, out),
        }
    }

    fn enumeration(&self, meta: &TypeMeta, out: &mut Source) {
        let is_number = is_number_on_wire(meta);
        if is_number && shows_numbers(meta) && meta.kind == TypeKind::FlagsEnum {
            out.line("// @Flags()");
        }
        let kind = if is_number { "int" } else { "string" };
        out.line(format!("enum {} : {kind}", self.name(meta)));
        out.block("{", "}", |out| {
            out.lines(meta.enum_members.iter().map(|member| {
                let value =
                    if is_number { member.number.to_string() } else { string(member.text()) };
                format!("case {} = {value};", case_name(member.name))
            }));
        });
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        let response = self.file.operation(item).and_then(|operation| operation.response);
        if let Some(response) = response {
            out.line(format!("#[Returns({})]", string(&self.name(response))));
        }
        let mut interfaces = self.file.implemented(item, |_| "IReturn".to_owned(), class_name);
        interfaces.push("JsonSerializable".to_owned());
        let base = item.base().map(|base| format!(" extends {}", self.name(base)));
        let base = base.unwrap_or_default();
        let name = self.name(item.meta);
        out.line(format!("class {name}{base} implements {}", interfaces.join(", ")));
        out.block("{", "}", |out| {
            self.constructor(item, out);
            out.blank();
            self.reader(item, out);
            out.blank();
            self.serializer(item, out);
            self.request_methods(item, out);
        });
    }

    /// Members of the bases are plain parameters, which are handed on; its own are properties.
    fn constructor(&self, item: &ModelType<'_>, out: &mut Source) {
        let inherited = self.file.model.inherited(item);
        if inherited.is_empty() && item.members.is_empty() {
            out.lines(["public function __construct()", "{", "}"]);
            return;
        }
        out.line("public function __construct(");
        let property = |member: &Member| property_name(item.member_name(member));
        let is_own = |name: &str| item.members.iter().any(|member| property(member) == name);
        let mut parameters: Vec<Vec<String>> = Vec::new();
        for member in inherited.iter().filter(|member| !is_own(&property(member))) {
            parameters.push(vec![self.parameter(item, member)]);
        }
        for member in &item.members {
            parameters.push(self.property(item, member));
        }
        let count = parameters.len();
        out.indented(|out| {
            for (place, lines) in parameters.into_iter().enumerate() {
                let end = if place + 1 == count { "" } else { "," };
                out.line(lines.join("\n        ") + end);
            }
        });
        out.line(") {");
        if item.base().is_some() {
            let all: Vec<String> =
                inherited.iter().map(|member| format!("${}", property(member))).collect();
            out.line(format!("    parent::__construct({});", all.join(",")));
        }
        out.line("}");
    }

    /// The lines of a promoted property.
    fn property(&self, item: &ModelType<'_>, member: &Member) -> Vec<String> {
        let mut lines = Source::new("");
        description::tagged(self.file, member.meta.description, &mut lines);
        lines.lines(attribute::of_member(member.meta).map(|text| line_comment(&text)));
        lines.line(format!("/** @var {} */", self.documented_type(item, member)));
        lines.line(format!("public {}", self.parameter(item, member)));
        lines.finish().lines().map(str::to_owned).collect()
    }

    fn reader(&self, item: &ModelType<'_>, out: &mut Source) {
        out.line("/** @throws Exception */");
        out.block("public function fromMap($o): void {", "}", |out| {
            if item.base().is_some() {
                out.line("parent::fromMap($o);");
            }
            for member in &item.members {
                let wire_name = item.member_name(member);
                let source = format!("$o[{}]", string(wire_name));
                let target = format!("$this->{}", property_name(wire_name));
                let value = self.read(&member.meta.value, &source);
                out.line(format!("if (isset({source})) {target} = {value};"));
            }
        });
    }

    /// An empty request of the base is an object, which takes no entries: hence `(array)`.
    fn serializer(&self, item: &ModelType<'_>, out: &mut Source) {
        out.line("/** @throws Exception */");
        out.line("public function jsonSerialize(): mixed");
        out.block("{", "}", |out| {
            out.line(match item.base() {
                Some(_) => "$o = (array) parent::jsonSerialize();",
                None => "$o = [];",
            });
            for member in &item.members {
                let wire_name = item.member_name(member);
                let source = format!("$this->{}", property_name(wire_name));
                let target = format!("$o[{}]", string(wire_name));
                let value = self.write_value(&member.meta.value, &source);
                out.line(format!("if (isset({source})) {target} = {value};"));
            }
            out.line("return empty($o) ? new class(){} : $o;");
        });
    }

    /// What the client needs to send a request.
    fn request_methods(&self, item: &ModelType<'_>, out: &mut Source) {
        let Some(operation) = self.file.operation(item) else { return };
        let verb = operation.client_verb().name();
        let name = string(item.meta.name);
        out.line(format!("public function getTypeName(): string {{ return {name}; }}"));
        out.line(format!("public function getMethod(): string {{ return '{verb}'; }}"));
        out.line(match operation.response {
            Some(response) => format!(
                "public function createResponse(): mixed {{ return new {}(); }}",
                self.name(response)
            ),
            None => "public function createResponse(): void {}".to_owned(),
        });
    }

    fn name(&self, meta: &TypeMeta) -> String {
        class_name(&self.file.type_name(meta))
    }

    /// The name of a type in a text, by which the package finds it.
    fn searched_name(&self, meta: &TypeMeta) -> String {
        let name = self.name(meta);
        match self.is_hidden(meta) {
            true => format!("{}\\{name}", namespace(self.file.options)),
            false => name,
        }
    }

    /// Whether the package has another type of that name.
    fn is_hidden(&self, meta: &TypeMeta) -> bool {
        !is_framework_type(meta) && GENERATOR.owned.has(&self.name(meta))
    }
}
