//! What C#, F# and VB.NET share: namespaces, markers, and which types stand where
//! (`servicestack.md §9.8`).

use wire::{TypeMeta, ValueType};

use super::enumeration::is_number_on_wire;
use super::generator::SourceFile;
use super::model::{Member, ModelType};
use super::options::{OptionLine, line};
use super::text::identifier;
use crate::operation::ResponseSource;

/// What every file imports.
const NAMESPACES: [&str; 7] = [
    "System",
    "System.IO",
    "System.Collections",
    "System.Collections.Generic",
    "System.Runtime.Serialization",
    "ServiceStack",
    "ServiceStack.DataAnnotations",
];

/// Options that the three list, with their defaults.
pub(super) const GLOBAL_NAMESPACE: OptionLine = line("GlobalNamespace", "");
pub(super) const EXTENSIBLE: OptionLine = line("MakeDataContractsExtensible", "False");
pub(super) const RETURN_MARKER: OptionLine = line("AddReturnMarker", "True");
pub(super) const DESCRIPTIONS: OptionLine = line("AddDescriptionAsComments", "True");
pub(super) const DATA_CONTRACTS: OptionLine = line("AddDataContractAttributes", "False");
pub(super) const INDEXES: OptionLine = line("AddIndexesToDataMembers", "False");
pub(super) const GENERATED_CODE: OptionLine = line("AddGeneratedCodeAttributes", "False");
pub(super) const RESPONSE_STATUS: OptionLine = line("AddResponseStatus", "False");
pub(super) const IMPLICIT_VERSION: OptionLine = line("AddImplicitVersion", "");
pub(super) const COLLECTIONS: OptionLine = line("InitializeCollections", "False");
pub(super) const VALUE_TYPES: OptionLine = line("ExportValueTypes", "False");
pub(super) const INCLUDE: OptionLine = line("IncludeTypes", "");
pub(super) const EXCLUDE: OptionLine = line("ExcludeTypes", "");
pub(super) const ADD_NAMESPACES: OptionLine = line("AddNamespaces", "");

/// Something that is written: a type, or an interface that types name and nobody defines.
pub(super) enum Entry<'f, 'm> {
    Type(&'f ModelType<'m>),
    Interface(String),
}

/// The namespace of everything in the file, if one was asked for.
fn global_namespace<'f>(file: &'f SourceFile<'_>) -> Option<&'f str> {
    Some(file.options.text("GlobalNamespace")).filter(|name| !name.is_empty())
}

/// The namespace that a type is written into.
fn namespace<'f>(file: &'f SourceFile<'_>, meta: &TypeMeta) -> &'f str {
    global_namespace(file).unwrap_or(meta.namespace)
}

/// What the file imports: the framework's namespaces, those that were asked for, and its own where
/// it has several.
pub(super) fn imports<'f>(file: &'f SourceFile<'_>, with_own: bool) -> Vec<&'f str> {
    let types = file.model.types.iter().filter(|_| with_own);
    let mut own: Vec<&str> = types.map(|item| namespace(file, item.meta)).collect();
    own.sort_unstable();
    let mut all = NAMESPACES.to_vec();
    if file.options.flag("AddGeneratedCodeAttributes") {
        all.push("System.CodeDom.Compiler");
    }
    for name in file.options.list("AddNamespaces").chain(own) {
        let is_name = name.split('.').all(|word| !word.is_empty() && identifier(word) == word);
        if is_name && !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// Everything by namespace and name; an interface stands where it was named first.
pub(super) fn by_namespace<'f, 'm>(file: &'f SourceFile<'m>) -> Vec<(&'f str, Vec<Entry<'f, 'm>>)> {
    let mut entries: Vec<(&str, String, Entry<'_, '_>)> = Vec::new();
    for item in &file.model.types {
        let own = namespace(file, item.meta);
        entries.push((own, file.type_name(item.meta), Entry::Type(item)));
        for interface in item.meta.interfaces.iter().filter(|_| file.is_file()) {
            let name = identifier(interface);
            if !entries.iter().any(|(_, known, _)| *known == name) {
                entries.push((own, name.clone(), Entry::Interface(name)));
            }
        }
    }
    entries.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
    let mut groups: Vec<(&str, Vec<Entry<'_, '_>>)> = Vec::new();
    for (namespace, _, entry) in entries {
        match groups.last_mut() {
            Some((last, group)) if *last == namespace => group.push(entry),
            _ => groups.push((namespace, vec![entry])),
        }
    }
    groups
}

/// The namespaces that the assembly tells the contracts of, if it was asked to.
pub(super) fn contract_namespaces<'f>(file: &'f SourceFile<'_>) -> Vec<&'f str> {
    let is_asked = file.is_file() && file.options.flag("AddDataContractAttributes");
    let groups = if is_asked { by_namespace(file) } else { Vec::new() };
    groups.into_iter().map(|(namespace, _)| namespace).collect()
}

/// Whether a class keeps what it does not know.
pub(super) fn is_extensible(file: &SourceFile<'_>, item: &ModelType<'_>) -> bool {
    file.options.flag("MakeDataContractsExtensible") && item.base().is_none()
}

/// The interfaces of a class: its markers, the service's own as `spelled`, and the one of those
/// that keep what they do not know.
pub(super) fn implemented(
    file: &SourceFile<'_>,
    item: &ModelType<'_>,
    returns: impl Fn(&TypeMeta) -> String,
    spelled: impl Fn(&str) -> String,
) -> Vec<String> {
    let mut names = markers(file, item, returns);
    names.extend(item.meta.interfaces.iter().map(|name| spelled(name)));
    if is_extensible(file, item) {
        names.push("IExtensibleDataObject".to_owned());
    }
    names
}

/// The markers of a request: what it returns, as `returns` spells it, and its verb.
pub(super) fn markers(
    file: &SourceFile<'_>,
    item: &ModelType<'_>,
    returns: impl Fn(&TypeMeta) -> String,
) -> Vec<String> {
    let Some(operation) = file.operation(item) else { return Vec::new() };
    let marker = return_marker(file, item).map(|response| match response {
        Some(response) => returns(response),
        None => "IReturnVoid".to_owned(),
    });
    marker.into_iter().chain([operation.client_verb().marker().to_owned()]).collect()
}

/// What a request returns, for its marker: `None` if it has none, `Some(None)` for nothing.
pub(super) fn return_marker(
    file: &SourceFile<'_>,
    item: &ModelType<'_>,
) -> Option<Option<&'static TypeMeta>> {
    let operation = file.operation(item)?;
    let is_declared = operation.response_source == ResponseSource::Request;
    let is_marked = is_declared || file.options.flag("AddReturnMarker");
    is_marked.then_some(operation.response)
}

/// A dotted name, each word of it `escaped`.
pub(super) fn dotted(namespace: &str, escaped: fn(&str) -> String) -> String {
    namespace.split('.').map(escaped).collect::<Vec<_>>().join(".")
}

/// The text of `[EnumMember(Value)]` where it means something: on enums written by name.
pub(super) fn enum_text(meta: &TypeMeta, member: &wire::EnumMember) -> Option<&'static str> {
    member.member.filter(|_| !is_number_on_wire(meta))
}

/// Whether a member gets a collection of its own from the beginning.
pub(super) fn is_initialized(file: &SourceFile<'_>, member: &Member) -> bool {
    let is_collection = matches!(member.meta.value, ValueType::List(_) | ValueType::Map(..));
    let is_asked = file.options.flag("InitializeCollections");
    is_collection && is_asked && member.meta.interface.is_none()
}
