//! What a source is made of: the types that were chosen, each with its host and what it is for.

use wire::{MemberMeta, NameStyle, TypeMeta, ValueType};

use crate::host::Host;
use crate::operation::Operation;

use super::text::identifier;

/// The namespace of the framework's own types, and the beginning of those below it.
const FRAMEWORK: &str = "ServiceStack";

/// What tells types apart: two hosts may use the same name for different things.
pub(crate) type TypeKey = (&'static str, &'static str);

/// The key of a type.
pub(crate) fn key(meta: &TypeMeta) -> TypeKey {
    (meta.namespace, meta.name)
}

/// Whether a type is the framework's, not a service's.
pub(crate) fn is_framework_type(meta: &TypeMeta) -> bool {
    is_framework_namespace(meta.namespace)
}

fn is_framework_namespace(namespace: &str) -> bool {
    let rest = namespace.strip_prefix(FRAMEWORK);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What a type is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role {
    /// The request of an operation.
    Request(&'static Operation),
    /// The response of an operation.
    Response,
    /// Something that requests and responses are made of.
    Other,
}

/// A member of a type in a source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    /// What was declared.
    pub(crate) meta: &'static MemberMeta,
    /// What it is set to from the beginning; only an implicit version has something.
    pub(crate) initial: Option<u32>,
}

/// A type in a source.
#[derive(Debug, Clone)]
pub(crate) struct ModelType<'h> {
    /// The host it was reached from first; its conventions hold.
    pub(crate) host: &'h Host,
    /// How its members are named.
    pub(crate) names: NameStyle,
    /// What was declared.
    pub(crate) meta: &'static TypeMeta,
    /// What it is for.
    pub(crate) role: Role,
    /// Members of the class itself, without those of its base, in declared order, and those that
    /// options add.
    pub(crate) members: Vec<Member>,
}

impl ModelType<'_> {
    /// The operation whose request it is.
    pub(crate) fn operation(&self) -> Option<&'static Operation> {
        match self.role {
            Role::Request(operation) => Some(operation),
            Role::Response | Role::Other => None,
        }
    }

    /// The class it derives from.
    pub(crate) fn base(&self) -> Option<&'static TypeMeta> {
        self.meta.base.map(|base| base())
    }

    /// What is said of it for people.
    pub(crate) fn description(&self) -> Option<&'static str> {
        let of_operation = || self.operation().and_then(|operation| operation.description);
        self.meta.description.or_else(of_operation)
    }

    /// The name of a member in the style of the host.
    pub(crate) fn member_name(&self, member: &Member) -> &'static str {
        member.meta.name.in_style(self.names)
    }

    /// The types it mentions: base first, then those of its members in order.
    pub(crate) fn mentioned(&self) -> Vec<&'static TypeMeta> {
        let members = self.members.iter().filter_map(|member| named_types(&member.meta.value));
        self.base().into_iter().chain(members.flatten()).collect()
    }
}

/// The records and enums within a member's type.
pub(crate) fn named_types(value: &ValueType) -> Option<Vec<&'static TypeMeta>> {
    match value {
        ValueType::Enum(meta) | ValueType::Record(meta) => Some(vec![meta()]),
        ValueType::Nullable(inner) | ValueType::List(inner) => named_types(inner),
        ValueType::Map(key, value) => {
            let both = [named_types(key), named_types(value)];
            Some(both.into_iter().flatten().flatten().collect())
        }
        _ => None,
    }
}

/// The types of a source, in the order in which they are written.
#[derive(Debug)]
pub(crate) struct Model<'h> {
    /// The types.
    pub(crate) types: Vec<ModelType<'h>>,
    /// Types whose name another one has too, with the name they have instead.
    renamed: Vec<(TypeKey, String)>,
}

impl<'h> Model<'h> {
    /// The model of these types. A type of a service keeps its name where the language can call the
    /// framework's type of that name by another one (`framework_name`). Else, and of two types of
    /// different hosts, the later is called after its host too: `ClubsResponseStatus`.
    pub(crate) fn new(
        types: Vec<ModelType<'h>>,
        framework_name: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let is_own = |name: &str| {
            types.iter().any(|item| !is_framework_type(item.meta) && item.meta.name == name)
        };
        let all = types.iter().flat_map(|item| std::iter::once(item.meta).chain(item.mentioned()));
        let mut names: Vec<(TypeKey, String)> = all
            .filter(|meta| is_framework_type(meta))
            .map(|meta| {
                let other = Some(meta.name).filter(|name| is_own(name)).and_then(&framework_name);
                (key(meta), other.unwrap_or_else(|| meta.name.to_owned()))
            })
            .collect();
        for item in types.iter().filter(|item| !is_framework_type(item.meta)) {
            let name = free_name(item, &names);
            names.push((key(item.meta), name));
        }
        let renamed = names.into_iter().filter(|(key, name)| key.1 != name).collect();
        Self { types, renamed }
    }

    /// The name of a type in this source.
    pub(crate) fn name(&self, meta: &TypeMeta) -> String {
        let renamed = self.renamed.iter().find(|(known, _)| *known == (meta.namespace, meta.name));
        renamed.map_or_else(|| identifier(meta.name), |(_, name)| name.clone())
    }

    /// The members that a type has from its bases, those of the outermost base first.
    pub(crate) fn inherited(&self, item: &ModelType<'_>) -> Vec<Member> {
        let base = |meta: &'static TypeMeta| meta.base.map(|base| base());
        let bases: Vec<_> = std::iter::successors(item.base(), |meta| base(meta)).collect();
        let members = |meta: &'static TypeMeta| {
            let written = self.types.iter().find(|other| key(other.meta) == key(meta));
            let declared = || meta.members.iter().map(|meta| Member { meta, initial: None });
            written.map_or_else(|| declared().collect(), |other| other.members.clone())
        };
        bases.into_iter().rev().flat_map(members).collect()
    }

    /// Whether a framework type is called by another name than its own.
    pub(crate) fn renames_framework_types(&self) -> bool {
        self.renamed.iter().any(|(key, _)| is_framework_namespace(key.0))
    }

    /// Whether the source defines a type.
    pub(crate) fn contains(&self, meta: &TypeMeta) -> bool {
        self.types.iter().any(|item| key(item.meta) == key(meta))
    }

    /// The hosts of its types; a host may come more than once.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = &'h Host> {
        self.types.iter().map(|item| item.host)
    }

    /// Collection interfaces that members are declared as, each once, such as `IReadOnlyList`.
    pub(crate) fn collection_interfaces(&self) -> Vec<&'static str> {
        let members = self.types.iter().flat_map(|item| &item.members);
        let mut found: Vec<_> = members.filter_map(|member| member.meta.interface).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The services' own interfaces that its types name, in order of appearance.
    pub(crate) fn interfaces(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        for interface in self.types.iter().flat_map(|item| item.meta.interfaces) {
            if !found.contains(interface) {
                found.push(*interface);
            }
        }
        found
    }
}

/// The name of a type, or one that nothing in `taken` has.
fn free_name(item: &ModelType<'_>, taken: &[(TypeKey, String)]) -> String {
    let is_taken = |name: &str| taken.iter().any(|(_, other)| other == name);
    let mut name = item.meta.name.to_owned();
    if is_taken(&name) {
        name = identifier(&(wire::case::pascal(item.host.base_segment()) + &name));
    }
    while is_taken(&name) {
        name.push('_');
    }
    name
}
