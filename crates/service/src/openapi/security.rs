//! Who may call, as security schemes and in words.

use wire::MemberMeta;

use super::json::{Json, object, texts};
use super::schemas::is_credential;
use crate::access::Access;
use crate::operation::Operation;

/// The schemes that every operation with an access rule takes, in the order they are offered.
const GENERAL_SCHEMES: [&str; 4] = ["Bearer", "ApiKey", "Basic", "Session"];

/// The schemes as `components.securitySchemes`; `operations` may bring keys of their own.
pub(super) fn schemes<'o>(operations: impl Iterator<Item = &'o Operation>) -> Json {
    let http = |scheme: &str, text: &str| {
        object([("type", "http".into()), ("scheme", scheme.into()), ("description", text.into())])
    };
    let general = [
        http("bearer", "An API key or a signed token (JWT)."),
        key("header", "X-Api-Key", "An API key."),
        http("basic", "User name and password, or an API key as the user name."),
        key("cookie", "ss-id", "The session that `POST /auth/credentials` begins."),
    ];
    let mut found: Vec<(String, Json)> =
        GENERAL_SCHEMES.map(str::to_owned).into_iter().zip(general).collect();
    for member in operations.flat_map(credentials) {
        let name = scheme_of(member);
        if found.iter().all(|(known, _)| *known != name) {
            let text = member.description.unwrap_or("A key that the operation itself checks.");
            found.push((name, key("query", member.name.declared, text)));
        }
    }
    Json::Object(found)
}

fn key(place: &str, name: &str, text: &str) -> Json {
    object([
        ("type", "apiKey".into()),
        ("in", place.into()),
        ("name", name.into()),
        ("description", text.into()),
    ])
}

/// What an operation asks for: any one of its schemes, or nothing at all.
pub(super) fn requirements(operation: &Operation) -> Json {
    let one = |name: &str| object([(name, Json::List(Vec::new()))]);
    let mut any: Vec<Json> = credentials(operation).map(|member| one(&scheme_of(member))).collect();
    if operation.access.needs_principal() {
        any.extend(GENERAL_SCHEMES.iter().map(|name| one(name)));
    } else if !any.is_empty() {
        // The key may also stand in the body.
        any.push(object([]));
    }
    Json::List(any)
}

/// The access rule as data, each name once: what a page shows before anybody tries.
pub(super) fn rule(access: &Access) -> Json {
    object([
        ("authenticated", access.needs_principal().into()),
        ("allRoles", texts(once(access.all_roles))),
        ("anyRole", texts(once(access.any_role))),
        ("allPermissions", texts(once(access.all_permissions))),
        ("anyPermission", texts(once(access.any_permission))),
    ])
}

/// The access rule in words; `None` where anybody may call.
pub(super) fn sentence(access: &Access) -> Option<String> {
    if !access.needs_principal() {
        return None;
    }
    let parts = [
        ("all of the roles", access.all_roles),
        ("one of the roles", access.any_role),
        ("all of the permissions", access.all_permissions),
        ("one of the permissions", access.any_permission),
    ];
    let told = parts.iter().filter(|(_, names)| !names.is_empty());
    let told = told.map(|(what, names)| format!("{what} {}", once(names).join(", ")));
    let told: Vec<String> = told.collect();
    Some(match told.is_empty() {
        true => "Needs a caller who is signed in.".to_owned(),
        false => format!("Needs {}.", told.join(" and ")),
    })
}

fn credentials(operation: &Operation) -> impl Iterator<Item = &'static MemberMeta> {
    operation.request.all_members().filter(|member| is_credential(member))
}

fn scheme_of(member: &MemberMeta) -> String {
    format!("{}Parameter", member.name.declared)
}

/// Published lists repeat names as often as they were declared.
fn once(names: &[&'static str]) -> Vec<&'static str> {
    let mut found = Vec::new();
    for name in names {
        if !found.contains(name) {
            found.push(*name);
        }
    }
    found
}
