//! The parts of a path that say where, before the part that says what.
//!
//! A path may begin with a name style, `/camel/agents/api/CustomerPayments`: everything below is
//! written in that style. It is for client programs that can read only one style, such as the
//! Python package, whatever the host's own is (`servicestack.md §11`).

use wire::NameStyle;

use super::scope::Scope;
use crate::route::Segments;

/// Where a path leads, without what is asked there.
pub(super) struct Place<'r, 'e> {
    /// The host's scope, or the root.
    pub(super) scope: &'r Scope,
    /// The name style that was asked for.
    pub(super) names: Option<NameStyle>,
    /// The segments that remain.
    pub(super) path: Segments<'e>,
}

impl<'e> Place<'_, 'e> {
    pub(super) fn first_segment(&self) -> Option<&'e str> {
        self.path.as_slice().first().copied()
    }
}

/// First segments that choose a name style, and that no host may therefore have.
const STYLES: [(&str, NameStyle); 3] =
    [("camel", NameStyle::Camel), ("pascal", NameStyle::Pascal), ("snake", NameStyle::Snake)];

/// The style that a segment names.
pub(super) fn style_of(segment: &str) -> Option<NameStyle> {
    let mut styles = STYLES.iter();
    styles.find(|(name, _)| name.eq_ignore_ascii_case(segment)).map(|(_, style)| *style)
}

/// The style that a path begins with, and what follows it.
pub(super) fn without_style<'e>(path: Segments<'e>) -> (Option<NameStyle>, Segments<'e>) {
    match path.as_slice().first().and_then(|first| style_of(first)) {
        Some(style) => (Some(style), path.without_first()),
        None => (None, path),
    }
}
