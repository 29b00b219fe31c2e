//! What stands outside the body: path variables, query parameters, headers.

use wire::{MemberMeta, Settings, ValueType};

use super::json::{Json, object};
use super::schemas::{Direction, Nulls, Schemas, is_elsewhere};
use crate::operation::{Effect, Operation};
use crate::secrecy::holds_secret;

/// The header by which a client makes a repeat safe.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// A path as `OpenAPI` writes it, and the names of its variables: `{Path*}` and `{Id:int}` become
/// plain ones.
pub(super) fn plain_path(template: &str) -> (String, Vec<&str>) {
    let mut path = String::new();
    let mut variables = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (variable, after) = after.split_once('}').unwrap_or((after, ""));
        let name = variable.split(':').next().unwrap_or(variable);
        let name = name.trim_matches(['*', '?']);
        path += &format!("{before}{{{name}}}");
        variables.push(name);
        rest = after;
    }
    (path + rest, variables)
}

/// The parameters of one verb of one route.
pub(super) fn parameters(
    schemas: &Schemas,
    operation: &'static Operation,
    variables: &[&str],
    has_body: bool,
) -> Vec<Json> {
    let mut all: Vec<Json> =
        variables.iter().map(|name| path_parameter(schemas, operation, name)).collect();
    for member in operation.request.all_members() {
        let is_variable =
            variables.iter().any(|name| name.eq_ignore_ascii_case(member.name.declared));
        if is_elsewhere(member) {
            all.push(header_parameter(schemas, member));
        } else if !has_body && !is_variable && may_stand_in_url(operation, member) {
            all.push(query_parameter(schemas, member));
        }
    }
    if operation.effect == Effect::Writes {
        all.push(idempotency_key());
    }
    all
}

/// Card data and other secrets have no place in a URL, which servers and proxies log.
fn may_stand_in_url(operation: &Operation, member: &MemberMeta) -> bool {
    !operation.card_members.contains(&member.name.declared) && !holds_secret(&member.value, 0)
}

fn path_parameter(schemas: &Schemas, operation: &'static Operation, name: &str) -> Json {
    let index = operation.request.find(name, &Settings::default());
    let member = index.and_then(|index| operation.request.member(index));
    let schema = match member {
        Some(member) => schema_of(schemas, member),
        None => object([("type", "string".into())]),
    };
    // An empty segment would be another path.
    let is_text = member.is_none_or(|member| matches!(member.value, ValueType::String));
    let schema = if is_text { schema.with("minLength", 1) } else { schema };
    object([("name", name.into()), ("in", "path".into()), ("required", true.into())])
        .with("schema", schema)
        .with_some("description", member.and_then(MemberMeta::explanation))
}

fn query_parameter(schemas: &Schemas, member: &'static MemberMeta) -> Json {
    let parameter = object([("name", schemas.name(member).into()), ("in", "query".into())])
        .with("required", member.required)
        .with_some("description", member.explanation());
    let schema = schema_of(schemas, member);
    match &member.value {
        ValueType::List(item) if !is_nested(item) => {
            parameter.with("style", "form").with("explode", false).with("schema", schema)
        }
        // Read as JSV, which JSON is too where it matters.
        value if is_nested(value) => {
            parameter.with("content", object([("application/json", object([("schema", schema)]))]))
        }
        _ => parameter.with("schema", schema),
    }
}

fn is_nested(value: &ValueType) -> bool {
    matches!(value, ValueType::Record(_) | ValueType::Map(..) | ValueType::List(_))
}

fn header_parameter(schemas: &Schemas, member: &'static MemberMeta) -> Json {
    // `XForwardedFor` is the member, `X-Forwarded-For` the header that its attribute names.
    let named = member.attribute.and_then(|text| text.split_once("Name=\"")?.1.split('"').next());
    object([("name", named.unwrap_or(member.name.declared).into()), ("in", "header".into())])
        .with("required", member.required)
        .with_some("description", member.explanation())
        .with("schema", schema_of(schemas, member))
}

fn schema_of(schemas: &Schemas, member: &'static MemberMeta) -> Json {
    match &member.value {
        ValueType::Nullable(inner) => schemas.value(inner, Direction::Input, Nulls::Never),
        value => schemas.value(value, Direction::Input, Nulls::Never),
    }
}

fn idempotency_key() -> Json {
    let text = "Your own key of this request. Sent again with the same key, an order is not made \
                twice: the first answer is repeated.";
    let schema = object([("type", "string".into()), ("pattern", "^[!-~]{1,255}$".into())]);
    object([("name", IDEMPOTENCY_KEY.into()), ("in", "header".into())])
        .with("required", false)
        .with("description", text)
        .with("schema", schema)
}

#[cfg(test)]
mod tests {
    use super::plain_path;

    /// Proves that every form of variable becomes the one form that `OpenAPI` knows.
    #[test]
    fn variables_become_plain() {
        for (template, path, variables) in [
            ("/ticketOrder", "/ticketOrder", vec![]),
            ("/v1/orders/{Id}", "/v1/orders/{Id}", vec!["Id"]),
            ("/files/{Path*}", "/files/{Path}", vec!["Path"]),
            ("/{**Path}/end", "/{Path}/end", vec!["Path"]),
            ("/{Id:int}/{Name?}", "/{Id}/{Name}", vec!["Id", "Name"]),
            ("/{action}.{type}", "/{action}.{type}", vec!["action", "type"]),
        ] {
            assert_eq!(plain_path(template), (path.to_owned(), variables));
        }
    }
}
