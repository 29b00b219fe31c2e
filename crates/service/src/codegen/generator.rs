//! What the generator of a language gives, and what it is given.

use wire::TypeMeta;

use super::header::CommentStyle;
use super::model::{Model, ModelType};
use super::options::{OptionLine, Options};
use super::source::Source;

/// One language. The core chooses and orders the types and writes the header; the generator writes
/// everything behind it.
pub(crate) trait Generator: Sync {
    /// How the header is marked as a comment.
    fn comments(&self) -> &'static CommentStyle;

    /// The options it lists in the header, in order, with their defaults.
    fn option_lines(&self) -> &'static [OptionLine];

    /// The order it needs its types in.
    fn order(&self) -> Order;

    /// Whether the library that clients use with this language defines the framework's type of
    /// that name, so that files leave it out (`servicestack.md §9.3`).
    fn owns(&self, framework_type: &str) -> bool;

    /// The line that must stand above everything, the header too.
    fn first_line(&self, _options: &Options) -> Option<String> {
        None
    }

    /// Another way to say the name of a framework type, for sources where a service has a type of
    /// the same name: in full, or, if the source itself defines it, anything else. `None` gives the
    /// service's type another name.
    fn framework_name(&self, _name: &str) -> Option<String> {
        None
    }

    /// Writes imports, types and whatever else the file needs.
    fn write(&self, file: &SourceFile<'_>, out: &mut Source);
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

    /// Whether descriptions are written as comments.
    pub(crate) fn has_descriptions(&self) -> bool {
        self.options.flag("AddDescriptionAsComments")
    }

    /// The name of a type in this source.
    pub(crate) fn type_name(&self, meta: &TypeMeta) -> String {
        self.model.name(meta)
    }
}
