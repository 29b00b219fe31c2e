//! A host: one service's face, with its own conventions.

use wire::{NameStyle, Settings};

use crate::operation::Operation;

/// One service. Types are keyed by host: two hosts may use the same type name for different things.
#[derive(Debug)]
pub struct Host {
    /// The title of its pages, for example `TicketUserServices`.
    pub title: String,
    /// The path below which the host's whole surface stands, for example `/tickets`: one segment.
    pub base_path: &'static str,
    /// How member names are written.
    pub names: NameStyle,
    /// Whether generators make every member optional (`MakePropertiesOptional`).
    pub properties_optional: bool,
    /// In which form of its time sources are generated.
    pub conventions: Conventions,
    /// Its operations, in the order routes are declared.
    pub operations: Vec<&'static Operation>,
}

/// What the framework's generators changed over time, and a host keeps as it was published
/// (`servicestack.md §13`). The default is the oldest form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Conventions {
    /// Members in Kotlin are `open`, and files import `java.io.InputStream` (since 8.5).
    pub kotlin_open: bool,
    /// Python gives a required list or dictionary an empty one (since 8.5).
    pub python_factories: bool,
    /// Python sources declare `Object` (since 8.9).
    pub python_object: bool,
}

impl Host {
    /// The base path without its slashes.
    pub fn base_segment(&self) -> &'static str {
        self.base_path.trim_matches('/')
    }

    /// The operations that are shown, in the order they were declared.
    pub fn visible_operations(&self) -> impl Iterator<Item = &'static Operation> + '_ {
        self.operations.iter().copied().filter(|operation| !operation.is_hidden)
    }

    /// The operations that are shown, sorted by name as lists of them are.
    pub fn operations_by_name(&self) -> Vec<&'static Operation> {
        let mut operations: Vec<_> = self.visible_operations().collect();
        operations.sort_by_key(|operation| operation.name());
        operations
    }

    /// How the host writes and, leniently, reads documents.
    pub fn settings(&self) -> Settings {
        Settings::named(self.names)
    }
}
