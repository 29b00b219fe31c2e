//! `/types/metadata`: the model of the sources, described for programs in the words of the original
//! (`servicestack.md §9.1`). Generators of others read it.

mod dto;

use wire::{EnumMember, MemberMeta, NameStyle, Settings, TypeKind, TypeMeta, ValueType};

use super::model::{ModelType, key};
use super::options::{OptionError, Options};
use super::reach::Reached;
use crate::format::Format;
use crate::operation::Operation;
use crate::pages::PageRequest;
use crate::reply::Reply;
use crate::reply_body::value_reply;
pub(crate) use dto::MetadataTypes;
use dto::{
    MetadataOperationType, MetadataPropertyType, MetadataRoute, MetadataType, MetadataTypeName,
    MetadataTypesConfig,
};

/// The namespace of .NET's own types.
const SYSTEM: &str = "System";

/// The answer in a format. Member names of the description itself are in camel case, whatever the
/// style of the services, as programs that read it expect.
pub(super) fn respond(request: &PageRequest<'_>, format: Format) -> Result<Reply, OptionError> {
    let format = if format == Format::Html { Format::Json } else { format };
    let settings = Settings::named(NameStyle::Camel);
    Ok(value_reply(&read(request)?, 200, format, &settings))
}

/// The description of what was asked for, narrowed by the options of the query.
pub(crate) fn read(request: &PageRequest<'_>) -> Result<MetadataTypes, OptionError> {
    let options = Options::read(&[], request.query)?;
    let mut reached =
        Reached::from_operations(&super::operations(request), request.names, &options);
    reached.narrow(&options);
    Ok(metadata(request, &options, &reached.types))
}

fn metadata(
    request: &PageRequest<'_>,
    options: &Options,
    types: &[ModelType<'_>],
) -> MetadataTypes {
    let mut namespaces: Vec<&str> = types.iter().map(|item| item.meta.namespace).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    let is_other = |item: &&ModelType<'_>| item.operation().is_none();
    let find = |meta: &'static TypeMeta| types.iter().find(|item| key(item.meta) == key(meta));
    let operation = |item: &ModelType<'_>| {
        let operation = item.operation()?;
        let response = operation.response.and_then(find).map(described);
        Some(Some(described_operation(item, operation, response)))
    };
    MetadataTypes {
        config: Some(MetadataTypesConfig {
            base_url: Some(format!("{}{}", request.base_url, request.prefix())),
            include_types: texts(options.list("IncludeTypes")),
            exclude_types: texts(options.list("ExcludeTypes")),
        }),
        namespaces: texts(namespaces),
        types: Some(types.iter().filter(is_other).map(|item| Some(described(item))).collect()),
        operations: Some(types.iter().filter_map(operation).collect()),
    }
}

fn described_operation(
    item: &ModelType<'_>,
    operation: &Operation,
    response: Option<MetadataType>,
) -> MetadataOperationType {
    let access = &operation.access;
    let actions = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let routes = operation.routes.iter().map(|route| {
        Some(MetadataRoute {
            path: text(route.path),
            verbs: (!route.verbs.allows_all()).then(|| route.verbs.text().to_owned()),
            notes: filled(route.notes),
            summary: filled(route.summary),
        })
    });
    MetadataOperationType {
        request: Some(described(item)),
        return_type: operation.response.map(type_name),
        returns_void: operation.response.is_none(),
        response,
        actions: texts(actions.into_iter().filter(|verb| operation.allows(verb))),
        method: text(operation.client_verb().name()),
        routes: Some(routes.collect()),
        tags: texts(operation.tags.iter().copied()),
        requires_auth: access.needs_principal(),
        required_roles: texts(access.all_roles.iter().copied()),
        requires_any_role: texts(access.any_role.iter().copied()),
        required_permissions: texts(access.all_permissions.iter().copied()),
        requires_any_permission: texts(access.any_permission.iter().copied()),
    }
}

fn described(item: &ModelType<'_>) -> MetadataType {
    let meta = item.meta;
    let is_enum = meta.kind != TypeKind::Record;
    let properties = item.members.iter().map(|member| Some(property(item, member.meta)));
    let numbers = meta.enum_members.iter().map(|member| member.number.to_string());
    let interfaces = meta
        .interfaces
        .iter()
        .map(|name| Some(MetadataTypeName { name: text(name), ..MetadataTypeName::default() }));
    MetadataType {
        name: text(meta.name),
        namespace: text(meta.namespace),
        inherits: item.base().map(type_name),
        implements: (!meta.interfaces.is_empty()).then(|| interfaces.collect()),
        description: item.description().and_then(text),
        is_enum: is_enum.then_some(true),
        is_enum_int: (is_enum && meta.kind != TypeKind::Enum).then_some(true),
        properties: (!is_enum).then(|| properties.collect()),
        enum_names: texts(meta.enum_members.iter().map(|member| member.name)),
        enum_values: is_enum.then(|| numbers.map(Some).collect()),
        enum_member_values: if meta.enum_members.iter().any(|member| member.member.is_some()) {
            texts(meta.enum_members.iter().map(EnumMember::text))
        } else {
            None
        },
    }
}

fn property(item: &ModelType<'_>, member: &MemberMeta) -> MetadataPropertyType {
    let (name, arguments) = generic(&member.value);
    let name = match (member.interface, &member.value) {
        (Some(interface), ValueType::List(_)) => format!("{interface}`1"),
        _ => name,
    };
    MetadataPropertyType {
        name: text(member.name.in_style(item.names)),
        type_name: Some(name),
        namespace: text(namespace(&member.value)),
        generic_args: texts(arguments.iter().map(String::as_str)),
        is_value_type: (!member.value.is_reference()).then_some(true),
        is_enum: is_enum(&member.value).then_some(true),
        is_required: member.required.then_some(true),
        param_type: member.parameter.and_then(text),
        description: member.description.and_then(text),
    }
}

fn is_enum(value: &ValueType) -> bool {
    match value {
        ValueType::Enum(_) => true,
        ValueType::Nullable(inner) => is_enum(inner),
        _ => false,
    }
}

/// A type in the spelling of .NET's reflection, ``List`1``, and its arguments.
fn generic(value: &ValueType) -> (String, Vec<String>) {
    let arguments: Vec<String> = match value {
        ValueType::Nullable(inner) | ValueType::List(inner) => vec![generic(inner).0],
        ValueType::Map(key, entry) => vec![generic(key).0, generic(entry).0],
        _ => Vec::new(),
    };
    let name = value.dotnet_name();
    match arguments.len() {
        0 => (name.to_owned(), arguments),
        count => (format!("{name}`{count}"), arguments),
    }
}

fn namespace(value: &ValueType) -> &'static str {
    match value {
        ValueType::Enum(meta) | ValueType::Record(meta) => meta().namespace,
        ValueType::List(_) | ValueType::Map(..) => "System.Collections.Generic",
        _ => SYSTEM,
    }
}

fn type_name(meta: &'static TypeMeta) -> MetadataTypeName {
    MetadataTypeName { name: text(meta.name), namespace: text(meta.namespace) }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn filled(value: &str) -> Option<String> {
    if value.is_empty() { None } else { text(value) }
}

/// A list of texts; `None` for an empty one, which is then left out.
fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Vec<Option<String>>> {
    let texts: Vec<_> = texts.into_iter().map(text).collect();
    (!texts.is_empty()).then_some(texts)
}
