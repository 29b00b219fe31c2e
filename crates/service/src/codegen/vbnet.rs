//! Visual Basic .NET, for the package `ServiceStack.Client`.

use wire::{TypeKind, TypeMeta, ValueType};

use super::attribute_list;
use super::attribute_parts::{Attribute, Value};
use super::dotnet::{self, Entry, dotted};
use super::enumeration::shows_numbers;
use super::framework::Owned;
use super::generator::{Generator, Order, SourceFile};
use super::header::CommentStyle;
use super::model::{Member, ModelType};
use super::options::{OptionLine, line};
use super::source::Source;
use super::text::{identifier, one_line};

const COMMENTS: CommentStyle = CommentStyle { open: " ", line: "'", off: "''", close: "" };

const OPTIONS: &[OptionLine] = &[
    dotnet::GLOBAL_NAMESPACE,
    line("MakePartial", "True"),
    line("MakeVirtual", "True"),
    dotnet::EXTENSIBLE,
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

/// Words that the language keeps for itself, in any case; a name that is one stands in brackets.
const KEYWORDS: &str = "\
    addhandler addressof alias and andalso as boolean byref byte byval call case catch cbool \
    cbyte cchar cdate cdbl cdec char cint class clng cobj const continue csbyte cshort csng cstr \
    ctype cuint culng cushort date decimal declare default delegate dim directcast do double \
    each else elseif end endif enum erase error event exit false finally for friend function get \
    gettype getxmlnamespace global gosub goto handles if implements imports in inherits integer \
    interface is isnot let lib like long loop me mod module mustinherit mustoverride mybase \
    myclass nameof namespace narrowing new next not nothing notinheritable notoverridable object \
    of on operator option optional or orelse out overloads overridable overrides paramarray \
    partial private property protected public raiseevent readonly redim rem removehandler resume \
    return sbyte select set shadows shared short single static step stop string structure sub \
    synclock then throw to true try trycast typeof uinteger ulong ushort using variant wend when \
    while widening with withevents writeonly xor";

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    comments: &COMMENTS,
    options: OPTIONS,
    order: Order::Roles,
    owned: Owned::All,
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    let imports = dotnet::imports(file, true);
    out.lines(imports.iter().map(|namespace| format!("Imports {}", dotted(namespace, escaped))));
    let writer = Writer { file };
    writer.xml_namespaces(out);
    out.blank();
    out.block("Namespace Global", "End Namespace", |out| {
        for (namespace, entries) in dotnet::by_namespace(file) {
            if namespace.is_empty() {
                writer.entries(&entries, out);
                continue;
            }
            out.blank();
            let open = format!("Namespace {}", dotted(namespace, escaped));
            out.block(&open, "End Namespace", |out| writer.entries(&entries, out));
        }
    });
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
        let address = string(self.file.options.text("AddDefaultXmlNamespace"));
        for namespace in namespaces {
            let contract =
                format!("ContractNamespace({address}, ClrNamespace:={})", string(namespace));
            out.line(format!("<Assembly: {contract}>"));
        }
    }

    fn entries(&self, entries: &[Entry<'_, '_>], out: &mut Source) {
        for entry in entries {
            out.blank();
            match entry {
                Entry::Type(item) => self.item(item, out),
                Entry::Interface(name) => {
                    out.line(format!("Public Interface {}", escaped(name)));
                    out.line("End Interface");
                }
            }
        }
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
        if self.file.has_descriptions() {
            out.lines(["'''<Summary>", &format!("'''{}", one_line(text)), "'''</Summary>"]);
        } else {
            out.line(format!("<Description({})>", string(text)));
        }
    }

    fn enumeration(&self, meta: &TypeMeta, out: &mut Source) {
        out.block(&format!("Public Enum {}", self.name(meta)), "End Enum", |out| {
            for member in meta.enum_members {
                if let Some(text) = dotnet::enum_text(meta, member) {
                    out.line(format!("<EnumMember(Value:={})>", string(text)));
                }
                let name = escaped(member.name);
                out.line(match shows_numbers(meta) {
                    true => format!("{name} = {}", member.number),
                    false => name,
                });
            }
        });
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        let partial = if self.file.options.flag("MakePartial") { "Partial " } else { "" };
        let open = format!("Public {partial}Class {}", self.name(item.meta));
        out.block(&open, "End Class", |out| {
            out.lines(item.base().map(|base| format!("Inherits {}", self.name(base))));
            let returns = |response: &TypeMeta| format!("IReturn(Of {})", self.name(response));
            let implemented = dotnet::implemented(self.file, item, returns, escaped).into_iter();
            out.lines(implemented.map(|name| format!("Implements {name}")));
            let mut needs_gap = false;
            for (index, member) in item.members.iter().enumerate() {
                if needs_gap {
                    out.blank();
                }
                needs_gap = self.member(item, member, index, out);
            }
            if dotnet::is_extensible(self.file, item) {
                let property = self.property("ExtensionData", "ExtensionDataObject");
                out.line(format!("{property} Implements IExtensibleDataObject.ExtensionData"));
            }
        });
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
        let property = self.property(&escaped(member.meta.name.declared), &kind);
        out.line(match member.initial {
            Some(number) => format!("{property} = {number}"),
            None if dotnet::is_initialized(self.file, member) => {
                format!("{property} = New {kind}()")
            }
            None => property,
        });
        !written.is_empty()
    }

    fn property(&self, name: &str, kind: &str) -> String {
        let is_virtual = self.file.options.flag("MakeVirtual");
        let overridable = if is_virtual { "Overridable " } else { "" };
        format!("Public {overridable}Property {name} As {kind}")
    }

    fn member_type(&self, member: &Member) -> String {
        match (&member.meta.value, member.meta.interface) {
            (ValueType::List(entry), Some(interface)) => {
                format!("{}(Of {})", identifier(interface), self.value_type(entry))
            }
            (value, _) => self.value_type(value),
        }
    }

    fn value_type(&self, value: &ValueType) -> String {
        match value {
            ValueType::Int32 => "Integer".into(),
            ValueType::Int64 => "Long".into(),
            ValueType::DateTime => "Date".into(),
            ValueType::Bytes => "Byte()".into(),
            ValueType::Enum(meta) | ValueType::Record(meta) => self.name(meta()),
            ValueType::Nullable(inner) => self.value_type(inner) + "?",
            ValueType::List(entry) => format!("List(Of {})", self.value_type(entry)),
            ValueType::Map(key, entry) => {
                format!("Dictionary(Of {}, {})", self.value_type(key), self.value_type(entry))
            }
            _ => value.dotnet_name().into(),
        }
    }

    fn name(&self, meta: &TypeMeta) -> String {
        escaped(&self.file.type_name(meta))
    }
}

fn attributes(attributes: &[Attribute], out: &mut Source) {
    let spelled = attributes.iter().map(|attribute| attribute.spelled(":=", spell));
    out.lines(spelled.map(|text| format!("<{text}>")));
}

fn spell(value: &Value) -> String {
    match value {
        Value::Text(text) => string(text),
        Value::Type(name) => format!("GetType({name})"),
        Value::Word(word) => word.clone(),
    }
}

/// A string, on one line. Nothing but a quote has a meaning in it, and the typographic quotes are
/// quotes too.
fn string(text: &str) -> String {
    let quotes = ['"', '\u{201c}', '\u{201d}', '\u{201e}', '\u{ff02}'];
    format!("\"{}\"", one_line(text).replace(quotes, "\"\""))
}

fn escaped(name: &str) -> String {
    let name = identifier(name);
    let is_keyword = KEYWORDS.split(' ').any(|word| name.eq_ignore_ascii_case(word));
    // A lone mark would carry the line on to the next.
    if is_keyword || name == "_" { format!("[{name}]") } else { name }
}
