//! Ruby, for the gem `servicestack`.
//!
//! The gem fills attributes as `properties` tells: texts and numbers as they come, so decimals are
//! `Float`; dates as `DateTime`; durations and GUIDs are texts. Enums are modules of constants.

mod names;

use wire::{TypeKind, TypeMeta, ValueType};

use super::attribute;
use super::attribute_parts::{Attribute, Value};
use super::enumeration::is_number_on_wire;
use super::framework::{AUDIT, CLIENT, Owned, REGISTRATION};
use super::generator::{Generator, SourceFile};
use super::header::CommentStyle;
use super::model::ModelType;
use super::options::{OptionLine, line};
use super::source::Source;
use super::text::{identifier, one_line, quoted};

use names::{attribute_name, constant_name, module_name, string};

const COMMENTS: CommentStyle = CommentStyle {
    open: "# frozen_string_literal: true\n# encoding: utf-8\n\n=begin ",
    line: "",
    off: "#",
    close: "=end",
};

const OPTIONS: &[OptionLine] = &[
    line("AddServiceStackTypes", "True"),
    line("AddDescriptionAsComments", "True"),
    line("AddResponseStatus", "False"),
    line("AddImplicitVersion", ""),
    line("IncludeTypes", ""),
    line("ExcludeTypes", ""),
    line("DefaultImports", "json,servicestack"),
];

/// The module of the gem.
const LIBRARY: &str = "ServiceStack";

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    comments: &COMMENTS,
    options: OPTIONS,
    owned: Owned::Groups(&[CLIENT, REGISTRATION, AUDIT]),
    framework_name: |name| GENERATOR.owned.has(name).then(|| format!("{LIBRARY}::{name}")),
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    let is_path = |path: &&str| path.split(['/', '-', '.']).all(|word| identifier(word) == word);
    let imports = file.options.list("DefaultImports").filter(is_path);
    out.lines(imports.map(|path| format!("require {}", string(path))));
    out.blank();
    let writer = Writer { file };
    for interface in file.interfaces() {
        out.blank();
        out.lines([&format!("module {}", module_name(interface)), "end"]);
    }
    for item in &file.model.types {
        out.blank();
        writer.item(item, out);
    }
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
}

impl Writer<'_, '_> {
    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        if let Some(text) = self.file.description(item.description()) {
            out.lines(["#", &format!("# {}", one_line(text)), "#"]);
        }
        if self.file.is_file() {
            out.lines(attribute::routes(item).map(|route| format!("# @{route}")));
        }
        out.lines(attribute::of_type(item).and_then(|text| attribute_comment(&text)));
        match item.meta.kind {
            TypeKind::Record => self.class(item, out),
            _ => self.enumeration(item.meta, out),
        }
    }

    fn enumeration(&self, meta: &TypeMeta, out: &mut Source) {
        if meta.kind == TypeKind::FlagsEnum {
            out.line("# @Flags");
        }
        out.block(&format!("module {}", self.name(meta)), "end", |out| {
            out.lines(meta.enum_members.iter().map(|member| {
                let value = match is_number_on_wire(meta) {
                    true => member.number.to_string(),
                    false => string(member.text()),
                };
                format!("{} = {value}", constant_name(member.name))
            }));
        });
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        let base = item.base().map(|base| format!(" < {}", self.name(base)));
        let name = self.name(item.meta);
        out.block(&format!("class {name}{}", base.as_deref().unwrap_or_default()), "end", |out| {
            let mut parts = Vec::new();
            let mut included: Vec<String> =
                item.meta.interfaces.iter().map(|name| module_name(name)).collect();
            if base.is_none() {
                included.insert(0, format!("{LIBRARY}::DTO"));
            }
            if !included.is_empty() {
                parts.push(included.iter().map(|name| format!("include {name}")).collect());
            }
            if !item.members.is_empty() {
                parts.push(self.attributes(item));
                parts.push(self.properties(item));
            }
            parts.extend(self.constructor(item));
            parts.extend(self.request_methods(item));
            for (place, lines) in parts.into_iter().enumerate() {
                if place > 0 {
                    out.blank();
                }
                out.lines(lines);
            }
        });
    }

    fn attributes(&self, item: &ModelType<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        let mut needs_gap = false;
        for member in &item.members {
            if needs_gap {
                lines.push(String::new());
            }
            let description = self.file.description(member.meta.description);
            let description = description.map(|text| format!("# {}", one_line(text)));
            let attribute = attribute::of_member(member.meta);
            let attribute = attribute.and_then(|text| attribute_comment(&text));
            needs_gap = description.is_some() || attribute.is_some();
            lines.extend(description);
            lines.extend(attribute);
            lines.push(format!("# @return [{}]", self.described(&member.meta.value)));
            lines.push(format!("attr_accessor :{}", attribute_name(member)));
        }
        lines
    }

    /// How each attribute is called in documents, and what it becomes.
    fn properties(&self, item: &ModelType<'_>) -> Vec<String> {
        let mut out = Source::new("    ");
        out.block("def self.properties", "end", |out| {
            out.block("{", "}", |out| {
                out.lines(item.members.iter().map(|member| {
                    let wire_name = string(item.member_name(member));
                    let kind = self.converted_type(&member.meta.value);
                    let kind = kind.map(|kind| format!(", type: {kind}")).unwrap_or_default();
                    format!("{}: {{ name: {wire_name}{kind} }},", attribute_name(member))
                }));
            });
        });
        out.finish().lines().map(str::to_owned).collect()
    }

    /// Sets the implicit version.
    fn constructor(&self, item: &ModelType<'_>) -> Option<Vec<String>> {
        let version = item.members.iter().find_map(|member| member.initial.map(|it| (member, it)));
        version.map(|(member, version)| {
            let name = attribute_name(member);
            let lines = [
                "def initialize(**kwargs)",
                &format!("    @{name} = {version}"),
                "    super",
                "end",
            ];
            lines.map(str::to_owned).to_vec()
        })
    }

    /// What the client needs to send a request.
    fn request_methods(&self, item: &ModelType<'_>) -> Option<Vec<String>> {
        let operation = self.file.operation(item)?;
        let response = operation.response.map_or("nil".to_owned(), |response| self.name(response));
        let verb = operation.client_verb().name();
        Some(vec![
            format!("def response_type() = {response}"),
            format!("def get_type_name() = {}", string(item.meta.name)),
            format!("def get_method() = '{verb}'"),
        ])
    }

    /// The type for people.
    fn described(&self, value: &ValueType) -> String {
        match value {
            ValueType::Boolean => "TrueClass".into(),
            ValueType::Int32 | ValueType::Int64 => "Integer".into(),
            ValueType::Double | ValueType::Decimal => "Float".into(),
            ValueType::DateTime => "DateTime".into(),
            ValueType::TimeSpan
            | ValueType::Guid
            | ValueType::String
            | ValueType::Secret
            | ValueType::Bytes => "String".into(),
            ValueType::Enum(meta) | ValueType::Record(meta) => self.name(meta()),
            ValueType::Nullable(inner) => self.described(inner),
            ValueType::List(entry) => format!("Array<{}>", self.described(entry)),
            ValueType::Map(key, entry) => {
                format!("Hash{{{} => {}}}", self.described(key), self.described(entry))
            }
        }
    }

    /// The type for the gem; `None` for what JSON itself tells.
    fn converted_type(&self, value: &ValueType) -> Option<String> {
        match value {
            ValueType::DateTime => Some("DateTime".into()),
            ValueType::Record(meta) => Some(self.name(meta())),
            ValueType::Nullable(inner) => self.converted_type(inner),
            ValueType::List(entry) => self.converted_type(entry).map(|kind| format!("[{kind}]")),
            ValueType::Map(_, entry) => {
                self.converted_type(entry).map(|kind| format!("{{ String => {kind} }}"))
            }
            _ => None,
        }
    }

    /// The name of a type, with the gem's module where it comes from there.
    fn name(&self, meta: &TypeMeta) -> String {
        if self.file.is_from_library(meta, &GENERATOR.owned) {
            return format!("{LIBRARY}::{}", meta.name);
        }
        module_name(&self.file.type_name(meta))
    }
}

/// An attribute in Ruby's spelling.
fn attribute_comment(text: &str) -> Option<String> {
    let spell = |value: &Value| match value {
        Value::Text(text) => quoted(text, '"', &['#']),
        Value::Type(name) => string(name.rsplit('.').next().unwrap_or(name)),
        Value::Word(word) => word.clone(),
    };
    Attribute::parse(text).map(|attribute| format!("# @{}", attribute.spelled(": ", spell)))
}
