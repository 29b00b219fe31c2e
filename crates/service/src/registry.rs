//! All hosts of one server, and the way from a request to the operation it means.
//!
//! Every published route answers at the root and below its host's base path. The pre-defined routes
//! (`/{format}/reply/{Op}`, `/{format}/oneway/{Op}`, `/api/{Op}`) do too; at the root they know the
//! operations of all hosts (`servicestack.md §5.1`). Where no operation stands, pages are looked
//! for. The request dumps of the original's debug mode (`/requestinfo`, `?debug=requestinfo`) are
//! left out: they repeat headers, keys among them.

mod destination;
mod place;
mod scope;

pub(crate) use destination::{Destination, Predefined};

use wire::Settings;

use crate::api_index;
use crate::cors::Cors;
use crate::exchange::{Exchange, Headers};
use crate::host::Host;
use crate::matched::Matched;
use crate::negotiate::Negotiation;
use crate::pages::{self, PageRequest};
use crate::parameters;
use crate::reply::Reply;
use crate::route::{Segments, TemplateError};
use crate::status::ServiceError;
use place::Place;
use scope::{Scope, Target};

/// Settings of a whole server.
#[derive(Debug, Clone)]
pub struct RegistrySettings {
    /// Formats and how the best one is chosen.
    pub negotiation: Negotiation,
    /// Reads writing operations as leniently as the original does. Off: a value that cannot be read
    /// is a 400 that names the field, never a silent default.
    pub lenient: bool,
    /// The value of the `X-Powered-By` header; `None` leaves it out.
    pub powered_by: Option<String>,
    /// What pages of other sites may do; `None` says nothing to them.
    pub cors: Option<Cors>,
}

impl Default for RegistrySettings {
    fn default() -> Self {
        Self {
            negotiation: Negotiation::default(),
            lenient: false,
            powered_by: None,
            cors: Some(Cors::default()),
        }
    }
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
    /// A base path that already means something else.
    #[error("host '{host}' has the base path of a name style; choose another")]
    ReservedBasePath {
        /// Base path of the host.
        host: &'static str,
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

/// How many headers every answer has, so that room for them is taken once.
const DEFAULT_HEADERS: usize = 8;

/// The verbs that an operation may have a method for.
const VERBS: [&str; 6] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"];

impl Registry {
    /// Compiles `hosts`.
    ///
    /// # Errors
    /// [`RegistryError`] for a route that breaks the grammar, an operation declared twice or a base
    /// path that means something else.
    pub fn new(hosts: Vec<Host>, settings: RegistrySettings) -> Result<Self, RegistryError> {
        let mut root = Scope::default();
        let mut scopes = Vec::with_capacity(hosts.len());
        for (index, host) in hosts.iter().enumerate() {
            let mut scope = Scope::below(host.base_segment());
            if place::style_of(scope.base_segment).is_some() {
                return Err(RegistryError::ReservedBasePath { host: host.base_path });
            }
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
    /// The answer to send instead: a page; 200 for any `OPTIONS` request; 404 for a path nobody
    /// published; 405 for an operation that does not take the verb; 403 for a format that is
    /// switched off and for JSONP where it would tell a secret.
    pub fn route<'r, 'e>(&'r self, exchange: &'e Exchange<'e>) -> Result<Matched<'r, 'e>, Reply> {
        let dressed = |reply| self.with_default_headers(reply, exchange.headers);
        let places = self.places(exchange.path).ok_or_else(|| dressed(Reply::not_found()))?;
        let verb = parameters::effective_verb(exchange);
        if verb.eq_ignore_ascii_case("OPTIONS") {
            return Err(dressed(self.options(&places)));
        }
        let found = self.first_destination(&verb, &places).map_err(dressed)?;
        let Some(destination) = found else {
            return Err(dressed(self.page(exchange, &verb, &places)));
        };
        let operation = destination.target.operation;
        // A user route has chosen by verb already.
        let has_method = destination.predefined.is_none() || operation.allows(&verb);
        let (matched, refusal) = Matched::new(self, exchange, verb, destination);
        if !has_method {
            let (verb, name) = (matched.verb(), operation.name());
            let message = format!("The operation '{name}' does not exist for the verb {verb}");
            return Err(matched.fail(&ServiceError::not_implemented(message)));
        }
        match refusal {
            None => Ok(matched),
            Some(error) => Err(matched.fail(&error)),
        }
    }

    /// Adds the headers that every answer has; for answers that are made without the registry.
    pub fn with_default_headers(&self, mut reply: Reply, request: &dyn Headers) -> Reply {
        let vary = if reply.is_public { "Accept, Accept-Encoding" } else { "Accept" };
        reply.headers.reserve(DEFAULT_HEADERS);
        reply = reply.with_header("Vary", vary);
        if let Some(powered_by) = &self.settings.powered_by {
            reply = reply.with_header("X-Powered-By", powered_by.clone());
        }
        match &self.settings.cors {
            Some(cors) => cors.tell(reply, request),
            None => reply,
        }
    }

    /// Where a path may lead: below a host's base path first, then at the root.
    fn places<'r, 'e>(&'r self, path: &'e str) -> Option<[Option<Place<'r, 'e>>; 2]> {
        let (names, path) = place::without_style(Segments::split(path)?);
        let below = self.scope_of(&path).map(|scope| {
            let path = path.without_first();
            Place { scope, names, path }
        });
        Some([below, Some(Place { scope: &self.root, names, path })])
    }

    fn scope_of(&self, path: &Segments<'_>) -> Option<&Scope> {
        let first = path.as_slice().first()?;
        self.scopes.iter().find(|scope| scope.base_segment.eq_ignore_ascii_case(first))
    }

    /// The host whose scope that is; `None` at the root.
    fn host_of(&self, scope: &Scope) -> Option<&Host> {
        self.hosts.iter().find(|host| host.base_segment() == scope.base_segment)
    }

    /// The pre-defined route at a path and how documents are written there, if one stands there.
    ///
    /// # Errors
    /// The answer to a pre-defined route that leads nowhere.
    pub(crate) fn predefined_at(
        &self,
        path: &str,
    ) -> Result<Option<(Predefined, Settings)>, Reply> {
        let Some(places) = self.places(path) else { return Ok(None) };
        for place in places.iter().flatten() {
            // No user route is looked for, so the verb does not matter.
            if let Some(Destination { target, predefined: Some(predefined), .. }) =
                self.find_predefined(place)?
            {
                let own = self.hosts[target.host].names;
                return Ok(Some((predefined, Settings::named(place.names.unwrap_or(own)))));
            }
        }
        Ok(None)
    }

    fn first_destination<'r, 'e>(
        &'r self,
        verb: &str,
        places: &[Option<Place<'r, 'e>>],
    ) -> Result<Option<Destination<'r, 'e>>, Reply> {
        for place in places.iter().flatten() {
            if let Some(destination) = self.destination(verb, place)? {
                return Ok(Some(destination));
            }
        }
        Ok(None)
    }

    /// The answer to `OPTIONS`, which a browser asks before a call from another site, without
    /// signing in. It is 200 with an empty body and not 204, because that is what the published
    /// service answers and its clients test.
    fn options(&self, places: &[Option<Place<'_, '_>>]) -> Reply {
        let takes = |verb: &&str| match self.first_destination(verb, places) {
            Ok(Some(Destination { target, predefined, .. })) => {
                predefined.is_none() || target.operation.allows(verb)
            }
            Ok(None) | Err(_) => false,
        };
        let mut verbs: Vec<&str> = VERBS.into_iter().filter(takes).collect();
        if verbs.is_empty() {
            return Reply::empty(200);
        }
        verbs.push("OPTIONS");
        Reply::empty(200).with_header("Allow", verbs.join(", "))
    }

    /// What stands where no operation does.
    fn page(&self, exchange: &Exchange<'_>, verb: &str, places: &[Option<Place<'_, '_>>]) -> Reply {
        if !["GET", "HEAD"].iter().any(|reading| reading.eq_ignore_ascii_case(verb)) {
            return Reply::not_found();
        }
        let query = wire::query::pairs(exchange.query.as_bytes()).unwrap_or_default();
        let mut found = places.iter().flatten().filter_map(|place| {
            let request = PageRequest {
                registry: self,
                host: self.host_of(place.scope),
                path: place.path.as_slice(),
                query: &query,
                base_url: exchange.base_url,
                now: exchange.now,
                names: place.names,
            };
            redirect(&request, exchange.path)
                .or_else(|| api_index::respond(&request, &self.settings_at(place)))
                .or_else(|| pages::respond(&request))
        });
        // Pages are the same for every caller.
        found.next().map_or_else(Reply::not_found, |page| Reply { is_public: true, ..page })
    }
}

/// Whoever opens a bare address wants to know what is there. `/metadata/` means `/metadata`; links
/// on that page would lead astray below the former.
fn redirect(request: &PageRequest<'_>, path: &str) -> Option<Reply> {
    let status = match request.path {
        [] => 302,
        [only] if only.eq_ignore_ascii_case("metadata") && path.ends_with('/') => 301,
        _ => return None,
    };
    Some(Reply::empty(status).with_header("Location", request.prefix() + "/metadata"))
}
