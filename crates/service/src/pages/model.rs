//! The services described for programs: `/metadata/app`, `/metadata/nav`, `/operations/metadata`
//! (`servicestack.md §8.1`, `§10`). The first has everything that a screen for people needs.

use wire::{DateTime, Map, NameStyle, Settings, Value};

use super::index::{ROOT_TITLE, links, listed_formats};
use super::{PageRequest, is};
use crate::Dto;
use crate::codegen::Language;
use crate::codegen::metadata::{self, MetadataTypes};
use crate::format::Format;
use crate::host::Host;
use crate::operation::Operation;
use crate::reply::Reply;
use crate::reply_body::value_reply;

/// Texts of a list; none of them is null.
type Texts = Option<Vec<Option<String>>>;

/// All there is to know of what was asked for.
#[derive(Debug, Default, Dto)]
struct AppMetadata {
    date: DateTime,
    app: Option<AppInfo>,
    /// Content type of each format, by key.
    content_type_formats: Option<Map<String, Option<String>>>,
    /// Title of each language that types can be had in, by key.
    languages: Option<Map<String, Option<String>>>,
    hosts: Option<Vec<Option<HostInfo>>>,
    /// Operations, routes, types, access and tags.
    api: Option<MetadataTypes>,
}

#[derive(Debug, Default, Dto)]
struct AppInfo {
    base_url: Option<String>,
    service_name: Option<String>,
}

/// One service.
#[derive(Debug, Default, Dto)]
struct HostInfo {
    name: Option<String>,
    base_path: Option<String>,
    /// How it writes members: `Pascal`, `Camel` or `Snake`.
    name_style: Option<String>,
    /// Names of its operations.
    operations: Texts,
}

/// Where to go from here.
#[derive(Debug, Default, Dto)]
struct Navigation {
    base_url: Option<String>,
    results: Option<Vec<Option<NavItem>>>,
}

#[derive(Debug, Default, Dto)]
struct NavItem {
    label: Option<String>,
    href: Option<String>,
}

/// One operation in short.
#[derive(Debug, Default, Dto)]
struct OperationDto {
    /// Also the name of the request type.
    name: Option<String>,
    /// The response type; left out when nothing is returned.
    response_name: Option<String>,
    service_name: Option<String>,
    /// Verbs that it takes.
    actions: Texts,
    /// Verbs of each route as published, by path.
    routes: Option<Map<String, Option<String>>>,
    requires_auth: bool,
}

/// The description at that path, in the format of its suffix, else of `?format=`, else in JSON.
pub(super) fn respond(request: &PageRequest<'_>) -> Option<Reply> {
    let [first, last] = *request.path else { return None };
    let (last, suffix) =
        last.rsplit_once('.').map_or((last, None), |(last, key)| (last, Some(key)));
    let key = suffix.or_else(|| request.query_value("format")).unwrap_or("json");
    let format = request.registry.settings().negotiation.format_of_key(key)?;
    if is(first, "metadata") && is(last, "app") {
        Some(reply(&app(request), format))
    } else if is(first, "metadata") && is(last, "nav") {
        Some(reply(&navigation(request), format))
    } else if is(first, "operations") && is(last, "metadata") {
        Some(reply(&operations(request), format))
    } else {
        None
    }
}

/// The original describes itself in camel case, whatever the style of the services.
fn reply<T: Value>(value: &T, format: Format) -> Reply {
    let format = if format == Format::Html { Format::Json } else { format };
    value_reply(value, 200, format, &Settings::named(NameStyle::Camel))
        .with_header("X-Content-Type-Options", "nosniff")
        .with_header("Cache-Control", "no-cache")
}

fn app(request: &PageRequest<'_>) -> AppMetadata {
    let title = request.host.map_or(ROOT_TITLE, |host| &host.title);
    let formats = listed_formats(request);
    let formats = formats.map(|format| (format.key().to_owned(), owned(format.content_type())));
    let languages = Language::all();
    let languages = languages.map(|language| (language.key().to_owned(), owned(language.title())));
    AppMetadata {
        date: request.now,
        app: Some(AppInfo { base_url: base_url(request), service_name: owned(title) }),
        content_type_formats: Some(formats.collect()),
        languages: Some(languages.collect()),
        hosts: Some(request.hosts().map(|item| Some(host(request, item))).collect()),
        // Options that are wrong are answered where they belong, at `/types/metadata`.
        api: metadata::read(request).ok(),
    }
}

fn host(request: &PageRequest<'_>, host: &Host) -> HostInfo {
    HostInfo {
        name: owned(&host.title),
        base_path: owned(host.base_path),
        name_style: Some(format!("{:?}", request.names_of(host))),
        operations: texts(host.visible_operations().map(Operation::name)),
    }
}

fn navigation(request: &PageRequest<'_>) -> Navigation {
    let item = |(label, path): (&str, &str)| {
        let href = format!("{}{path}", request.prefix());
        Some(NavItem { label: owned(label), href: Some(href) })
    };
    Navigation { base_url: base_url(request), results: Some(links().map(item).collect()) }
}

/// The operations that are shown, sorted by name within each host.
fn operations(request: &PageRequest<'_>) -> Vec<Option<OperationDto>> {
    let prefix = request.prefix();
    let of_host = |host: &Host| {
        let operations = host.operations_by_name();
        operations.into_iter().map(|item| operation(item, host, &prefix)).collect::<Vec<_>>()
    };
    request.hosts().flat_map(of_host).map(Some).collect()
}

fn operation(operation: &Operation, host: &Host, prefix: &str) -> OperationDto {
    let verbs = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    let mut routes: Map<String, Option<String>> = Map::new();
    for route in operation.routes {
        let verbs = routes.entry(format!("{prefix}{}", route.path)).or_default();
        let earlier = verbs.take().map_or_else(String::new, |earlier| earlier + ",");
        *verbs = Some(earlier + route.verbs.text());
    }
    OperationDto {
        name: owned(operation.name()),
        response_name: operation.response.and_then(|meta| owned(meta.name)),
        service_name: owned(&host.title),
        actions: texts(verbs.into_iter().filter(|verb| operation.allows(verb))),
        routes: Some(routes),
        requires_auth: operation.access.needs_principal(),
    }
}

fn base_url(request: &PageRequest<'_>) -> Option<String> {
    Some(format!("{}{}", request.base_url, request.prefix()))
}

fn owned(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> Texts {
    Some(texts.map(owned).collect())
}
