//! Python, as dataclasses for the package `servicestack` (`servicestack.md §9.4`).

mod member;
mod names;

use std::collections::HashSet;

use wire::{TypeKind, TypeMeta};

use super::attribute;
use super::framework::{ACCESS, AUDIT, CANCELLATION, CLIENT, NAVIGATION, Owned};
use super::generator::{Generator, SourceFile};
use super::header::CommentStyle;
use super::model::{ModelType, TypeKey, key};
use super::options::{OptionLine, line};
use super::source::Source;
use super::text::{one_line, quoted};

pub use names::{enum_name, member_name};

const COMMENTS: CommentStyle =
    CommentStyle { open: "\"\"\" ", line: "", off: "#", close: "\"\"\"" };

const OPTIONS: &[OptionLine] = &[
    line("GlobalNamespace", ""),
    line("AddServiceStackTypes", "True"),
    line("AddResponseStatus", "False"),
    line("AddImplicitVersion", ""),
    line("AddDescriptionAsComments", "True"),
    line("IncludeTypes", ""),
    line("ExcludeTypes", ""),
    line(
        "DefaultImports",
        "datetime,decimal,marshmallow.fields:*,servicestack:*,typing:*,\
         dataclasses:dataclass/field,\
         dataclasses_json:dataclass_json/LetterCase/Undefined/config,enum:Enum/IntEnum",
    ),
    line("DataClass", ""),
    line("DataClassJson", ""),
];

/// What stands above a class when the options say nothing else.
const DATA_CLASS_JSON: &str =
    "@dataclass_json(letter_case=LetterCase.CAMEL, undefined=Undefined.EXCLUDE)";
const DATA_CLASS: &str = "@dataclass";

/// The package of clients.
const PACKAGE: &str = "servicestack";

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    comments: &COMMENTS,
    options: OPTIONS,
    owned: Owned::Groups(&[CLIENT, ACCESS, AUDIT, NAVIGATION, CANCELLATION]),
    framework_name: |name| Some(format!("{PACKAGE}.{name}")),
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    imports(file, out);
    if file.is_file() {
        named_elsewhere(file, out);
    }
    let mut writer = Writer { file, written: HashSet::new() };
    for item in &file.model.types {
        out.blank();
        out.blank();
        writer.item(item, out);
        writer.written.insert(key(item.meta));
    }
}

/// `module` is imported whole; `module:a/b` gives names from within, `module:*` all of them.
fn imports(file: &SourceFile<'_>, out: &mut Source) {
    for entry in file.options.list("DefaultImports") {
        match entry.split_once(':') {
            Some((module, names)) => {
                out.line(format!("from {module} import {}", names.replace('/', ", ")));
            }
            None => out.line(format!("import {entry}")),
        }
    }
    if file.model.renames_framework_types() {
        out.line(format!("import {PACKAGE}"));
    }
    if file.model.hosts().any(|host| host.conventions.python_object) {
        out.line("Object = TypeVar('Object')");
    }
}

/// Defines what the types name and no package has: collection interfaces and the services' own.
fn named_elsewhere(file: &SourceFile<'_>, out: &mut Source) {
    let collections = file.model.collection_interfaces();
    for interface in collections.into_iter().filter(|name| !member::is_list(name)) {
        out.line(format!("{interface} = List"));
    }
    for interface in file.model.interfaces() {
        out.lines(["", "", &format!("class {interface}:"), "    pass"]);
    }
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
    /// Types that stand above; others are mentioned by their name in quotes.
    written: HashSet<TypeKey>,
}

impl Writer<'_, '_> {
    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        out.lines(attribute::comments(self.file, item, "# @"));
        match item.meta.kind {
            TypeKind::Record => self.class(item, out),
            _ => self.enumeration(item, out),
        }
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        for (option, default) in [("DataClassJson", DATA_CLASS_JSON), ("DataClass", DATA_CLASS)] {
            out.line(decorator(self.file.options.text(option), default));
        }
        let bases = self.bases(item);
        let bases =
            if bases.is_empty() { String::new() } else { format!("({})", bases.join(", ")) };
        out.line(format!("class {}{bases}:", self.file.type_name(item.meta)));
        out.indented(|out| {
            let has_description = self.description(item.description(), out);
            if has_description {
                out.blank();
            }
            if item.members.is_empty() {
                out.line("pass");
            }
            self.members(item, out);
        });
    }

    /// Base class, return marker, verb, the service's own interfaces.
    fn bases(&self, item: &ModelType<'_>) -> Vec<String> {
        let base = item.base().map(|base| self.mention(base));
        let returns = |response: &TypeMeta| format!("IReturn[{}]", self.mention(response));
        let interfaces = self.file.implemented(item, returns, str::to_owned);
        base.into_iter().chain(interfaces).collect()
    }

    fn members(&self, item: &ModelType<'_>, out: &mut Source) {
        let mut needs_gap = false;
        for member in &item.members {
            if needs_gap {
                out.blank();
            }
            let attribute = attribute::of_member(member.meta);
            out.lines(attribute.iter().map(|text| format!("# @{text}")));
            out.line(self.member_line(item, member));
            let has_description = self.description(member.meta.description, out);
            needs_gap = attribute.is_some() || has_description;
        }
    }

    /// A text in quotes of its own, without line breaks; whether there is one.
    fn description(&self, text: Option<&str>, out: &mut Source) -> bool {
        let Some(text) = self.file.description(text) else { return false };
        let text = one_line(text).replace('\\', "\\\\").replace("\"\"\"", "'''");
        out.lines(["\"\"\"", &text, "\"\"\""]);
        true
    }

    /// The name of a type among base classes, in quotes when it is not defined yet.
    fn mention(&self, meta: &TypeMeta) -> String {
        let name = self.file.type_name(meta);
        if self.is_defined(meta) { name } else { format!("'{name}'") }
    }

    /// Whether a type stands above. What the source leaves out comes with the package.
    fn is_defined(&self, meta: &TypeMeta) -> bool {
        !self.file.model.contains(meta) || self.written.contains(&key(meta))
    }

    fn enumeration(&self, item: &ModelType<'_>, out: &mut Source) {
        let mut members: Vec<_> = item.meta.enum_members.iter().collect();
        members.sort_by_key(|member| member.number);
        let is_index = |(index, number): (usize, i32)| i32::try_from(index) == Ok(number);
        let numbers = members.iter().map(|member| member.number);
        let is_text = item.meta.kind == TypeKind::Enum
            && (numbers.enumerate().all(is_index) || members.iter().any(|m| m.member.is_some()));
        let base = if is_text { "str, Enum" } else { "IntEnum" };
        out.line(format!("class {}({base}):", self.file.type_name(item.meta)));
        out.indented(|out| {
            self.description(item.description(), out);
            for member in members {
                let number = member.number.to_string();
                let value = if is_text { quoted(member.text(), '\'', &[]) } else { number };
                out.line(format!("{} = {value}", enum_name(member.name)));
            }
            if item.meta.enum_members.is_empty() {
                out.line("pass");
            }
        });
    }
}

/// A decorator as given, or the usual one.
fn decorator(given: &str, default: &str) -> String {
    match given.trim_start_matches('@') {
        "" => default.to_owned(),
        name => format!("@{name}"),
    }
}
