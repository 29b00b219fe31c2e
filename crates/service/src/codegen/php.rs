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
use super::enumeration::{is_number_on_wire, shows_numbers};
use super::generator::{Generator, Order, SourceFile};
use super::header::{C_COMMENTS, CommentStyle};
use super::import;
use super::model::{Member, ModelType, is_framework_type};
use super::options::{OptionLine, Options, line};
use super::source::Source;
use super::text::in_block_comment;

use names::{case_name, class_name, line_comment, property_name, string};

/// The language.
pub(crate) struct Php;

const OPTIONS: &[OptionLine] = &[
    line("GlobalNamespace", "dtos"),
    line("MakePropertiesOptional", "False"),
    line("AddServiceStackTypes", "True"),
    line("AddResponseStatus", "False"),
    line("AddImplicitVersion", ""),
    line("AddDescriptionAsComments", "True"),
    line("IncludeTypes", ""),
    line("ExcludeTypes", ""),
    line("DefaultImports", ""),
];

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

/// The types of the package.
const OWNED: &[&str] = &[
    "AssignRoles",
    "AssignRolesResponse",
    "AuditBase",
    "Authenticate",
    "AuthenticateResponse",
    "CancelRequest",
    "CancelRequestResponse",
    "ConvertSessionToToken",
    "ConvertSessionToTokenResponse",
    "EmptyResponse",
    "GetAccessToken",
    "GetAccessTokenResponse",
    "GetApiKeys",
    "GetApiKeysResponse",
    "GetNavItems",
    "GetNavItemsResponse",
    "IdResponse",
    "NavItem",
    "RegenerateApiKeys",
    "RegenerateApiKeysResponse",
    "Register",
    "RegisterResponse",
    "ResponseError",
    "ResponseStatus",
    "StringResponse",
    "StringsResponse",
    "UnAssignRoles",
    "UnAssignRolesResponse",
    "UserApiKey",
];

impl Generator for Php {
    fn comments(&self) -> &'static CommentStyle {
        &C_COMMENTS
    }

    fn option_lines(&self) -> &'static [OptionLine] {
        OPTIONS
    }

    fn order(&self) -> Order {
        Order::Dependency
    }

    fn owns(&self, framework_type: &str) -> bool {
        OWNED.contains(&framework_type)
    }

    fn first_line(&self, options: &Options) -> Option<String> {
        Some(format!("<?php namespace {};", namespace(options)))
    }

    fn write(&self, file: &SourceFile<'_>, out: &mut Source) {
        let writer = Writer { file };
        out.blank();
        writer.imports(out);
        out.blank();
        if file.is_file() {
            for interface in file.model.interfaces() {
                out.blank();
                out.lines([&format!("interface {}", class_name(interface)), "{", "}"]);
            }
        }
        for item in &file.model.types {
            out.blank();
            writer.item(item, out);
        }
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
        let free: Vec<&str> = OWNED.iter().copied().filter(|name| !is_defined(name)).collect();
        out.line(format!("use ServiceStack\\{{{}}};", free.join(",")));
        let asked = import::paths(self.file.options, ".").into_iter();
        let paths = asked.filter(|path| !path.ends_with('*'));
        out.lines(paths.map(|path| format!("use {};", path.replace('.', "\\"))));
    }

    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        self.description(item.description(), out);
        if self.file.is_file() {
            out.lines(attribute::routes(item).map(|text| line_comment(&text)));
        }
        out.lines(attribute::of_type(item).map(|text| line_comment(&text)));
        match item.meta.kind {
            TypeKind::Record => self.class(item, out),
            _ => self.enumeration(item.meta, out),
        }
    }

    fn description(&self, text: Option<&str>, out: &mut Source) {
        let text = text.filter(|_| self.file.has_descriptions());
        out.lines(text.map(|text| format!("/** @description {} */", in_block_comment(text))));
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
        let operation = item.operation().filter(|_| self.file.is_file());
        let mut interfaces = Vec::new();
        if let Some(operation) = operation {
            if let Some(response) = operation.response {
                out.line(format!("#[Returns({})]", string(&self.name(response))));
            }
            let marker = if operation.response.is_some() { "IReturn" } else { "IReturnVoid" };
            interfaces.extend([marker.to_owned(), operation.client_verb().marker().to_owned()]);
        }
        interfaces.extend(item.meta.interfaces.iter().map(|name| class_name(name)));
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
        self.description(member.meta.description, &mut lines);
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
        let Some(operation) = item.operation().filter(|_| self.file.is_file()) else { return };
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
        !is_framework_type(meta) && OWNED.contains(&self.name(meta).as_str())
    }
}
