//! A request whose operation is known: what it binds to and how it is answered.

mod read;

use std::borrow::Cow;
use std::sync::OnceLock;

use wire::{Fault, Settings, Value, query};

use crate::exchange::Exchange;
use crate::format::{Format, RequestFormat};
use crate::host::Host;
use crate::jsonp;
use crate::negotiate::Wishes;
use crate::operation::{Effect, Operation};
use crate::pages::{self, Snapshot};
use crate::parameters::{self, Parameter};
use crate::registry::{Destination, Predefined, Registry};
use crate::reply::Reply;
use crate::reply_body::{fault_reply, value_reply};
use crate::status::ServiceError;

/// A request on its way to its operation.
pub struct Matched<'r, 'e> {
    /// The operation.
    pub operation: &'static Operation,
    /// The host that declares it.
    pub host: &'r Host,
    /// Values of the route's variables, decoded.
    pub path_values: Vec<(&'r str, Cow<'e, str>)>,
    /// How the body is read.
    pub request_format: RequestFormat,
    /// How the answer is written.
    pub response_format: Format,
    /// The caller does not wait for a response.
    pub one_way: bool,
    registry: &'r Registry,
    exchange: &'e Exchange<'e>,
    verb: Cow<'e, str>,
    /// The parameters of the URL, decoded.
    query: Result<Vec<Parameter<'e>>, Fault>,
    is_predefined: bool,
    /// The name of the function that a JSONP answer calls.
    callback: Option<String>,
    settings: Settings,
    /// The request as a page shows it, once it is read.
    shown_request: OnceLock<Vec<u8>>,
}

impl<'r, 'e> Matched<'r, 'e> {
    /// The match, and why it may not be served all the same.
    pub(crate) fn new(
        registry: &'r Registry,
        exchange: &'e Exchange<'e>,
        verb: Cow<'e, str>,
        destination: Destination<'r, 'e>,
    ) -> (Self, Option<ServiceError>) {
        let query = query::pairs(exchange.query.as_bytes());
        let url = query.as_deref().unwrap_or_default();
        let callback = jsonp::callback(url, &verb, destination.target.operation);
        let is_jsonp = matches!(callback, Ok(Some(_)));
        let response_format = response_format(registry, exchange, &destination, url, is_jsonp);
        let Destination { target, path_values, predefined, names, .. } = destination;
        let host = &registry.hosts()[target.host];
        let own = Settings::named(names.unwrap_or(host.names));
        let settings = settings(registry, own, target.operation, url);
        let by_content_type =
            registry.settings().negotiation.request_format(exchange.headers.get("Content-Type"));
        let mut matched = Self {
            operation: target.operation,
            host,
            path_values,
            request_format: request_format(by_content_type, predefined, exchange),
            response_format,
            one_way: predefined.is_some_and(|predefined| predefined.one_way),
            registry,
            exchange,
            verb,
            query,
            is_predefined: predefined.is_some(),
            callback: None,
            settings,
            shown_request: OnceLock::new(),
        };
        let refusal = match callback {
            Ok(callback) => {
                matched.callback = callback;
                matched.refuse_formats().err()
            }
            Err(error) => Some(error),
        };
        if refusal.is_some() {
            matched.response_format = Format::Json;
        }
        (matched, refusal)
    }

    /// Formats that are switched off.
    fn refuse_formats(&self) -> Result<(), ServiceError> {
        let switched_off = &self.registry.settings().negotiation.switched_off;
        let of_body = match self.request_format {
            RequestFormat::Body(format) => Some(format),
            _ => None,
        };
        for format in [Some(self.response_format), of_body].into_iter().flatten() {
            if switched_off.contains(&format) {
                let message = format!("The format '{}' is switched off here", format.key());
                return Err(ServiceError::new(403, "Forbidden", message));
            }
        }
        Ok(())
    }

    /// The verb after overrides.
    pub fn verb(&self) -> &str {
        &self.verb
    }

    /// Whether the answer is wrapped for a script tag. Any page can send such a request with the
    /// cookies of its visitor, so only callers who showed a header may be answered (`domain.md`
    /// §5.3).
    pub fn is_jsonp(&self) -> bool {
        self.callback.is_some()
    }

    /// How documents of this exchange are read and written.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The request that was matched.
    pub fn exchange(&self) -> &'e Exchange<'e> {
        self.exchange
    }

    /// The last value of a query parameter, for what the contract has no member for.
    pub fn query_value(&self, name: &str) -> Option<Cow<'_, str>> {
        parameters::value(self.query.as_deref().unwrap_or_default(), name).map(Cow::Borrowed)
    }

    /// The answer with a value; `status` is 200 unless the operation says otherwise.
    pub fn reply<T: Value>(&self, value: &T, status: u16) -> Reply {
        if self.one_way {
            return self.finish(Reply::empty(204));
        }
        let reply = value_reply(value, status, self.response_format, &self.settings);
        self.finish(match self.response_format {
            Format::Html => self.page(&reply),
            Format::Csv => reply.with_header("Content-Disposition", self.file_name()),
            _ => reply,
        })
    }

    /// A browser that asks for a table gets a file.
    fn file_name(&self) -> String {
        let name = self.operation.name();
        format!("attachment;filename=\"{name}.csv\";filename*=UTF-8''{name}.csv")
    }

    /// The answer of an operation that returns nothing.
    pub fn no_content(&self) -> Reply {
        self.finish(Reply::empty(204))
    }

    /// The answer to a request that was not served.
    pub fn fail(&self, error: &ServiceError) -> Reply {
        let (response, place) = (self.operation.response, self.exchange.batch_index);
        let reply = fault_reply(error, place, response, self.response_format, &self.settings);
        self.finish(match self.response_format {
            Format::Html => Reply { reason: reply.reason.clone(), ..self.page(&reply) },
            _ => reply,
        })
    }

    /// An answer that is written already, with the headers that every answer has.
    pub(crate) fn dressed(&self, reply: Reply) -> Reply {
        self.finish(reply)
    }

    /// 405 for an operation that is published but that this server has no code for.
    pub fn not_implemented(&self) -> Reply {
        let name = self.operation.name();
        let message = format!("The operation '{name}' is published but not served here");
        self.fail(&ServiceError::not_implemented(message))
    }

    /// The page around an answer that was written as JSON.
    fn page(&self, json: &Reply) -> Reply {
        let Exchange { path, query, .. } = *self.exchange;
        // A card, a password or a key that came in the URL, refused there or not, is not repeated.
        let is_plain = self.check_url().is_ok() && self.secret_in_url().is_none();
        let url = match query {
            query if is_plain && !query.is_empty() => format!("{path}?{query}"),
            _ => path.to_owned(),
        };
        let formats = self.registry.settings().negotiation.written_formats();
        let body = pages::snapshot(&Snapshot {
            host: self.host,
            operation: self.operation,
            url: &url,
            request_json: self.shown_request.get().map_or(&[], Vec::as_slice),
            response_json: &json.body,
            status: json.status,
            formats: &formats,
            now: self.exchange.now,
        });
        let page = Reply::new(json.status, "text/html; charset=utf-8", body);
        pages::SNAPSHOT_HEADERS
            .iter()
            .fold(page, |page, (name, value)| page.with_header(name, *value))
    }

    /// Wraps for JSONP and adds the headers that every answer has.
    fn finish(&self, mut reply: Reply) -> Reply {
        if let Some(callback) = self.callback.as_ref().filter(|_| reply.content_type.is_some()) {
            reply = jsonp::wrapped(reply, callback, self.operation);
        }
        reply.is_public = self.operation.effect == Effect::Reads && !self.operation.has_secrets;
        self.registry.with_default_headers(reply, self.exchange.headers)
    }
}

/// The format of the answer. Items of a batch are written as the path says: they become one
/// document.
fn response_format(
    registry: &Registry,
    exchange: &Exchange<'_>,
    destination: &Destination<'_, '_>,
    url: &[Parameter<'_>],
    is_jsonp: bool,
) -> Format {
    let predefined = destination.predefined.map(|predefined| predefined.format);
    if let (Some(format), Some(_)) = (predefined, exchange.batch_index) {
        return format;
    }
    registry.settings().negotiation.response_format(&Wishes {
        callback: is_jsonp,
        query_format: parameters::value(url, "format"),
        first_segment: destination.first_segment,
        suffix: destination.suffix,
        predefined,
        accept: exchange.headers.get("Accept"),
        content_type: exchange.headers.get("Content-Type"),
    })
}

/// How documents of the exchange are read and written: the host's way, changed by `?jsconfig=`.
fn settings(
    registry: &Registry,
    mut settings: Settings,
    operation: &Operation,
    url: &[Parameter<'_>],
) -> Settings {
    if operation.effect == Effect::Writes && !registry.settings().lenient {
        settings = settings.strictly();
    }
    if let Some(list) = parameters::value(url, "jsconfig") {
        settings.apply_jsconfig(list);
    }
    settings
}

/// Pre-defined routes read their body in the format of the path, whatever `Content-Type` says, but
/// for forms. The items of a batch are in that format too.
fn request_format(
    by_content_type: RequestFormat,
    predefined: Option<Predefined>,
    exchange: &Exchange<'_>,
) -> RequestFormat {
    let is_form = matches!(by_content_type, RequestFormat::Form | RequestFormat::Multipart);
    match predefined {
        _ if exchange.body.is_empty() => RequestFormat::Nothing,
        Some(predefined) if !is_form || exchange.batch_index.is_some() => {
            RequestFormat::Body(predefined.format)
        }
        _ => by_content_type,
    }
}
