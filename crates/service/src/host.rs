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
    /// Its operations, in the order routes are declared.
    pub operations: Vec<&'static Operation>,
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

    /// How the host writes and, leniently, reads documents.
    pub fn settings(&self) -> Settings {
        Settings::named(self.names)
    }
}
