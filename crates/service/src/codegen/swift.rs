//! Swift, for the package `ServiceStack.Swift`.
//!
//! Classes are `Codable`, by Swift's own code where it can make it: a class that derives, or has a
//! member that Swift must call otherwise than documents do, gets code of its own. Bytes are `Data`,
//! which Swift reads wherever they stand.

mod coding;
mod names;
mod value;

use wire::{TypeKind, TypeMeta};

use super::attribute;
use super::description;
use super::enumeration::is_number_on_wire;
use super::framework::{AUDIT, NAVIGATION, Owned};
use super::generator::{Generator, Order, SourceFile};
use super::import;
use super::model::{Member, ModelType};
use super::options::{OptionLine, line};
use super::source::Source;

use names::{case_name, string, type_name};

const OPTIONS: &[OptionLine] = &[
    line("AddServiceStackTypes", "True"),
    line("MakePropertiesOptional", "True"),
    line("IncludeTypes", ""),
    line("ExcludeTypes", ""),
    line("AddResponseStatus", "False"),
    line("AddImplicitVersion", ""),
    line("AddDescriptionAsComments", "True"),
    line("InitializeCollections", "False"),
    line("TreatTypesAsStrings", ""),
    line("DefaultImports", "Foundation,ServiceStack"),
];

/// What the package defines besides groups.
const OWNED: &[&str] = &[
    "EmptyResponse",
    "ErrorResponse",
    "GetAccessToken",
    "GetAccessTokenResponse",
    "ResponseError",
    "ResponseStatus",
];

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    options: OPTIONS,
    order: Order::Roles,
    owned: Owned::Groups(&[AUDIT, NAVIGATION, OWNED]),
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    let imports = import::paths(file.options, ".").into_iter();
    let modules = imports.filter(|path| !path.ends_with('*'));
    out.lines(modules.map(|path| format!("import {path}")));
    let writer = Writer { file };
    for item in &file.model.types {
        out.blank();
        writer.item(item, out);
    }
    for interface in file.interfaces() {
        out.blank();
        out.lines([&format!("public protocol {}", type_name(interface)), "{", "}"]);
    }
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
}

impl Writer<'_, '_> {
    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        description::block(self.file, item.description(), out);
        out.lines(attribute::comments(self.file, item, "// @"));
        match item.meta.kind {
            TypeKind::Record => self.class(item, out),
            TypeKind::FlagsEnum => self.flags(item.meta, out),
            TypeKind::Enum | TypeKind::IntegerEnum => self.enumeration(item.meta, out),
        }
    }

    fn enumeration(&self, meta: &TypeMeta, out: &mut Source) {
        let is_number = is_number_on_wire(meta);
        let kind = if is_number { "Int" } else { "String" };
        out.line(format!("public enum {} : {kind}, Codable", self.name(meta)));
        out.block("{", "}", |out| {
            out.lines(meta.enum_members.iter().map(|member| {
                let name = case_name(member.name);
                if is_number {
                    format!("case {name} = {}", member.number)
                } else if name.trim_matches('`') == member.text() {
                    format!("case {name}")
                } else {
                    format!("case {name} = {}", string(member.text()))
                }
            }));
        });
    }

    /// Any sum of numbers that have names.
    fn flags(&self, meta: &TypeMeta, out: &mut Source) {
        let name = self.name(meta);
        out.line("// @Flags()");
        out.line(format!("public struct {name} : OptionSet, Codable"));
        out.block("{", "}", |out| {
            out.line("public let rawValue:Int");
            out.line("public init(rawValue:Int) { self.rawValue = rawValue }");
            out.blank();
            out.lines(meta.enum_members.iter().map(|member| {
                let flag = case_name(member.name);
                format!("public static let {flag} = {name}(rawValue: {})", member.number)
            }));
        });
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        let operation = self.file.operation(item);
        let mut bases: Vec<String> = item.base().map(|base| self.name(base)).into_iter().collect();
        bases.extend(self.file.implemented(item, |_| "IReturn".to_owned(), type_name));
        if item.base().is_none() {
            bases.push("Codable".to_owned());
        }
        out.line(format!("public class {} : {}", self.name(item.meta), bases.join(", ")));
        out.block("{", "}", |out| {
            if let Some(response) = operation.and_then(|operation| operation.response) {
                out.line(format!("public typealias Return = {}", self.name(response)));
                out.blank();
            }
            self.properties(item, out);
            out.line(match item.base() {
                Some(_) => "required public init(){ super.init() }",
                None => "required public init(){}",
            });
            self.coding(item, out);
        });
    }

    fn properties(&self, item: &ModelType<'_>, out: &mut Source) {
        let mut has_gap = true;
        for member in &item.members {
            description::block(self.file, member.meta.description, out);
            let attribute = attribute::of_member(member.meta);
            has_gap = attribute.is_some() || member.meta.description.is_some();
            out.lines(attribute.map(|text| format!("// @{text}")));
            out.line(self.property(item, member));
            if has_gap {
                out.blank();
            }
        }
        if !has_gap {
            out.blank();
        }
    }

    /// `public var name:String?`.
    fn property(&self, item: &ModelType<'_>, member: &Member) -> String {
        let value = &member.meta.value;
        let name = self.property_name(item, member);
        let kind = self.value_type(value);
        let wrapper = if self.is_duration(value) { "@TimeSpan " } else { "" };
        let default = match member.initial {
            Some(version) => Some(version.to_string()),
            None => self.default(value).map(str::to_owned),
        };
        match default {
            Some(default) => format!("public var {name}:{kind} = {default}"),
            None => format!("{wrapper}public var {name}:{kind}?"),
        }
    }

    fn name(&self, meta: &TypeMeta) -> String {
        type_name(&self.file.type_name(meta))
    }
}
