//! The members of an operation's types, as tables (`servicestack.md §8.2`, point 8).

use wire::{MemberMeta, NameStyle, TypeKind, TypeMeta, ValueType};

use super::html::Html;
use crate::operation::Operation;
use crate::route::Template;
use crate::sample::same_type;

/// Tables of the request, all it reaches, the response and all that reaches.
pub(super) fn write(operation: &Operation, names: NameStyle, page: &mut Html) {
    for meta in reached(operation) {
        if meta.kind == TypeKind::Record {
            record(operation, meta, names, page);
        } else {
            enumeration(meta, page);
        }
    }
}

/// The types of an operation: the request first, each type before those it names first, none twice.
pub(crate) fn reached(operation: &Operation) -> Vec<&'static TypeMeta> {
    let mut types: Vec<&'static TypeMeta> = Vec::new();
    let mut waiting: Vec<_> = operation.response.into_iter().collect();
    waiting.push(operation.request);
    while let Some(meta) = waiting.pop() {
        if types.iter().any(|known| same_type(known, meta)) {
            continue;
        }
        types.push(meta);
        let mut named = Vec::new();
        for member in meta.all_members() {
            collect(&member.value, &mut named);
        }
        waiting.extend(named.into_iter().rev());
    }
    types
}

fn collect(value: &ValueType, named: &mut Vec<&'static TypeMeta>) {
    match value {
        ValueType::Enum(meta) | ValueType::Record(meta) => named.push(meta()),
        ValueType::Nullable(inner) | ValueType::List(inner) => collect(inner, named),
        ValueType::Map(key, value) => {
            collect(key, named);
            collect(value, named);
        }
        _ => {}
    }
}

fn record(operation: &Operation, meta: &'static TypeMeta, names: NameStyle, page: &mut Html) {
    let columns = ["Name", "Parameter", "Data Type", "Required", "Description"];
    page.table(&format!("{} Parameters:", meta.name), &columns);
    for member in meta.all_members() {
        let parameter = parameter(operation, meta, member);
        let is_required = member.required || parameter == "path";
        page.wrap("<tr><th scope=\"row\">", member.name.in_style(names), "</th>")
            .wrap("<td>", parameter, "</td>")
            .wrap("<td class=\"code\">", &member.value.csharp_name(), "</td>")
            .markup(if is_required { "<td>Yes</td>" } else { "<td>No</td>" })
            .wrap("<td class=\"long\">", member.description.unwrap_or_default(), "</td></tr>\n");
    }
    page.end_table();
}

fn enumeration(meta: &'static TypeMeta, page: &mut Html) {
    page.table(&format!("{} Enum:", meta.name), &["Name", "Value"]);
    for member in meta.enum_members {
        page.wrap("<tr><th scope=\"row\">", member.text(), "</th>").wrap(
            "<td>",
            &member.number.to_string(),
            "</td></tr>\n",
        );
    }
    page.end_table();
}

/// Where a member travels: as published, else in the path if a route names it, else in the query of
/// requests that have no body, else in a body.
pub(crate) fn parameter(
    operation: &Operation,
    meta: &'static TypeMeta,
    member: &MemberMeta,
) -> &'static str {
    let is_request = same_type(meta, operation.request);
    match member.parameter {
        Some(published) => published,
        None if is_request && is_in_path(operation, member) => "path",
        None if is_request && !has_body(operation) => "query",
        None => "body",
    }
}

fn is_in_path(operation: &Operation, member: &MemberMeta) -> bool {
    operation.routes.iter().filter_map(|route| Template::parse(route.path).ok()).any(|template| {
        template.variables().any(|name| name.eq_ignore_ascii_case(member.name.declared))
    })
}

fn has_body(operation: &Operation) -> bool {
    ["POST", "PUT", "PATCH"].iter().any(|verb| operation.allows(verb))
}
