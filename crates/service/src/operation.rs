//! What a service says of one of its operations: everything that pages, generators, the router and
//! the access check need to know.

use wire::TypeMeta;

use crate::access::Access;
use crate::dto::Described;
use crate::example::Example;
use crate::route::Verbs;

/// One published operation.
#[derive(Debug)]
pub struct Operation {
    /// The request type; its name is the operation's name.
    pub request: &'static TypeMeta,
    /// The response type, or `None` when nothing is returned.
    pub response: Option<&'static TypeMeta>,
    /// The media types of the files that it answers with; such an operation has no response type.
    pub files: &'static [&'static str],
    /// Where the response type is known from; generators order types by it (`servicestack.md`
    /// §9.6).
    pub response_source: ResponseSource,
    /// Published routes, in published order.
    pub routes: &'static [Route],
    /// Long text of the operation's page.
    pub description: Option<&'static str>,
    /// Who may call.
    pub access: Access,
    /// Groups the operation belongs to.
    pub tags: &'static [&'static str],
    /// Left out of pages, generators and descriptions; its routes answer all the same
    /// (`servicestack.md §8.1`).
    pub is_hidden: bool,
    /// Whether a call may change anything.
    pub effect: Effect,
    /// Whether request or answer may hold what only this caller may see and a stranger could use:
    /// card data, client secrets, tokens, scan codes. Such answers are never wrapped for scripts
    /// (JSONP) and never compressed, because the length of a compressed answer that repeats
    /// something of the request tells what else is in it (BREACH).
    pub has_secrets: bool,
    /// A `GET` only tells what is known, and leaves out what is secret where a script asks; so it
    /// may be wrapped for scripts (JSONP) although other verbs change something (`domain.md` §5.3).
    pub get_is_for_scripts: bool,
    /// Members of the request that may hold card data or what proves a card's holder, by declared
    /// name. They are refused in URLs.
    pub card_members: &'static [&'static str],
    /// Members whose sample is not what their type says.
    pub computed_samples: &'static [ComputedSample],
    /// A request that works as it is, where the declaration gives one.
    pub example: Option<Example>,
}

/// Where the type of the response is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseSource {
    /// On the request, by `IReturn<T>`.
    Request,
    /// Only by the service method.
    ServiceMethod,
}

/// Whether a call may change anything. Requests of writing operations are read strictly: a value
/// that cannot be read is refused, never replaced by a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing changes; a call may be repeated freely.
    Reads,
    /// Something may change.
    Writes,
}

/// One published route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The verbs exactly as declared.
    pub verbs: Verbs,
    /// The template, for example `/v1/CustomerPayments/{OrderID}`.
    pub path: &'static str,
    /// Short text of the route's row.
    pub summary: &'static str,
    /// Long text of the route's row.
    pub notes: &'static str,
}

/// The verb that generated clients send a request with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientVerb {
    /// Parameters in the address.
    Get,
    /// A body; what clients do unless they are told otherwise.
    Post,
    /// A body.
    Put,
    /// A body.
    Patch,
    /// Parameters in the address.
    Delete,
}

impl ClientVerb {
    /// The order of preference for an operation that may change something.
    const WRITING: [Self; 5] = [Self::Post, Self::Put, Self::Patch, Self::Get, Self::Delete];

    /// The verb as HTTP writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The interface that marks requests of this verb.
    pub fn marker(self) -> &'static str {
        match self {
            Self::Get => "IGet",
            Self::Post => "IPost",
            Self::Put => "IPut",
            Self::Patch => "IPatch",
            Self::Delete => "IDelete",
        }
    }
}

/// A member that shows what it computes, not what its type says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComputedSample {
    /// Declared name of a member of the request.
    pub member: &'static str,
    /// The text it shows.
    pub text: &'static str,
}

impl Route {
    /// A route without texts.
    pub const fn new(verbs: &'static str, path: &'static str) -> Self {
        Self { verbs: Verbs::new(verbs), path, summary: "", notes: "" }
    }

    /// The same route with a summary.
    pub const fn summary(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }

    /// The same route with notes.
    pub const fn notes(self, notes: &'static str) -> Self {
        Self { notes, ..self }
    }
}

impl Operation {
    /// A reading operation without routes, to be completed by struct update. It is closed: whoever
    /// calls must be known and the answer counts as secret, until the declaration says otherwise,
    /// so that nothing is open because somebody forgot a line.
    pub const fn of<Request: Described, Response: Described>() -> Self {
        Self {
            request: Request::META,
            response: Some(Response::META),
            files: &[],
            response_source: ResponseSource::Request,
            routes: &[],
            description: None,
            access: Access { authenticated: true, ..Access::OPEN },
            tags: &[],
            is_hidden: false,
            effect: Effect::Reads,
            has_secrets: true,
            get_is_for_scripts: false,
            card_members: &[],
            computed_samples: &[],
            example: None,
        }
    }

    /// As [`Operation::of`], an operation that answers with files of these media types.
    pub const fn of_files<Request: Described>(files: &'static [&'static str]) -> Self {
        Self { response: None, files, ..Self::of::<Request, Request>() }
    }

    /// The name, which is the request type's.
    pub fn name(&self) -> &'static str {
        self.request.name
    }

    /// The verb that generated clients use: GET for what only reads, where its routes take it, else
    /// the first that they take.
    pub fn client_verb(&self) -> ClientVerb {
        if self.effect == Effect::Reads && !self.routes.is_empty() && self.allows("GET") {
            return ClientVerb::Get;
        }
        let taken = |verb: &ClientVerb| self.allows(verb.name());
        ClientVerb::WRITING.into_iter().find(taken).unwrap_or(ClientVerb::Post)
    }

    /// Whether the service has a method for `verb`: one of its routes takes it, or it has none.
    pub fn allows(&self, verb: &str) -> bool {
        self.routes.is_empty() || self.routes.iter().any(|route| route.verbs.allows(verb))
    }
}
