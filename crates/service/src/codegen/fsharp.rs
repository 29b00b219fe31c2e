//! F#, for the package `ServiceStack.Client`.
//!
//! A file has one namespace. The services' own interfaces are left out, because a class would have
//! to implement their members and nobody knows those.

use wire::{TypeKind, TypeMeta, ValueType};

use super::attribute_list;
use super::attribute_parts::{Attribute, Value};
use super::dotnet::{self, dotted};
use super::framework::Owned;
use super::generator::{Generator, SourceFile};
use super::header::CommentStyle;
use super::model::{Member, ModelType, key};
use super::options::OptionLine;
use super::source::Source;
use super::text::{identifier, one_line, quoted};

const COMMENTS: CommentStyle = CommentStyle { open: "(* ", line: "", off: "//", close: "*)" };

const OPTIONS: &[OptionLine] = &[
    dotnet::GLOBAL_NAMESPACE,
    dotnet::EXTENSIBLE,
    dotnet::RETURN_MARKER,
    dotnet::DESCRIPTIONS,
    dotnet::DATA_CONTRACTS,
    dotnet::INDEXES,
    dotnet::GENERATED_CODE,
    dotnet::RESPONSE_STATUS,
    dotnet::IMPLICIT_VERSION,
    dotnet::VALUE_TYPES,
    dotnet::INCLUDE,
    dotnet::EXCLUDE,
    dotnet::COLLECTIONS,
    dotnet::ADD_NAMESPACES,
];

/// Words that F# keeps for itself; a name that is one stands in double backticks.
const KEYWORDS: &str = "\
    _ abstract and as assert base begin break checked class component const constraint continue \
    default delegate do done downcast downto elif else end event exception extern external false \
    finally fixed for fun function global if in include inherit inline interface internal land \
    lazy let lor lsl lsr lxor match member mixin mod module mutable namespace new not null of \
    open or override parallel private process protected public pure rec return sealed select sig \
    static struct tailcall then to trait true try type upcast use val virtual void when while \
    with yield";

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    comments: &COMMENTS,
    options: OPTIONS,
    owned: Owned::All,
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    let namespace = namespace(file);
    let recursive = if looks_ahead(file) { "rec " } else { "" };
    out.line(format!("namespace {recursive}{}", dotted(namespace, escaped)));
    out.blank();
    let imports = dotnet::imports(file, false);
    out.lines(imports.iter().map(|namespace| format!("open {}", dotted(namespace, escaped))));
    let writer = Writer { file };
    out.indented(|out| {
        for item in &file.model.types {
            out.blank();
            writer.item(item, out);
        }
    });
}

/// The namespace that was asked for, else the shortest of the services' own.
fn namespace<'f>(file: &'f SourceFile<'_>) -> &'f str {
    let asked = file.options.text("GlobalNamespace");
    if !asked.is_empty() {
        return asked;
    }
    let own = file.model.types.iter().map(|item| item.meta.namespace);
    let own = own.filter(|namespace| !namespace.is_empty());
    let is_usual = |namespace: &str| namespace.ends_with("ServiceModel");
    let best = own.min_by_key(|namespace| (!is_usual(namespace), *namespace));
    best.unwrap_or("ServiceModel")
}

/// Whether a type mentions one that stands below it.
fn looks_ahead(file: &SourceFile<'_>) -> bool {
    let types = &file.model.types;
    types.iter().enumerate().any(|(place, item)| {
        let below = types.get(place + 1..).unwrap_or_default();
        let response = dotnet::return_marker(file, item).flatten();
        let mut mentioned = item.mentioned().into_iter().chain(response);
        mentioned.any(|meta| below.iter().any(|other| key(other.meta) == key(meta)))
    })
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
}

impl Writer<'_, '_> {
    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        self.description(item.description(), out);
        attributes(&attribute_list::of_type(self.file, item), out);
        match item.meta.kind {
            TypeKind::Record => self.class(item, out),
            _ => self.enumeration(item.meta, out),
        }
    }

    /// Whether there was a text.
    fn description(&self, text: Option<&str>, out: &mut Source) -> bool {
        let Some(text) = text else { return false };
        let text = one_line(text);
        if self.file.has_descriptions() {
            out.lines(["///<summary>", &format!("///{text}"), "///</summary>"]);
        } else {
            out.line(format!("[<Description({})>]", quoted(&text, '"', &[])));
        }
        true
    }

    fn enumeration(&self, meta: &TypeMeta, out: &mut Source) {
        out.line(format!("type {} =", self.name(meta)));
        out.indented(|out| {
            for member in meta.enum_members {
                let attribute = dotnet::enum_text(meta, member)
                    .map(|text| format!("[<EnumMember(Value={})>] ", quoted(text, '"', &[])));
                let attribute = attribute.unwrap_or_default();
                out.line(format!("| {attribute}{} = {}", escaped(member.name), member.number));
            }
        });
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        out.line("[<AllowNullLiteral>]");
        out.line(format!("type {}() =", self.name(item.meta)));
        out.indented(|out| {
            let heads = self.heads(item);
            out.lines(&heads);
            if dotnet::is_extensible(self.file, item) {
                out.lines(EXTENSION);
            } else if heads.is_empty() && item.members.is_empty() {
                out.line("class end");
            }
            self.members(item, out);
        });
    }

    /// Base class, return marker and verb.
    fn heads(&self, item: &ModelType<'_>) -> Vec<String> {
        let base = item.base().map(|base| format!("inherit {}()", self.name(base)));
        let returns = |response: &TypeMeta| format!("IReturn<{}>", self.name(response));
        let markers = dotnet::markers(self.file, item, returns).into_iter();
        base.into_iter().chain(markers.map(|marker| format!("interface {marker}"))).collect()
    }

    fn members(&self, item: &ModelType<'_>, out: &mut Source) {
        let mut needs_gap = false;
        for (index, member) in item.members.iter().enumerate() {
            if needs_gap {
                out.blank();
            }
            let has_description = self.description(member.meta.description, out);
            let written = attribute_list::of_member(self.file, item, member, index);
            attributes(&written, out);
            needs_gap = has_description || !written.is_empty();
            let name = escaped(member.meta.name.declared);
            let kind = self.member_type(member);
            let default = self.default(member, &kind);
            out.line(format!("member val {name}:{kind} = {default} with get,set"));
        }
    }

    fn default(&self, member: &Member, kind: &str) -> String {
        match member.initial {
            Some(number) => number.to_string(),
            None if dotnet::is_initialized(self.file, member) => format!("new {kind}()"),
            None if member.meta.value.is_reference() => "null".to_owned(),
            None => format!("new {kind}()"),
        }
    }

    fn member_type(&self, member: &Member) -> String {
        match (&member.meta.value, member.meta.interface) {
            (ValueType::List(entry), Some(interface)) => {
                format!("{}<{}>", identifier(interface), self.value_type(entry))
            }
            (value, _) => self.value_type(value),
        }
    }

    fn value_type(&self, value: &ValueType) -> String {
        match value {
            ValueType::Enum(meta) | ValueType::Record(meta) => self.name(meta()),
            ValueType::Nullable(inner) => format!("Nullable<{}>", self.value_type(inner)),
            ValueType::List(entry) => format!("ResizeArray<{}>", self.value_type(entry)),
            ValueType::Map(key, entry) => {
                format!("Dictionary<{}, {}>", self.value_type(key), self.value_type(entry))
            }
            _ => value.dotnet_name().to_owned(),
        }
    }

    fn name(&self, meta: &TypeMeta) -> String {
        escaped(&self.file.type_name(meta))
    }
}

/// What `MakeDataContractsExtensible` adds.
const EXTENSION: [&str; 2] = [
    "interface IExtensibleDataObject with",
    "    member val ExtensionData:ExtensionDataObject = null with get, set",
];

fn attributes(attributes: &[Attribute], out: &mut Source) {
    let spelled = attributes.iter().map(|attribute| attribute.spelled("=", spell));
    out.lines(spelled.map(|text| format!("[<{text}>]")));
}

fn spell(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text, '"', &[]),
        Value::Type(name) => format!("typeof<{name}>"),
        Value::Word(word) => word.clone(),
    }
}

fn escaped(name: &str) -> String {
    let name = identifier(name);
    if KEYWORDS.split(' ').any(|word| word == name) { format!("``{name}``") } else { name }
}
