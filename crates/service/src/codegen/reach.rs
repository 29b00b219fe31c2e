//! Which types operations reach, and which of those were asked for (`servicestack.md §9.2`,
//! `§9.3`).

use std::collections::{HashMap, HashSet};

use wire::{NameStyle, TypeKind, TypeMeta};

use crate::Dto;
use crate::dto::Described;
use crate::host::Host;
use crate::operation::Operation;
use crate::status::ResponseStatus;

use super::model::{Member, ModelType, Role, TypeKey, key};
use super::options::Options;

/// Members that options add to types of the contracts.
#[derive(Debug, Default, PartialEq, Dto)]
struct Added {
    /// `AddResponseStatus`, for responses.
    response_status: Option<ResponseStatus>,
    /// `AddImplicitVersion`, for requests.
    version: i32,
}

/// Everything that operations reach, each type once: requests, responses, then the others breadth
/// first.
pub(crate) struct Reached<'h> {
    pub(crate) types: Vec<ModelType<'h>>,
    /// Where each of them stands.
    places: HashMap<TypeKey, usize>,
}

impl<'h> Reached<'h> {
    /// What `operations` reach. `names` is the style that the caller asked for.
    pub(crate) fn from_operations(
        operations: &[(&'h Host, &'static Operation)],
        names: Option<NameStyle>,
        options: &Options,
    ) -> Self {
        let mut reached = Self { types: Vec::new(), places: HashMap::new() };
        for &(host, operation) in operations {
            reached.add(host, names, operation.request, Role::Request(operation), options);
        }
        for &(host, operation) in operations {
            if let Some(response) = operation.response {
                reached.add(host, names, response, Role::Response, options);
            }
        }
        let mut next = 0;
        while let Some(item) = reached.types.get(next) {
            let host = item.host;
            for meta in item.mentioned() {
                reached.add(host, names, meta, Role::Other, options);
            }
            next += 1;
        }
        reached
    }

    fn add(
        &mut self,
        host: &'h Host,
        names: Option<NameStyle>,
        meta: &'static TypeMeta,
        role: Role,
        options: &Options,
    ) {
        let place = self.types.len();
        if *self.places.entry(key(meta)).or_insert(place) == place {
            let names = names.unwrap_or(host.names);
            let members = members(meta, role, options);
            self.types.push(ModelType { host, names, meta, role, members });
        }
    }

    /// Keeps what `IncludeTypes` and `ExcludeTypes` ask for.
    pub(crate) fn narrow(&mut self, options: &Options) {
        let included: Option<HashSet<TypeKey>> = options
            .list("IncludeTypes")
            .map(|pattern| self.included(pattern))
            .reduce(|all, more| all.union(&more).copied().collect());
        let is_excluded = |item: &ModelType<'_>| {
            options.list("ExcludeTypes").any(|name| match name {
                "services" => item.operation().is_some(),
                "types" => item.operation().is_none(),
                _ => item.meta.name == name,
            })
        };
        self.types.retain(|item| {
            included.as_ref().is_none_or(|keys| keys.contains(&key(item.meta)))
                && !is_excluded(item)
        });
    }

    /// The types that one entry of `IncludeTypes` means.
    fn included(&self, pattern: &str) -> HashSet<TypeKey> {
        let pattern =
            pattern.strip_suffix("}.*").map_or(pattern.to_owned(), |tag| format!("{tag}}}"));
        if let Some(tag) = pattern.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            let has_tag = |item: &&ModelType<'_>| {
                item.operation().is_some_and(|operation| operation.tags.contains(&tag))
            };
            return self.below(self.types.iter().filter(has_tag));
        }
        let named = |name: &str| -> Vec<&ModelType<'h>> {
            self.types.iter().filter(|item| item.meta.name == name).collect()
        };
        if let Some(name) = pattern.strip_suffix(".*") {
            self.below(named(name))
        } else if let Some(name) = pattern.strip_prefix("*.") {
            self.above(name)
        } else if let Some(namespace) = pattern.strip_suffix("/*") {
            let all = self.types.iter().filter(|item| item.meta.namespace == namespace);
            all.map(|item| key(item.meta)).collect()
        } else {
            named(&pattern).iter().map(|item| key(item.meta)).collect()
        }
    }

    /// The types themselves and all that they reach; a request reaches its response.
    fn below<'t>(&'t self, start: impl IntoIterator<Item = &'t ModelType<'h>>) -> HashSet<TypeKey> {
        let mut found: HashSet<TypeKey> = start.into_iter().map(|item| key(item.meta)).collect();
        let mut queue: Vec<TypeKey> = found.iter().copied().collect();
        while let Some(next) = queue.pop() {
            let item = self.places.get(&next).map(|place| &self.types[*place]);
            for meta in item.into_iter().flat_map(neighbours) {
                if found.insert(key(meta)) {
                    queue.push(key(meta));
                }
            }
        }
        found
    }

    /// The types of that name and all that reach them.
    fn above(&self, name: &str) -> HashSet<TypeKey> {
        let named = self.types.iter().filter(|item| item.meta.name == name);
        let mut found: HashSet<TypeKey> = named.map(|item| key(item.meta)).collect();
        loop {
            let leads_there = |item: &&ModelType<'h>| {
                let next = neighbours(item);
                next.into_iter().any(|meta| found.contains(&key(meta)))
            };
            let more: Vec<_> = self.types.iter().filter(leads_there).collect();
            let count = found.len();
            found.extend(more.into_iter().map(|item| key(item.meta)));
            if found.len() == count {
                return found;
            }
        }
    }
}

/// The types that a type leads to at once.
pub(crate) fn neighbours(item: &ModelType<'_>) -> Vec<&'static TypeMeta> {
    let response = item.operation().and_then(|operation| operation.response);
    response.into_iter().chain(item.mentioned()).collect()
}

/// The members of a type with those that options add.
fn members(meta: &'static TypeMeta, role: Role, options: &Options) -> Vec<Member> {
    let mut members: Vec<Member> =
        meta.members.iter().map(|meta| Member { meta, initial: None }).collect();
    let [status, version] = Added::META.members else { return members };
    let has = |name: &str| meta.all_members().any(|member| member.name.declared == name);
    let adds_status = options.flag("AddResponseStatus") && meta.kind == TypeKind::Record;
    match role {
        Role::Response if adds_status && !has(status.name.declared) => {
            members.push(Member { meta: status, initial: None });
        }
        Role::Request(_) if options.version().is_some() && !has(version.name.declared) => {
            members.push(Member { meta: version, initial: options.version() });
        }
        _ => {}
    }
    members
}
