//! The services described for programs: `/metadata/app`, `/metadata/nav`, `/operations/metadata`
//! (`servicestack.md §8.1`, `§10`). Everything that a screen for people needs is in the first.

mod operation;
mod types;

use wire::{DateTime, Map, NameStyle, Settings, Value};

use self::operation::OperationModel;
use self::types::TypeModel;
use super::index::{ROOT_TITLE, links, listed_formats};
use super::{PageRequest, is};
use crate::Dto;
use crate::codegen::Language;
use crate::format::Format;
use crate::host::Host;
use crate::reply::Reply;
use crate::reply_body::value_reply;

/// All there is to know of what was asked for.
#[derive(Debug, Default, Dto)]
struct AppModel {
    date: DateTime,
    app: Option<AppInfo>,
    /// Content type of each format, by key.
    content_type_formats: Option<Map<String, Option<String>>>,
    /// The languages that types can be had in.
    languages: Option<Vec<Option<LanguageModel>>>,
    hosts: Option<Vec<Option<HostModel>>>,
}

#[derive(Debug, Default, Dto)]
struct AppInfo {
    base_url: Option<String>,
    service_name: Option<String>,
}

#[derive(Debug, Default, Dto)]
struct LanguageModel {
    key: Option<String>,
    title: Option<String>,
}

/// One service. Two of them may use one type name for different things.
#[derive(Debug, Default, Dto)]
struct HostModel {
    name: Option<String>,
    base_path: Option<String>,
    /// `Pascal`, `Camel` or `Snake`.
    name_style: Option<String>,
    operations: Option<Vec<Option<OperationModel>>>,
    types: Option<Vec<Option<TypeModel>>>,
}

/// Where to go from here.
#[derive(Debug, Default, Dto)]
struct Navigation {
    base_url: Option<String>,
    results: Option<Vec<Option<NavigationItem>>>,
}

#[derive(Debug, Default, Dto)]
struct NavigationItem {
    label: Option<String>,
    href: Option<String>,
}

/// The description at that path, in the format of its suffix, else of `?format=`, else in JSON.
pub(super) fn respond(request: &PageRequest<'_>) -> Option<Reply> {
    let [first, last] = *request.path else { return None };
    let negotiation = &request.registry.settings().negotiation;
    let by_suffix = last.rsplit_once('.');
    let (last, key) = by_suffix.map_or((last, None), |(last, key)| (last, Some(key)));
    let key = key.or_else(|| request.query_value("format"));
    let format = key.map_or(Some(Format::Json), |key| negotiation.format_of_key(key))?;
    if is(first, "metadata") && is(last, "app") {
        Some(reply(&app(request), format))
    } else if is(first, "metadata") && is(last, "nav") {
        Some(reply(&navigation(request), format))
    } else if is(first, "operations") && is(last, "metadata") {
        let operations = request.hosts().flat_map(|host| operation::all(request, host));
        Some(reply(&operations.map(Some).collect::<Vec<_>>(), format))
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

fn app(request: &PageRequest<'_>) -> AppModel {
    let title = request.host.map_or(ROOT_TITLE, |host| &host.title);
    let formats = listed_formats(request);
    let formats = formats.map(|format| (format.key().to_owned(), owned(format.content_type())));
    let language = |language: Language| LanguageModel {
        key: owned(language.key()),
        title: owned(language.title()),
    };
    AppModel {
        date: request.now,
        app: Some(AppInfo { base_url: base_url(request), service_name: owned(title) }),
        content_type_formats: Some(formats.collect()),
        languages: Some(Language::all().map(|key| Some(language(key))).collect()),
        hosts: Some(request.hosts().map(|item| Some(host(request, item))).collect()),
    }
}

fn host(request: &PageRequest<'_>, host: &Host) -> HostModel {
    let names = request.names_of(host);
    HostModel {
        name: owned(&host.title),
        base_path: owned(host.base_path),
        name_style: Some(format!("{names:?}")),
        operations: Some(operation::all(request, host).map(Some).collect()),
        types: Some(types::all(host, names).into_iter().map(Some).collect()),
    }
}

fn navigation(request: &PageRequest<'_>) -> Navigation {
    let item = |(label, path): (&str, &str)| {
        let href = format!("{}{path}", request.prefix());
        Some(NavigationItem { label: owned(label), href: Some(href) })
    };
    let results = links().map(item).collect();
    Navigation { base_url: base_url(request), results: Some(results) }
}

fn base_url(request: &PageRequest<'_>) -> Option<String> {
    Some(format!("{}{}", request.base_url, request.prefix()))
}

fn owned(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A list of texts; `None` for an empty one, which is then left out.
fn list(texts: &[&str]) -> Option<Vec<Option<String>>> {
    (!texts.is_empty()).then(|| texts.iter().map(|text| owned(text)).collect())
}
