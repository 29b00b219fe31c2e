//! What the generator of a language gives, and what it is given.

use wire::TypeMeta;

use super::framework::Owned;
use super::header::{C_COMMENTS, CommentStyle};
use super::model::{Model, ModelType, is_framework_type};
use super::options::{OptionLine, Options, USUAL};
use super::source::Source;
use crate::operation::Operation;

/// One language. The core chooses and orders the types and writes the header; the generator writes
/// everything behind it.
pub(crate) struct Generator {
    /// How the header is marked as a comment.
    pub(crate) comments: &'static CommentStyle,
    /// The options it lists in the header, in order, with their defaults.
    pub(crate) options: &'static [OptionLine],
    /// The order it needs its types in.
    pub(crate) order: Order,
    /// What the library that clients use with this language defines.
    pub(crate) owned: Owned,
    /// The line that must stand above everything, the header too.
    pub(crate) first_line: fn(&Options) -> Option<String>,
    /// Another way to say the name of a framework type, for sources where a service has a type of
    /// the same name: in full, or, if the source itself defines it, anything else. `None` gives the
    /// service's type another name.
    pub(crate) framework_name: fn(&str) -> Option<String>,
    /// Writes imports, types and whatever else the file needs.
    pub(crate) write: Write,
}

/// Writes a source behind its header.
pub(crate) type Write = fn(&SourceFile<'_>, &mut Source);

impl Generator {
    /// What most languages have in common: the comments of C, the usual options, every type after
    /// those it mentions. No library defines anything.
    pub(crate) const fn usual(write: Write) -> Self {
        Self {
            comments: &C_COMMENTS,
            options: USUAL,
            order: Order::Dependency,
            owned: Owned::NONE,
            first_line: |_| None,
            framework_name: |_| None,
            write,
        }
    }
}

/// The order of types (`servicestack.md §9.3`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Requests, responses, others; on an operation page depth first from the request.
    Roles,
    /// Every type after the types it mentions, as far as they do not mention each other.
    Dependency,
}

/// What a source is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A file that clients build with: header, routes, markers, and all that is named is defined.
    File,
    /// Plain types for an operation page: no header, no routes, no markers, interfaces named but
    /// not defined (`servicestack.md §9.6`).
    Page,
}

/// One source to be written.
pub(crate) struct SourceFile<'m> {
    /// The types in the order to write them.
    pub(crate) model: &'m Model<'m>,
    /// The options as asked for.
    pub(crate) options: &'m Options,
    /// What it is for.
    pub(crate) form: Form,
}

impl<'m> SourceFile<'m> {
    /// Whether it is a file, not a page.
    pub(crate) fn is_file(&self) -> bool {
        self.form == Form::File
    }

    /// Whether the members of `model_type` are all optional: as asked for, else as its host does.
    pub(crate) fn is_optional(&self, model_type: &ModelType<'_>) -> bool {
        let asked = self.options.given_flag("MakePropertiesOptional");
        asked.unwrap_or(model_type.host.properties_optional)
    }

    /// The operation that a request is for, as far as the source shows how to send requests.
    pub(crate) fn operation(&self, item: &ModelType<'_>) -> Option<&'static Operation> {
        item.operation().filter(|_| self.is_file())
    }

    /// What a type implements: the marker of what a request returns, as `returns` spells it, that
    /// of its verb, and the service's own interfaces, as `spelled`.
    pub(crate) fn implemented(
        &self,
        item: &ModelType<'_>,
        returns: impl Fn(&TypeMeta) -> String,
        spelled: impl Fn(&str) -> String,
    ) -> Vec<String> {
        let mut names = Vec::new();
        if let Some(operation) = self.operation(item) {
            let nothing = || "IReturnVoid".to_owned();
            names.push(operation.response.map_or_else(nothing, returns));
            names.push(operation.client_verb().marker().to_owned());
        }
        names.extend(item.meta.interfaces.iter().map(|name| spelled(name)));
        names
    }

    /// The services' own interfaces that the source has to define.
    pub(crate) fn interfaces(&self) -> Vec<&'static str> {
        if self.is_file() { self.model.interfaces() } else { Vec::new() }
    }

    /// Whether a type comes from the library that defines what is `owned`.
    pub(crate) fn is_from_library(&self, meta: &TypeMeta, owned: &Owned) -> bool {
        is_framework_type(meta) && owned.has(meta.name) && !self.model.contains(meta)
    }

    /// A description, if it is written as a comment.
    pub(crate) fn description<'t>(&self, text: Option<&'t str>) -> Option<&'t str> {
        text.filter(|_| self.has_descriptions())
    }

    /// Whether descriptions are written as comments.
    pub(crate) fn has_descriptions(&self) -> bool {
        self.options.flag("AddDescriptionAsComments")
    }

    /// The name of a type in this source.
    pub(crate) fn type_name(&self, meta: &TypeMeta) -> String {
        self.model.name(meta)
    }
}
