//! All hosts of one server, and the way from a request to the operation it means.
//!
//! Every published route answers at the root and below its host's base path. The pre-defined routes
//! (`/{format}/reply/{Op}`, `/{format}/oneway/{Op}`, `/api/{Op}`) do too; at the root they know the
//! operations of all hosts (`servicestack.md §5.1`).

use std::borrow::Cow;

use crate::exchange::Exchange;
use crate::format::Format;
use crate::host::Host;
use crate::matched::Matched;
use crate::negotiate::Negotiation;
use crate::operation::Operation;
use crate::parameters;
use crate::reply::Reply;
use crate::reply_body::fault_reply;
use crate::route::{Entry, Router, Segments, TemplateError};
use crate::status::ServiceError;

/// Settings of a whole server.
#[derive(Debug, Clone, Default)]
pub struct RegistrySettings {
    /// Formats and how the best one is chosen.
    pub negotiation: Negotiation,
    /// Reads writing operations as leniently as the original does. Off: a value that cannot be read
    /// is a 400 that names the field, never a silent default.
    pub lenient: bool,
    /// The value of the `X-Powered-By` header; `None` leaves it out.
    pub powered_by: Option<String>,
}

/// Why a registry cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// A route breaks the grammar.
    #[error("operation '{operation}': {source}")]
    Template {
        /// The operation that declares the route.
        operation: &'static str,
        /// What is wrong with it.
        source: TemplateError,
    },
    /// A host declares two operations of one name.
    #[error("host '{host}' declares the operation '{operation}' twice; remove one of them")]
    DuplicateOperation {
        /// Base path of the host.
        host: &'static str,
        /// Name of the operation.
        operation: &'static str,
    },
}

/// Hosts and operations, compiled for look-up.
#[derive(Debug)]
pub struct Registry {
    hosts: Vec<Host>,
    settings: RegistrySettings,
    /// The routes and operations of all hosts.
    root: Scope,
    /// Those of each host, in the order of `hosts`.
    scopes: Vec<Scope>,
}

/// What is visible at the root or below one base path.
#[derive(Debug, Default)]
struct Scope {
    /// The first segment of its paths; empty at the root.
    base_segment: &'static str,
    router: Router<Target>,
    /// Sorted by [`folded`] name. At the root the host declared first wins where names are equal.
    operations: Vec<Target>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    pub(crate) host: usize,
    pub(crate) operation: &'static Operation,
}

/// What a path leads to, before anything else of the request is looked at.
pub(crate) struct Destination<'r, 'e> {
    pub(crate) target: Target,
    pub(crate) path_values: Vec<(&'r str, Cow<'e, str>)>,
    pub(crate) suffix: Option<Format>,
    pub(crate) predefined: Option<Predefined>,
}

/// One of the routes that every operation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Predefined {
    /// The format that the path names; JSON below `/api`.
    pub(crate) format: Format,
    /// The caller does not want the response.
    pub(crate) one_way: bool,
}

impl Registry {
    /// Compiles `hosts`.
    ///
    /// # Errors
    /// [`RegistryError`] for a route that breaks the grammar or an operation declared twice.
    pub fn new(hosts: Vec<Host>, settings: RegistrySettings) -> Result<Self, RegistryError> {
        let mut root = Scope::default();
        let mut scopes = Vec::with_capacity(hosts.len());
        for (index, host) in hosts.iter().enumerate() {
            let base_segment = host.base_segment();
            let mut scope = Scope { base_segment, ..Scope::default() };
            for &operation in &host.operations {
                let target = Target { host: index, operation };
                if !scope.add(target)? {
                    let (host, operation) = (host.base_path, operation.name());
                    return Err(RegistryError::DuplicateOperation { host, operation });
                }
                root.add(target)?;
            }
            scopes.push(scope);
        }
        Ok(Self { hosts, settings, root, scopes })
    }

    /// The hosts in the order they were declared.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// The settings.
    pub fn settings(&self) -> &RegistrySettings {
        &self.settings
    }

    /// Finds the operation that a request means and the formats it is spoken in.
    ///
    /// # Errors
    /// The answer to send instead: 404 for a path nobody published, 405 for an operation that does
    /// not take the verb, 204 with `Allow` for an `OPTIONS` request to a published route.
    pub fn route<'r, 'e>(&'r self, exchange: &'e Exchange<'e>) -> Result<Matched<'r, 'e>, Reply> {
        let verb = parameters::effective_verb(exchange);
        let destination =
            self.destination(exchange, &verb).map_err(|reply| self.with_default_headers(reply))?;
        let operation = destination.target.operation;
        // A user route has chosen by verb already.
        let has_method = destination.predefined.is_none() || operation.allows(&verb);
        let matched = Matched::new(self, exchange, verb, destination);
        if matched.verb().eq_ignore_ascii_case("OPTIONS") {
            return Err(matched.finish(allow(operation)));
        }
        if !has_method {
            let (verb, name) = (matched.verb(), operation.name());
            let message = format!("The operation '{name}' does not exist for the verb {verb}");
            return Err(matched.fail(&ServiceError::not_implemented(message)));
        }
        Ok(matched)
    }

    /// Adds the headers that every answer has.
    pub(crate) fn with_default_headers(&self, reply: Reply) -> Reply {
        let reply = reply.with_header("Vary", "Accept");
        match &self.settings.powered_by {
            Some(powered_by) => reply.with_header("X-Powered-By", powered_by.clone()),
            None => reply,
        }
    }

    fn destination<'r, 'e>(
        &'r self,
        exchange: &Exchange<'e>,
        verb: &str,
    ) -> Result<Destination<'r, 'e>, Reply> {
        let path = Segments::split(exchange.path).ok_or_else(Reply::not_found)?;
        if let Some(scope) = self.scope_of(&path)
            && let Some(destination) = self.find_in(scope, verb, &path.without_first())?
        {
            return Ok(destination);
        }
        self.find_in(&self.root, verb, &path)?.ok_or_else(Reply::not_found)
    }

    fn scope_of(&self, path: &Segments<'_>) -> Option<&Scope> {
        let first = path.as_slice().first()?;
        self.scopes.iter().find(|scope| scope.base_segment.eq_ignore_ascii_case(first))
    }

    fn find_in<'r, 'e>(
        &self,
        scope: &'r Scope,
        verb: &str,
        path: &Segments<'e>,
    ) -> Result<Option<Destination<'r, 'e>>, Reply> {
        let suffixed = self.without_suffix(path);
        let by_suffix = suffixed.as_ref().and_then(|(path, format)| {
            let entry = scope.router.find(verb, path)?;
            Some(Destination::of_route(entry, path, Some(*format)))
        });
        // A wildcard takes dots too, so no suffix is looked for.
        let by_route = || {
            let exact = scope.router.find(verb, path);
            let entry = exact.or_else(|| scope.router.find_wildcard(verb, path))?;
            Some(Destination::of_route(entry, path, None))
        };
        match by_suffix.or_else(by_route) {
            Some(destination) => Ok(Some(destination)),
            None => self.find_predefined(scope, path),
        }
    }

    /// The path without the known format key after its last dot, and that format.
    fn without_suffix<'e>(&self, path: &Segments<'e>) -> Option<(Segments<'e>, Format)> {
        let (rest, key) = path.as_slice().last()?.rsplit_once('.')?;
        let format = self.settings.negotiation.format_of_key(key)?;
        (!rest.is_empty()).then(|| (path.with_last(rest), format))
    }

    fn find_predefined<'r, 'e>(
        &self,
        scope: &'r Scope,
        path: &Segments<'e>,
    ) -> Result<Option<Destination<'r, 'e>>, Reply> {
        let Some((predefined, name)) = self.predefined(path) else { return Ok(None) };
        let refuse = |message: &str| self.refuse(scope, predefined.format, message);
        if BATCH_MARKS.iter().any(|mark| name.ends_with(mark)) {
            return Err(refuse("Batches are not served; send one request at a time"));
        }
        let suffixed = self.without_suffix(path);
        let suffix = suffixed.as_ref().map(|(_, format)| *format);
        let stripped = suffixed.as_ref().and_then(|(path, _)| path.as_slice().last());
        let name = stripped.copied().unwrap_or(name);
        let Some(target) = scope.operation(name) else {
            return Err(refuse(&format!("There is no operation '{name}'")));
        };
        let predefined = Some(predefined);
        Ok(Some(Destination { target, path_values: Vec::new(), suffix, predefined }))
    }

    /// The pre-defined route of a path, and the operation name that ends it.
    fn predefined<'e>(&self, path: &Segments<'e>) -> Option<(Predefined, &'e str)> {
        match *path.as_slice() {
            [api, name] if api.eq_ignore_ascii_case("api") => {
                Some((Predefined { format: Format::Json, one_way: false }, name))
            }
            [key, way, name] => {
                let one_way = way.eq_ignore_ascii_case("oneway");
                let is_way = one_way || way.eq_ignore_ascii_case("reply");
                let format = self.settings.negotiation.format_of_key(key)?;
                is_way.then_some((Predefined { format, one_way }, name))
            }
            _ => None,
        }
    }

    /// 405 for a pre-defined route that leads nowhere, in the format that it names.
    fn refuse(&self, scope: &Scope, format: Format, message: &str) -> Reply {
        let error = ServiceError::not_implemented(message);
        let mut hosts = self.hosts.iter();
        let host = hosts.find(|host| host.base_segment() == scope.base_segment);
        let settings = host.or(self.hosts.first()).map(Host::settings).unwrap_or_default();
        fault_reply(&error, None, format, &settings)
    }
}

/// What a name ends with when several requests are sent at once.
const BATCH_MARKS: [&str; 3] = ["[]", "%5B%5D", "%5b%5d"];

impl<'r, 'e> Destination<'r, 'e> {
    fn of_route(entry: &'r Entry<Target>, path: &Segments<'e>, suffix: Option<Format>) -> Self {
        let path_values = entry.template.values(path);
        Self { target: entry.target, path_values, suffix, predefined: None }
    }
}

impl Scope {
    /// Adds an operation with its routes. Answers whether its name was free.
    fn add(&mut self, target: Target) -> Result<bool, RegistryError> {
        let operation = target.operation.name();
        for route in target.operation.routes {
            self.router
                .add(route.verbs.text(), route.path, target)
                .map_err(|source| RegistryError::Template { operation, source })?;
        }
        match self.position(operation) {
            Ok(_) => Ok(false),
            Err(position) => {
                self.operations.insert(position, target);
                Ok(true)
            }
        }
    }

    fn operation(&self, name: &str) -> Option<Target> {
        self.position(name).ok().map(|position| self.operations[position])
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.operations.binary_search_by(|target| folded(target.operation.name()).cmp(folded(name)))
    }
}

/// Operation names compare without regard to case.
fn folded(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().map(|byte| byte.to_ascii_lowercase())
}

/// 204 with the verbs of the operation: what a browser asks before a call from another site.
fn allow(operation: &Operation) -> Reply {
    let mut verbs: Vec<&str> = Vec::new();
    for verb in operation.routes.iter().flat_map(|route| route.verbs.each()) {
        if !verbs.contains(&verb) {
            verbs.push(verb);
        }
    }
    Reply::empty(204).with_header("Allow", verbs.join(", "))
}
