//! Routes: templates, verbs and the search for the best match.

mod router;
mod segments;
mod template;
mod verbs;

pub use router::{Entry, Router};
pub use segments::Segments;
pub use template::{Template, TemplateError};
pub use verbs::Verbs;
