//! Sources of the services' types in the languages of their clients (`servicestack.md §9`):
//! `/types/{language}` as files, and the plain types of an operation page.
//!
//! `reach` finds the types, `order` sorts them, `model` names them, `options` and `header` tell how
//! the file was asked for. A language is one file that says what its
//! `generator::Generator` is.

mod attribute;
mod attribute_list;
mod attribute_parts;
mod csharp;
mod dart;
mod description;
mod dotnet;
mod enumeration;
mod framework;
mod fsharp;
mod generator;
mod go;
mod header;
mod import;
mod java;
mod javascript;
mod kotlin;
mod language;
pub(crate) mod metadata;
mod model;
mod options;
mod order;
mod php;
pub mod python;
mod reach;
mod ruby;
mod rust;
mod source;
mod swift;
mod text;
mod typescript;
mod vbnet;
mod zig;

pub use language::Language;

use wire::NameStyle;

use crate::format::Format;
use crate::host::Host;
use crate::operation::Operation;
use crate::pages::PageRequest;
use crate::reply::Reply;

use generator::{Form, Generator, SourceFile};
use model::{Model, is_framework_type};
use options::{OptionError, Options};
use reach::Reached;
use source::Source;

/// The first segment of all addresses here.
const TYPES: &str = "types";

/// The description for programs, among the languages.
const METADATA: &str = "metadata";

/// Framework types that an operation page never shows; every client library has them.
const NEVER_ON_PAGES: [&str; 2] = ["ResponseError", "ResponseStatus"];

/// One level of indentation, in all languages.
const INDENT: &str = "    ";

/// The answer to a request below `/types`; `None` where nothing stands.
pub fn respond(request: &PageRequest<'_>) -> Option<Reply> {
    match request.path {
        [first, key] if first.eq_ignore_ascii_case(TYPES) => {
            if let Some(format) = metadata_format(request, key) {
                return Some(metadata::respond(request, format).unwrap_or_else(|e| refused(&e)));
            }
            let language = Language::from_key(key)?;
            let file = file(request, language.generator());
            Some(file.map_or_else(
                |error| refused(&error),
                |text| reply(200, language.content_type(), text),
            ))
        }
        _ => None,
    }
}

/// The types of an operation as its page shows them (`servicestack.md §9.6`); `None` for a language
/// that cannot be had.
pub fn operation_source(
    host: &Host,
    operation: &'static Operation,
    language: Language,
) -> Option<String> {
    operation_source_named(host, operation, language, host.names)
}

/// As [`operation_source`], in a name style that the caller asked for.
pub fn operation_source_named(
    host: &Host,
    operation: &'static Operation,
    language: Language,
    names: NameStyle,
) -> Option<String> {
    let generator = language.generator();
    let options = Options::defaults(generator.options);
    let mut types = Reached::from_operations(&[(host, operation)], Some(names), &options).types;
    let is_shown = |name: &str| !NEVER_ON_PAGES.contains(&name);
    types.retain(|item| !is_framework_type(item.meta) || is_shown(item.meta.name));
    order::for_page(&mut types, operation, generator.order);
    let model = Model::new(types, generator.framework_name);
    let mut out = Source::new(INDENT);
    out.lines((generator.first_line)(&options));
    (generator.write)(&SourceFile { model: &model, options: &options, form: Form::Page }, &mut out);
    Some(out.finish())
}

/// A whole file.
fn file(request: &PageRequest<'_>, generator: &Generator) -> Result<String, OptionError> {
    let options = Options::read(generator.options, request.query)?;
    let mut reached = Reached::from_operations(&operations(request), request.names, &options);
    reached.narrow(&options);
    let mut types = reached.types;
    let adds_framework = options.given_flag("AddServiceStackTypes").unwrap_or(true);
    types.retain(|item| {
        let is_written = || adds_framework && !generator.owned.has(item.meta.name);
        !is_framework_type(item.meta) || is_written()
    });
    order::for_file(&mut types, generator.order);
    let model = Model::new(types, generator.framework_name);
    let mut out = Source::new(INDENT);
    out.lines((generator.first_line)(&options));
    let base_url = format!("{}{}", request.base_url, request.prefix());
    header::write(generator.comments, &options, &base_url, request.now, &mut out);
    (generator.write)(&SourceFile { model: &model, options: &options, form: Form::File }, &mut out);
    Ok(out.finish())
}

/// The operations that are shown where it was asked.
fn operations<'r>(request: &PageRequest<'r>) -> Vec<(&'r Host, &'static Operation)> {
    let of_host = |host: &'r Host| host.visible_operations().map(move |item| (host, item));
    request.hosts().flat_map(of_host).collect()
}

/// The format that `key` asks for, if it is the name of the description: by its suffix, else by
/// `?format=`, else JSON.
fn metadata_format(request: &PageRequest<'_>, key: &str) -> Option<Format> {
    let (name, suffix) = key.split_once('.').map_or((key, None), |(name, key)| (name, Some(key)));
    if !name.eq_ignore_ascii_case(METADATA) {
        return None;
    }
    let format = suffix.or_else(|| request.query_value("format"));
    let negotiation = &request.registry.settings().negotiation;
    format.map_or(Some(Format::Json), |key| negotiation.format_of_key(key))
}

/// 400 with what is wrong with the options.
fn refused(error: &OptionError) -> Reply {
    reply(400, "text/plain; charset=utf-8", format!("{error}\n"))
}

fn reply(status: u16, content_type: &'static str, text: String) -> Reply {
    Reply::new(status, content_type, text.into_bytes())
        .with_header("X-Content-Type-Options", "nosniff")
        .with_header("Cache-Control", "no-cache")
}
