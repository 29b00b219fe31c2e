//! Sources of the services' types in the languages of their clients (`servicestack.md §9`):
//! `/types/{language}` as files, and the plain types of an operation page.
//!
//! `reach` finds the types, `order` sorts them, `model` names them, `options` and `header` tell how
//! the file was asked for. A language is one file that implements `generator::Generator`.

mod attribute;
mod generator;
mod header;
mod javascript;
mod kotlin;
mod language;
mod model;
mod options;
mod order;
pub mod python;
mod reach;
mod source;
mod text;
mod typescript;

pub use language::Language;

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

/// Framework types that an operation page never shows; every client library has them.
const NEVER_ON_PAGES: [&str; 2] = ["ResponseError", "ResponseStatus"];

/// One level of indentation, in all languages.
const INDENT: &str = "    ";

/// The answer to a request below `/types`; `None` where nothing stands.
pub fn respond(request: &PageRequest<'_>) -> Option<Reply> {
    match request.path {
        [first, key] if first.eq_ignore_ascii_case(TYPES) => {
            let language = Language::from_key(key)?;
            let body = file(request, language.generator()?);
            Some(reply(language.content_type(), body))
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
    let generator = language.generator()?;
    let options = Options::defaults(generator.option_lines());
    let mut types = Reached::from_operations(&[(host, operation)], None, &options).types;
    let is_shown = |name: &str| !NEVER_ON_PAGES.contains(&name);
    types.retain(|item| !is_framework_type(item.meta) || is_shown(item.meta.name));
    order::for_page(&mut types, operation, generator.order());
    let model = Model::new(types, |name| generator.framework_name(name));
    let mut out = Source::new(INDENT);
    generator.write(&SourceFile { model: &model, options: &options, form: Form::Page }, &mut out);
    Some(out.finish())
}

/// A whole file.
fn file(request: &PageRequest<'_>, generator: &dyn Generator) -> Result<String, OptionError> {
    let options = Options::read(generator.option_lines(), request.query)?;
    let operations: Vec<(&Host, &'static Operation)> = request
        .hosts()
        .flat_map(|host| host.visible_operations().map(move |operation| (host, operation)))
        .collect();
    let mut reached = Reached::from_operations(&operations, request.names, &options);
    reached.narrow(&options);
    let mut types = reached.types;
    let adds_framework = options.flag("AddServiceStackTypes");
    types.retain(|item| {
        let is_written = || adds_framework && !generator.owns(item.meta.name);
        !is_framework_type(item.meta) || is_written()
    });
    order::for_file(&mut types, generator.order());
    let model = Model::new(types, |name| generator.framework_name(name));
    let mut out = Source::new(INDENT);
    header::write(generator.comments(), &options, request.base_url, request.now, &mut out);
    generator.write(&SourceFile { model: &model, options: &options, form: Form::File }, &mut out);
    Ok(out.finish())
}

/// A file, or what is wrong with its options.
fn reply(content_type: &'static str, body: Result<String, OptionError>) -> Reply {
    let reply = match body {
        Ok(text) => Reply::new(200, content_type, text.into_bytes()),
        Err(error) => {
            let text = format!("{error}\n");
            Reply::new(400, "text/plain; charset=utf-8", text.into_bytes())
        }
    };
    reply.with_header("X-Content-Type-Options", "nosniff")
}
