//! The order in which types are written (`servicestack.md §9.3`, `§9.6`).

use std::collections::HashSet;

use wire::TypeMeta;

use crate::operation::{Operation, ResponseSource};

use super::generator::Order;
use super::model::{ModelType, TypeKey, key};
use super::reach::neighbours;

/// Sorts the types of a file.
pub(crate) fn for_file(types: &mut Vec<ModelType<'_>>, order: Order) {
    if order == Order::Dependency {
        let roots: Vec<&'static TypeMeta> = types.iter().map(|item| item.meta).collect();
        sort(types, &roots, Walk { lists_first: false, follows_return: true });
    }
}

/// Sorts the types of an operation page. A return type that the request declares comes before it
/// where dependencies count; one that only the service knows comes last.
pub(crate) fn for_page(
    types: &mut Vec<ModelType<'_>>,
    operation: &'static Operation,
    order: Order,
) {
    let roots: Vec<&'static TypeMeta> =
        std::iter::once(operation.request).chain(operation.response).collect();
    let by_dependency = order == Order::Dependency;
    let is_declared = operation.response_source == ResponseSource::Request;
    let walk = Walk { lists_first: !by_dependency, follows_return: by_dependency && is_declared };
    sort(types, &roots, walk);
}

/// How a walk over the types goes.
#[derive(Clone, Copy)]
struct Walk {
    /// Whether a type is listed before what it mentions, not after.
    lists_first: bool,
    /// Whether a request leads to its response, first of all.
    follows_return: bool,
}

fn sort(types: &mut Vec<ModelType<'_>>, roots: &[&'static TypeMeta], walk: Walk) {
    let mut sorter = Sorter { types, walk, begun: HashSet::new(), order: Vec::new() };
    for root in roots {
        sorter.visit(root);
    }
    let order = sorter.order;
    types.sort_by_key(|item| order.iter().position(|known| *known == key(item.meta)));
}

struct Sorter<'t, 'h> {
    types: &'t [ModelType<'h>],
    walk: Walk,
    begun: HashSet<TypeKey>,
    order: Vec<TypeKey>,
}

impl Sorter<'_, '_> {
    /// Lists a type and what it leads to. The depth is that of the contracts' own types.
    fn visit(&mut self, meta: &TypeMeta) {
        let own = key(meta);
        let Some(item) = self.types.iter().find(|item| key(item.meta) == own) else { return };
        if !self.begun.insert(own) {
            return;
        }
        if self.walk.lists_first {
            self.order.push(own);
        }
        let next = if self.walk.follows_return { neighbours(item) } else { item.mentioned() };
        for meta in next {
            self.visit(meta);
        }
        if !self.walk.lists_first {
            self.order.push(own);
        }
    }
}
