//! `GET /api`: the operations, for programs (`servicestack.md §5.1`).

use wire::{Settings, json};

use crate::Dto;
use crate::host::Host;
use crate::operation::Operation;
use crate::pages::PageRequest;
use crate::reply::Reply;

/// All operations that are shown.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
struct ApiIndex {
    operations: Option<Vec<Option<ApiOperation>>>,
}

/// One operation.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
struct ApiOperation {
    name: Option<String>,
    /// Where it stands among the pre-defined routes.
    path: Option<String>,
    /// The published routes, each with its verbs as published.
    routes: Option<Vec<Option<String>>>,
    requires_authentication: bool,
}

/// The index, if that is what was asked for.
pub(crate) fn respond(request: &PageRequest<'_>, settings: &Settings) -> Option<Reply> {
    if request.path.len() != 1 || !request.path[0].eq_ignore_ascii_case("api") {
        return None;
    }
    let prefix = request.prefix();
    let operations = request.hosts().flat_map(Host::visible_operations);
    let entries = operations.map(|operation| Some(entry(operation, &prefix))).collect();
    let mut body = Vec::new();
    json::write(&ApiIndex { operations: Some(entries) }, settings, &mut body);
    Some(Reply::new(200, "application/json; charset=utf-8", body))
}

fn entry(operation: &Operation, prefix: &str) -> ApiOperation {
    let routes = operation.routes.iter();
    let routes = routes.map(|route| Some(format!("{} {}", route.verbs.text(), route.path)));
    ApiOperation {
        name: Some(operation.name().to_owned()),
        path: Some(format!("{prefix}/api/{}", operation.name())),
        routes: Some(routes.collect()),
        requires_authentication: operation.access.needs_principal(),
    }
}
