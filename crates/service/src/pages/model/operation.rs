//! Operations, described for programs.

use super::{list, owned};
use crate::Dto;
use crate::host::Host;
use crate::operation::{Effect, Operation, Route};
use crate::pages::PageRequest;

/// One operation.
#[derive(Debug, Default, Dto)]
pub(super) struct OperationModel {
    /// Also the name of the request type.
    name: Option<String>,
    /// The response type; left out when nothing is returned.
    response_name: Option<String>,
    service_name: Option<String>,
    description: Option<String>,
    /// Verbs that it takes.
    actions: Option<Vec<Option<String>>>,
    /// A call changes nothing and may be repeated.
    is_read_only: bool,
    routes: Option<Vec<Option<RouteModel>>>,
    tags: Option<Vec<Option<String>>>,
    requires_auth: bool,
    required_roles: Option<Vec<Option<String>>>,
    requires_any_role: Option<Vec<Option<String>>>,
    required_permissions: Option<Vec<Option<String>>>,
    requires_any_permission: Option<Vec<Option<String>>>,
}

/// One published route.
#[derive(Debug, Default, Dto)]
struct RouteModel {
    path: Option<String>,
    /// As published; left out when all verbs are taken.
    verbs: Option<String>,
    summary: Option<String>,
    notes: Option<String>,
}

/// The operations of a host that are shown, sorted by name.
pub(super) fn all<'r>(
    request: &PageRequest<'r>,
    host: &'r Host,
) -> impl Iterator<Item = OperationModel> + use<'r> {
    let prefix = request.prefix();
    let mut operations: Vec<_> = host.visible_operations().collect();
    operations.sort_by_key(|operation| operation.name());
    operations.into_iter().map(move |operation| described(operation, host, &prefix))
}

fn described(operation: &Operation, host: &Host, prefix: &str) -> OperationModel {
    let access = &operation.access;
    let routes = operation.routes.iter().map(|item| Some(route(item, prefix)));
    let verbs = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let taken: Vec<&str> = verbs.into_iter().filter(|verb| operation.allows(verb)).collect();
    OperationModel {
        name: owned(operation.name()),
        response_name: operation.response.and_then(|meta| owned(meta.name)),
        service_name: owned(&host.title),
        description: operation.description.and_then(owned),
        actions: list(&taken),
        is_read_only: operation.effect == Effect::Reads,
        routes: Some(routes.collect()),
        tags: list(operation.tags),
        requires_auth: access.needs_principal(),
        required_roles: list(access.all_roles),
        requires_any_role: list(access.any_role),
        required_permissions: list(access.all_permissions),
        requires_any_permission: list(access.any_permission),
    }
}

fn route(route: &Route, prefix: &str) -> RouteModel {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    RouteModel {
        path: Some(format!("{prefix}{}", route.path)),
        verbs: (!route.verbs.allows_all()).then(|| route.verbs.text().to_owned()),
        summary: some(route.summary),
        notes: some(route.notes),
    }
}
