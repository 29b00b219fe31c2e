//! C#, for the package `ServiceStack.Client` (`servicestack.md §9.8`).

use wire::{TypeKind, TypeMeta, ValueType};

use super::attribute_list;
use super::attribute_parts::{Attribute, Value};
use super::dotnet::{self, Entry, dotted};
use super::enumeration::shows_numbers;
use super::framework::Owned;
use super::generator::{Generator, Order, SourceFile};
use super::model::{Member, ModelType};
use super::options::{OptionLine, line};
use super::source::Source;
use super::text::{identifier, one_line, quoted};

const OPTIONS: &[OptionLine] = &[
    dotnet::GLOBAL_NAMESPACE,
    line("MakePartial", "True"),
    line("MakeVirtual", "True"),
    line("MakeInternal", "False"),
    dotnet::EXTENSIBLE,
    line("AddNullableAnnotations", "False"),
    dotnet::RETURN_MARKER,
    dotnet::DESCRIPTIONS,
    dotnet::DATA_CONTRACTS,
    dotnet::INDEXES,
    dotnet::GENERATED_CODE,
    dotnet::RESPONSE_STATUS,
    dotnet::IMPLICIT_VERSION,
    dotnet::COLLECTIONS,
    dotnet::VALUE_TYPES,
    dotnet::INCLUDE,
    dotnet::EXCLUDE,
    dotnet::ADD_NAMESPACES,
    line("AddDefaultXmlNamespace", "http://schemas.servicestack.net/types"),
];

/// Words that C# keeps for itself; a name that is one gets `@`.
const KEYWORDS: &str = "\
    abstract as base bool break byte case catch char checked class const continue decimal \
    default delegate do double else enum event explicit extern false finally fixed float for \
    foreach goto if implicit in int interface internal is lock long namespace new null object \
    operator out override params private protected public readonly ref return sbyte sealed short \
    sizeof stackalloc static string struct switch this throw true try typeof uint ulong \
    unchecked unsafe ushort using virtual void volatile while";

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    options: OPTIONS,
    order: Order::Roles,
    owned: Owned::All,
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    let imports = dotnet::imports(file, true);
    out.lines(imports.iter().map(|namespace| format!("using {};", dotted(namespace, escaped))));
    let writer = Writer { file };
    writer.xml_namespaces(out);
    for (namespace, entries) in dotnet::by_namespace(file) {
        out.blank();
        if namespace.is_empty() {
            writer.entries(&entries, out);
        } else {
            out.line(format!("namespace {}", dotted(namespace, escaped)));
            out.block("{", "}", |out| writer.entries(&entries, out));
        }
    }
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
}

impl Writer<'_, '_> {
    fn xml_namespaces(&self, out: &mut Source) {
        let namespaces = dotnet::contract_namespaces(self.file);
        if !namespaces.is_empty() {
            out.blank();
        }
        let address = quoted(self.file.options.text("AddDefaultXmlNamespace"), '"', &[]);
        for namespace in namespaces {
            let namespace = quoted(namespace, '"', &[]);
            let contract = format!("ContractNamespace({address}, ClrNamespace={namespace})");
            out.line(format!("[assembly: {contract}]"));
        }
    }

    fn entries(&self, entries: &[Entry<'_, '_>], out: &mut Source) {
        for (place, entry) in entries.iter().enumerate() {
            if place > 0 {
                out.blank();
            }
            match entry {
                Entry::Type(item) => self.item(item, out),
                Entry::Interface(name) => {
                    out.line(format!("{}interface {}", self.access(), escaped(name)));
                    out.lines(["{", "}"]);
                }
            }
        }
    }

    /// `public partial `.
    fn access(&self) -> String {
        let options = self.file.options;
        let access = if options.flag("MakeInternal") { "internal" } else { "public" };
        let partial = if options.flag("MakePartial") { "partial " } else { "" };
        format!("{access} {partial}")
    }

    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        self.description(item.description(), out);
        attributes(&attribute_list::of_type(self.file, item), out);
        match item.meta.kind {
            TypeKind::Record => self.class(item, out),
            _ => self.enumeration(item.meta, out),
        }
    }

    fn description(&self, text: Option<&str>, out: &mut Source) {
        let Some(text) = text else { return };
        let text = one_line(text);
        if self.file.has_descriptions() {
            out.lines(["///<summary>", &format!("///{text}"), "///</summary>"]);
        } else {
            out.line(format!("[Description({})]", quoted(&text, '"', &[])));
        }
    }

    fn enumeration(&self, meta: &TypeMeta, out: &mut Source) {
        let access = self.access().replace("partial ", "");
        out.line(format!("{access}enum {}", self.name(meta)));
        out.block("{", "}", |out| {
            for member in meta.enum_members {
                if let Some(text) = dotnet::enum_text(meta, member) {
                    out.line(format!("[EnumMember(Value={})]", quoted(text, '"', &[])));
                }
                let name = escaped(member.name);
                out.line(match shows_numbers(meta) {
                    true => format!("{name} = {},", member.number),
                    false => format!("{name},"),
                });
            }
        });
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        out.line(format!("{}class {}", self.access(), self.name(item.meta)));
        let bases = self.bases(item);
        if !bases.is_empty() {
            out.line(format!("    : {}", bases.join(", ")));
        }
        out.block("{", "}", |out| {
            let mut needs_gap = false;
            for (index, member) in item.members.iter().enumerate() {
                if needs_gap {
                    out.blank();
                }
                needs_gap = self.member(item, member, index, out);
            }
            if dotnet::is_extensible(self.file, item) {
                out.line(self.property("ExtensionDataObject", "ExtensionData"));
            }
        });
    }

    /// Base class, return marker, verb, the service's own interfaces.
    fn bases(&self, item: &ModelType<'_>) -> Vec<String> {
        let base = item.base().map(|base| self.name(base));
        let returns = |response: &TypeMeta| format!("IReturn<{}>", self.name(response));
        let interfaces = dotnet::implemented(self.file, item, returns, escaped);
        base.into_iter().chain(interfaces).collect()
    }

    /// Writes a member; whether attributes set it apart from the next one.
    fn member(
        &self,
        item: &ModelType<'_>,
        member: &Member,
        index: usize,
        out: &mut Source,
    ) -> bool {
        self.description(member.meta.description, out);
        let written = attribute_list::of_member(self.file, item, member, index);
        attributes(&written, out);
        let kind = self.member_type(member);
        let property = self.property(&kind, &escaped(member.meta.name.declared));
        out.line(match member.initial {
            Some(initial) => format!("{property} = {initial};"),
            None if dotnet::is_initialized(self.file, member) => {
                format!("{property} = new {}();", kind.trim_end_matches('?'))
            }
            None => property,
        });
        !written.is_empty()
    }

    fn property(&self, kind: &str, name: &str) -> String {
        let is_virtual = self.file.options.flag("MakeVirtual");
        let virtual_ = if is_virtual { "virtual " } else { "" };
        format!("public {virtual_}{kind} {name} {{ get; set; }}")
    }

    fn member_type(&self, member: &Member) -> String {
        let value = &member.meta.value;
        let kind = match (value, member.meta.interface) {
            (ValueType::List(entry), Some(interface)) => {
                format!("{}<{}>", identifier(interface), self.value_type(entry))
            }
            _ => self.value_type(value),
        };
        let is_annotated = self.file.options.flag("AddNullableAnnotations");
        let is_nullable = value.is_reference() && !member.meta.required;
        if is_annotated && is_nullable { kind + "?" } else { kind }
    }

    fn value_type(&self, value: &ValueType) -> String {
        match value {
            ValueType::Enum(meta) | ValueType::Record(meta) => self.name(meta()),
            ValueType::Nullable(inner) => self.value_type(inner) + "?",
            ValueType::List(entry) => format!("List<{}>", self.value_type(entry)),
            ValueType::Map(key, entry) => {
                format!("Dictionary<{}, {}>", self.value_type(key), self.value_type(entry))
            }
            _ => value.csharp_name(),
        }
    }

    fn name(&self, meta: &TypeMeta) -> String {
        escaped(&self.file.type_name(meta))
    }
}

fn attributes(attributes: &[Attribute], out: &mut Source) {
    let spelled = attributes.iter().map(|attribute| attribute.spelled("=", spell));
    out.lines(spelled.map(|text| format!("[{text}]")));
}

fn spell(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text, '"', &[]),
        Value::Type(name) => format!("typeof({name})"),
        Value::Word(word) => word.clone(),
    }
}

fn escaped(name: &str) -> String {
    let name = identifier(name);
    if KEYWORDS.split(' ').any(|word| word == name) { format!("@{name}") } else { name }
}
