//! From a path to the operation it leads to (`servicestack.md §5.1`).

use std::borrow::Cow;

use wire::{NameStyle, Settings};

use super::scope::Target;
use super::{Registry, place::Place};
use crate::format::Format;
use crate::reply::Reply;
use crate::reply_body::fault_reply;
use crate::route::{Entry, Segments};
use crate::status::ServiceError;

/// What a path leads to, before anything else of the request is looked at.
pub(crate) struct Destination<'r, 'e> {
    pub(crate) target: Target,
    pub(crate) path_values: Vec<(&'r str, Cow<'e, str>)>,
    pub(crate) suffix: Option<Format>,
    pub(crate) predefined: Option<Predefined>,
    /// The name style that the path's prefix asks for.
    pub(crate) names: Option<NameStyle>,
    /// The first segment behind prefix and base path, which may be a format's key.
    pub(crate) first_segment: Option<&'e str>,
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
    /// The operation at a place, or the answer to a pre-defined route that leads nowhere.
    pub(super) fn destination<'r, 'e>(
        &'r self,
        verb: &str,
        place: &Place<'r, 'e>,
    ) -> Result<Option<Destination<'r, 'e>>, Reply> {
        let suffixed = self.without_suffix(&place.path);
        let router = &place.scope.router;
        let by_suffix = suffixed.as_ref().and_then(|(path, format)| {
            let entry = router.find(verb, path)?;
            Some(Destination::of_route(entry, path, Some(*format), place))
        });
        // A wildcard takes dots too, so no suffix is looked for.
        let by_route = || {
            let exact = router.find(verb, &place.path);
            let entry = exact.or_else(|| router.find_wildcard(verb, &place.path))?;
            Some(Destination::of_route(entry, &place.path, None, place))
        };
        match by_suffix.or_else(by_route) {
            Some(destination) => Ok(Some(destination)),
            None => self.find_predefined(place),
        }
    }

    /// The path without the known format key after its last dot, and that format.
    fn without_suffix<'e>(&self, path: &Segments<'e>) -> Option<(Segments<'e>, Format)> {
        let (rest, key) = path.as_slice().last()?.rsplit_once('.')?;
        let format = self.settings().negotiation.format_of_key(key)?;
        (!rest.is_empty()).then(|| (path.with_last(rest), format))
    }

    pub(super) fn find_predefined<'r, 'e>(
        &self,
        place: &Place<'r, 'e>,
    ) -> Result<Option<Destination<'r, 'e>>, Reply> {
        let Some((predefined, name)) = self.predefined(&place.path) else { return Ok(None) };
        let suffixed = self.without_suffix(&place.path);
        let suffix = suffixed.as_ref().map(|(_, format)| *format);
        let stripped = suffixed.as_ref().and_then(|(path, _)| path.as_slice().last());
        let name = stripped.copied().unwrap_or(name);
        let Some(target) = place.scope.operation(name) else {
            let error = ServiceError::not_implemented(format!("There is no operation '{name}'"));
            return Err(fault_reply(
                &error,
                None,
                None,
                predefined.format,
                &self.settings_at(place),
            ));
        };
        Ok(Some(Destination {
            target,
            path_values: Vec::new(),
            suffix,
            predefined: Some(predefined),
            names: place.names,
            first_segment: place.first_segment(),
        }))
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
                let format = self.settings().negotiation.format_of_key(key)?;
                is_way.then_some((Predefined { format, one_way }, name))
            }
            _ => None,
        }
    }

    /// How documents are written at a place where no operation is known.
    pub(super) fn settings_at(&self, place: &Place<'_, '_>) -> Settings {
        let host = self.host_of(place.scope).or(self.hosts().first());
        let own = host.map_or_else(NameStyle::default, |host| host.names);
        Settings::named(place.names.unwrap_or(own))
    }
}

impl<'r, 'e> Destination<'r, 'e> {
    fn of_route(
        entry: &'r Entry<Target>,
        path: &Segments<'e>,
        suffix: Option<Format>,
        place: &Place<'r, 'e>,
    ) -> Self {
        let path_values = entry.template.values(path);
        let (names, first_segment) = (place.names, place.first_segment());
        Self { target: entry.target, path_values, suffix, predefined: None, names, first_segment }
    }
}
