//! Reading a request from its body and its parameters (`servicestack.md §5.4`).

use std::borrow::Cow;

use wire::case::equal_loosely;
use wire::{Fault, Problems, Record, multipart, query};

use super::Matched;
use crate::format::{Format, RequestFormat};
use crate::parameters::{self, Parameter};
use crate::reply_body::is_written;
use crate::secrecy::{holds_secret, without_secrets};
use crate::status::ServiceError;

impl Matched<'_, '_> {
    /// Refuses card data in the URL, which must come before everything else (`payments.md` §5.2),
    /// and a query that cannot be decoded, in which nobody could look for it.
    ///
    /// # Errors
    /// 400 `CardDataInUrl` or `SerializationException`.
    pub fn check_url(&self) -> Result<(), ServiceError> {
        self.refuse_card_data(self.url()?)
    }

    /// The member of the request that holds a secret and was given in the URL, if there is one, by
    /// its declared name.
    pub fn secret_in_url(&self) -> Option<&'static str> {
        let members = self.operation.request.all_members();
        let secrets = members.filter(|member| holds_secret(&member.value, 0));
        let url = self.query.as_deref().unwrap_or_default();
        secrets.map(|member| member.name.declared).find(|name| is_given(url, name))
    }

    /// Reads the request. User routes: body, path, query, form, later ones overwrite. Pre-defined
    /// routes: the query fills what the body leaves out.
    ///
    /// # Errors
    /// 400 for what cannot be read, naming the members; 400 `CardDataInUrl` for card data in the
    /// query; 405 for a body in a format that is known but not read.
    pub fn bind<T: Record>(&self) -> Result<T, ServiceError> {
        self.refuse_unwritten()?;
        self.refuse_unread()?;
        let mut request = T::default();
        if self.is_predefined {
            self.read_parameters(&mut request)?;
            self.read_body(&mut request)?;
        } else {
            self.read_body(&mut request)?;
            self.read_parameters(&mut request)?;
        }
        if self.response_format == Format::Html {
            let mut shown = Vec::new();
            // Secrets write themselves as a mask.
            wire::json::write(&request, &self.settings, &mut shown);
            self.shown_request.get_or_init(|| shown);
        }
        Ok(request)
    }

    /// Formats of an embedder have no writer here.
    fn refuse_unwritten(&self) -> Result<(), ServiceError> {
        if self.one_way || is_written(self.response_format) {
            return Ok(());
        }
        Err(not_supported(format!(
            "Responses of type {} are not written here; ask for application/json",
            self.response_format.content_type()
        )))
    }

    /// Where something may change, a body that would be passed over is refused: its sender would
    /// take the answer for an answer to what it said.
    fn refuse_unread(&self) -> Result<(), ServiceError> {
        let body = self.exchange.body;
        let looks_like_json = body.trim_ascii_start().starts_with(b"{");
        match self.request_format {
            RequestFormat::Nothing if self.settings.strict && !body.is_empty() => {
                let message = "The body was not read, because its Content-Type is missing or not \
                               known here; nothing was done. Send application/json, for example.";
                Err(ServiceError::new(415, "UnsupportedMediaType", message))
            }
            RequestFormat::Form if self.settings.strict && looks_like_json => {
                let message = "The body looks like JSON, but its Content-Type says that it is a \
                               form; nothing was done. Send Content-Type: application/json.";
                Err(ServiceError::new(400, "SerializationException", message))
            }
            _ => Ok(()),
        }
    }

    fn read_body<T: Record>(&self, request: &mut T) -> Result<(), ServiceError> {
        let (body, settings) = (self.exchange.body, &self.settings);
        let format = match self.request_format {
            RequestFormat::Nothing | RequestFormat::Form | RequestFormat::Multipart => {
                return Ok(());
            }
            RequestFormat::Body(format) => format,
        };
        let read = match format {
            Format::Json => wire::json::read(body, request, settings),
            Format::Jsv => wire::jsv::read(body, request, settings),
            Format::Csv => wire::csv::read(body, request, settings),
            Format::Xml => wire::xml::read(body, request, settings),
            Format::JsonLines => wire::jsonl::read(body, request, settings),
            Format::Html | Format::Custom(_) => {
                return Err(unread(format.content_type()));
            }
        };
        read.map_err(|problems| ServiceError::body(format.content_type(), &problems))
    }

    fn read_parameters<T: Record>(&self, request: &mut T) -> Result<(), ServiceError> {
        let unreadable = |problems: Problems| {
            let shown = without_secrets(T::META, problems);
            ServiceError::binding(self.operation.name(), &shown)
        };
        let url = self.url()?;
        self.refuse_card_data(url)?;
        let form = self.form().map_err(|fault| unreadable(fault.into()))?;
        let path = self.path_values.iter();
        let mut given: Vec<Parameter<'_>> =
            path.map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        given.extend(url.iter().cloned());
        given.extend(form);
        let overrides = parameters::overrides(self.exchange);
        self.refuse_card_data(&overrides)?;
        given.extend(overrides);
        parameters::merge(&mut given);
        let given = given.iter().map(|(name, value)| (name.as_ref(), value.as_ref()));
        query::read(given, request, &self.settings).map_err(unreadable)
    }

    /// The fields of a form; files beside them are passed over.
    fn form(&self) -> Result<Vec<Parameter<'_>>, Fault> {
        let body = self.exchange.body;
        match self.request_format {
            RequestFormat::Form => query::pairs(body),
            RequestFormat::Multipart => {
                let content_type = self.exchange.headers.get("Content-Type").unwrap_or_default();
                let boundary = multipart::boundary(content_type).ok_or(Fault::Syntax {
                    position: 0,
                    expected: "a boundary in the Content-Type",
                })?;
                multipart::fields(&boundary, body)
            }
            RequestFormat::Nothing | RequestFormat::Body(_) => Ok(Vec::new()),
        }
    }

    /// The parameters of the URL.
    fn url(&self) -> Result<&[Parameter<'_>], ServiceError> {
        self.query.as_deref().map_err(|fault| {
            ServiceError::binding(self.operation.name(), &Problems::from(fault.clone()))
        })
    }

    /// Card data has no place in a URL or a header: servers and proxies log them (`domain.md §3`).
    fn refuse_card_data(&self, query: &[Parameter<'_>]) -> Result<(), ServiceError> {
        let mut members = self.operation.card_members.iter();
        match members.find(|member| is_given(query, member)) {
            None => Ok(()),
            Some(name) => Err(ServiceError::new(
                400,
                "CardDataInUrl",
                format!("'{name}' may hold card data; send it in the body of a POST"),
            )),
        }
    }
}

/// Whether the URL gives a member, in whatever spelling: in the snake-case style a member is found
/// by more spellings than its own.
fn is_given(url: &[Parameter<'_>], member: &str) -> bool {
    url.iter().any(|(name, value)| !value.is_empty() && equal_loosely(name, member))
}

fn unread(content_type: &str) -> ServiceError {
    not_supported(format!(
        "Request bodies of type {content_type} are not read here; send application/json"
    ))
}

fn not_supported(message: String) -> ServiceError {
    ServiceError::of_exception("NotSupportedException", message)
}
