//! The services as an `OpenAPI` 3.1 document, made from the same tables as everything else.
//!
//! Schemas say what is *accepted* and what is *written*, which differ: a type that goes both ways
//! has two components, `Ticket` for answers and `TicketInput` for requests.

mod json;
mod parameters;
mod paths;
mod responses;
mod schemas;
mod security;

use json::{Json, object};
use paths::Paths;
use schemas::Schemas;

use wire::NameStyle;

use crate::fingerprint::strong_etag;
use crate::host::Host;
use crate::operation::Operation;
use crate::pages::PageRequest;
use crate::reply::Reply;

/// The version of the specification that the document keeps to.
const OPENAPI_VERSION: &str = "3.1.0";

const DESCRIPTION: &str = "Member names are read in any case and unknown members are passed over. \
    Every operation also answers at `/json/reply/{Operation}` and in further formats, by \
    `Accept`, `?format=` or a suffix of the path such as `.xml`. Several requests in one array \
    may be posted to `/api/{Operation}[]`.";

/// `/openapi.json`: the host's, or at the root that of all hosts.
pub fn respond(request: &PageRequest<'_>) -> Option<Reply> {
    if !matches!(request.path, [name] if name.eq_ignore_ascii_case("openapi.json")) {
        return None;
    }
    let mut body = Vec::new();
    document(request).write(&mut body);
    let etag = strong_etag(&[&body]);
    Some(
        Reply::new(200, "application/json; charset=utf-8", body)
            .with_header("ETag", etag)
            .with_header("Cache-Control", "no-cache")
            .with_header("X-Content-Type-Options", "nosniff"),
    )
}

fn document(request: &PageRequest<'_>) -> Json {
    let (mut paths, mut components, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    let mut faults = Vec::new();
    let formats = &request.registry.settings().negotiation.formats;
    for host in request.hosts() {
        let is_root = request.host.is_none();
        let prefix = |mark: char| match is_root {
            true => format!("{}{mark}", host.base_segment()),
            false => String::new(),
        };
        let schemas = Schemas::of(host, request.names_of(host), prefix('.'));
        let base = if is_root { host.base_path } else { "" };
        let (schemas_of, id_prefix) = (&schemas, prefix('_'));
        let found = Vec::new();
        let mut places = Paths { host, schemas: schemas_of, base, id_prefix, formats, found, ids };
        visible(host).for_each(|operation| places.add(operation));
        ids = places.ids;
        paths.extend(places.found);
        components.extend(schemas.components());
        faults.extend(responses::shared(&schemas, formats));
    }
    let paths = paths.into_iter().map(|(path, verbs)| (path, Json::Object(verbs))).collect();
    let operations = request.hosts().flat_map(visible);
    let components = object([
        ("schemas", Json::Object(components)),
        ("responses", Json::Object(faults)),
        ("securitySchemes", security::schemes(operations)),
    ]);
    let server = format!("{}{}", request.base_url, request.prefix());
    object([("openapi", OPENAPI_VERSION.into()), ("info", info(request))])
        .with("servers", Json::List(vec![object([("url", server.into())])]))
        .with("tags", Json::List(request.hosts().map(|host| tag(request, host)).collect()))
        .with("paths", Json::Object(paths))
        .with("components", components)
}

fn visible(host: &Host) -> impl Iterator<Item = &'static Operation> {
    host.operations.iter().copied().filter(|operation| !operation.is_hidden)
}

fn info(request: &PageRequest<'_>) -> Json {
    let titles: Vec<&str> = request.hosts().map(|host| host.title.as_str()).collect();
    object([
        ("title", titles.join(", ").into()),
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("description", DESCRIPTION.into()),
    ])
}

/// A host, with what a client's code must know of it.
fn tag(request: &PageRequest<'_>, host: &Host) -> Json {
    let names = match request.names_of(host) {
        NameStyle::Pascal => "pascal",
        NameStyle::Camel => "camel",
        NameStyle::Snake => "snake",
    };
    object([("name", host.base_segment().into()), ("description", host.title.as_str().into())])
        .with("x-names", names)
        .with("x-properties-optional", host.properties_optional)
}
