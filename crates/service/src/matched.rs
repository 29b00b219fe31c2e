//! A request whose operation is known: what it binds to and how it is answered.

use std::borrow::Cow;

use wire::{Fault, Problems, Record, Settings, Value, query};

use crate::exchange::Exchange;
use crate::format::{Format, RequestFormat};
use crate::host::Host;
use crate::negotiate::Wishes;
use crate::operation::{Effect, Operation};
use crate::parameters::{self, Parameter};
use crate::registry::{Destination, Predefined, Registry};
use crate::reply::Reply;
use crate::reply_body::{fault_reply, is_written, value_reply};
use crate::secrecy::without_secrets;
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
}

/// Longest name of a JSONP function.
const CALLBACK_LENGTH_MAX: usize = 64;

impl<'r, 'e> Matched<'r, 'e> {
    pub(crate) fn new(
        registry: &'r Registry,
        exchange: &'e Exchange<'e>,
        verb: Cow<'e, str>,
        destination: Destination<'r, 'e>,
    ) -> Self {
        let Destination { target, path_values, suffix, predefined } = destination;
        let host = &registry.hosts()[target.host];
        let negotiation = &registry.settings().negotiation;
        let content_type = exchange.headers.get("Content-Type");
        let query = query::pairs(exchange.query.as_bytes());
        let url = query.as_deref().unwrap_or_default();
        let callback = callback(url, &verb);
        let wishes = Wishes {
            callback: callback.is_some(),
            query_format: parameters::value(url, "format"),
            first_segment: exchange.path.split('/').find(|segment| !segment.is_empty()),
            suffix,
            predefined: predefined.map(|predefined| predefined.format),
            accept: exchange.headers.get("Accept"),
            content_type,
        };
        let response_format = negotiation.response_format(&wishes);
        let settings = settings(registry, host, target.operation, url);
        Self {
            operation: target.operation,
            host,
            path_values,
            request_format: request_format(
                negotiation.request_format(content_type),
                predefined,
                exchange,
            ),
            response_format,
            one_way: predefined.is_some_and(|predefined| predefined.one_way),
            registry,
            exchange,
            verb,
            query,
            is_predefined: predefined.is_some(),
            callback,
            settings,
        }
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

    /// The last value of a query parameter, for what the contract has no member for.
    pub fn query_value(&self, name: &str) -> Option<Cow<'_, str>> {
        parameters::value(self.query.as_deref().unwrap_or_default(), name).map(Cow::Borrowed)
    }

    /// Refuses card data in the URL, which must come before everything else (`payments.md` §5.2).
    ///
    /// # Errors
    /// 400 `CardDataInUrl`.
    pub fn check_url(&self) -> Result<(), ServiceError> {
        self.refuse_card_data(self.query.as_deref().unwrap_or_default())
    }

    /// Reads the request. User routes: body, path, query, form, later ones overwrite. Pre-defined
    /// routes: the query fills what the body leaves out.
    ///
    /// # Errors
    /// 400 for what cannot be read, naming the members; 400 `CardDataInUrl` for card data in the
    /// query; 405 for a body in a format that is known but not read.
    pub fn bind<T: Record>(&self) -> Result<T, ServiceError> {
        self.refuse_unwritten()?;
        let mut request = T::default();
        if self.is_predefined {
            self.read_parameters(&mut request)?;
            self.read_body(&mut request)?;
        } else {
            self.read_body(&mut request)?;
            self.read_parameters(&mut request)?;
        }
        Ok(request)
    }

    fn refuse_unwritten(&self) -> Result<(), ServiceError> {
        let format = self.response_format;
        if self.one_way || is_written(format) {
            return Ok(());
        }
        Err(not_supported(format!(
            "Responses of type {} are not written here; ask for application/json",
            format.content_type()
        )))
    }

    fn read_body<T: Record>(&self, request: &mut T) -> Result<(), ServiceError> {
        let body = self.exchange.body;
        let (content_type, read) = match self.request_format {
            RequestFormat::Nothing | RequestFormat::Form => return Ok(()),
            RequestFormat::Body(Format::Json) => {
                ("application/json", wire::json::read(body, request, &self.settings))
            }
            RequestFormat::Body(Format::Jsv) => {
                ("application/jsv", wire::jsv::read(body, request, &self.settings))
            }
            RequestFormat::Body(other) => return Err(unread(other.content_type())),
            RequestFormat::Multipart => return Err(unread("multipart/form-data")),
        };
        read.map_err(|problems| ServiceError::body(content_type, &problems))
    }

    fn read_parameters<T: Record>(&self, request: &mut T) -> Result<(), ServiceError> {
        let unreadable = |problems: Problems| {
            let shown = without_secrets(T::META, problems);
            ServiceError::binding(self.operation.name(), &shown)
        };
        let url = self.query.as_deref().map_err(|fault| unreadable(fault.clone().into()))?;
        self.refuse_card_data(url)?;
        let form = match self.request_format {
            RequestFormat::Form => query::pairs(self.exchange.body),
            _ => Ok(Vec::new()),
        };
        let form = form.map_err(|fault| unreadable(fault.into()))?;
        let path = self.path_values.iter();
        let mut given: Vec<Parameter<'_>> =
            path.map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        given.extend(url.iter().cloned());
        given.extend(form);
        given.extend(parameters::overrides(self.exchange));
        parameters::merge(&mut given);
        let given = given.iter().map(|(name, value)| (name.as_ref(), value.as_ref()));
        query::read(given, request, &self.settings).map_err(unreadable)
    }

    /// Card data has no place in a URL: servers and proxies log it (`domain.md §3`).
    fn refuse_card_data(&self, query: &[Parameter<'_>]) -> Result<(), ServiceError> {
        let is_card = |name: &str| {
            self.operation.card_members.iter().any(|member| member.eq_ignore_ascii_case(name))
        };
        match query.iter().find(|(name, value)| is_card(name) && !value.is_empty()) {
            None => Ok(()),
            Some((name, _)) => Err(ServiceError::new(
                400,
                "CardDataInUrl",
                format!("'{name}' may hold card data; send it in the body of a POST"),
            )),
        }
    }

    /// The answer with a value; `status` is 200 unless the operation says otherwise.
    pub fn reply<T: Value>(&self, value: &T, status: u16) -> Reply {
        if self.one_way {
            return self.finish(Reply::empty(204));
        }
        self.finish(value_reply(value, status, self.response_format, &self.settings))
    }

    /// The answer of an operation that returns nothing.
    pub fn no_content(&self) -> Reply {
        self.finish(Reply::empty(204))
    }

    /// The answer to a request that was not served.
    pub fn fail(&self, error: &ServiceError) -> Reply {
        let response = self.operation.response;
        let reply = fault_reply(error, response, self.response_format, &self.settings);
        // A script that loads JSONP cannot see any other status.
        let status = if self.callback.is_some() { 200 } else { reply.status };
        self.finish(Reply { status, ..reply })
    }

    /// 405 for an operation that is published but that this server has no code for.
    pub fn not_implemented(&self) -> Reply {
        let name = self.operation.name();
        let message = format!("The operation '{name}' is published but not served here");
        self.fail(&ServiceError::not_implemented(message))
    }

    /// Wraps for JSONP and adds the headers that every answer has.
    pub(crate) fn finish(&self, mut reply: Reply) -> Reply {
        if let Some(callback) = self.callback.as_ref().filter(|_| reply.content_type.is_some()) {
            let start = format!("{callback}(");
            reply.body.splice(0..0, start.into_bytes());
            reply.body.push(b')');
            reply.content_type = Some(Cow::Borrowed("text/javascript"));
            reply = reply.with_header("X-Content-Type-Options", "nosniff");
        }
        self.registry.with_default_headers(reply)
    }
}

/// How documents of the exchange are read and written: the host's way, changed by `?jsconfig=`.
fn settings(
    registry: &Registry,
    host: &Host,
    operation: &Operation,
    url: &[Parameter<'_>],
) -> Settings {
    let mut settings = host.settings();
    if operation.effect == Effect::Writes && !registry.settings().lenient {
        settings = settings.strictly();
    }
    if let Some(list) = parameters::value(url, "jsconfig") {
        settings.apply_jsconfig(list);
    }
    settings
}

/// Pre-defined routes read their body in the format of the path, whatever `Content-Type` says.
fn request_format(
    by_content_type: RequestFormat,
    predefined: Option<Predefined>,
    exchange: &Exchange<'_>,
) -> RequestFormat {
    let is_form = matches!(by_content_type, RequestFormat::Form | RequestFormat::Multipart);
    match predefined {
        _ if exchange.body.is_empty() => RequestFormat::Nothing,
        Some(predefined) if !is_form => RequestFormat::Body(predefined.format),
        _ => by_content_type,
    }
}

/// The JSONP function, for reading by `GET` only: no other verb can be sent by a script tag. A name
/// that is no plain identifier is ignored, so that nothing else can be smuggled into the answer.
fn callback(url: &[Parameter<'_>], verb: &str) -> Option<String> {
    let name = parameters::value(url, "callback")?;
    let is_start = |letter: char| letter.is_ascii_alphabetic() || matches!(letter, '_' | '$');
    let is_valid = verb.eq_ignore_ascii_case("GET")
        && name.len() <= CALLBACK_LENGTH_MAX
        && name.starts_with(is_start)
        && name.chars().all(|letter| is_start(letter) || letter.is_ascii_digit() || letter == '.');
    is_valid.then(|| name.to_owned())
}

fn unread(content_type: &str) -> ServiceError {
    not_supported(format!(
        "Request bodies of type {content_type} are not read here; send application/json"
    ))
}

fn not_supported(message: String) -> ServiceError {
    ServiceError::of_exception("NotSupportedException", message)
}
