//! What is visible at the root, or below one base path.

use super::RegistryError;
use crate::operation::Operation;
use crate::route::Router;

/// Routes and operations of one host, or at the root of all of them.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// The first segment of its paths; empty at the root.
    pub(super) base_segment: &'static str,
    pub(super) router: Router<Target>,
    /// Sorted by [`folded`] name. At the root the host declared first wins where names are equal.
    operations: Vec<Target>,
}

/// An operation of a host, by the host's place in the registry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    pub(crate) host: usize,
    pub(crate) operation: &'static Operation,
}

impl Scope {
    pub(super) fn below(base_segment: &'static str) -> Self {
        Self { base_segment, ..Self::default() }
    }

    /// Adds an operation with its routes. Answers whether its name was free.
    pub(super) fn add(&mut self, target: Target) -> Result<bool, RegistryError> {
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

    pub(super) fn operation(&self, name: &str) -> Option<Target> {
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
