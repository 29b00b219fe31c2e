//! Bugs that a test can switch on, to see whether the simulator finds them.
//!
//! Compiled only with the feature `planted-bugs`, which nothing of the product asks for. None is
//! on unless a test chooses one for its own thread.

use std::cell::Cell;

use crate::attempt::CallResult;

/// A bug to switch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// A declined order keeps its places.
    QuotaKept,
    /// Callers are answered before the commit.
    AnswerBeforeCommit,
    /// A call without a readable answer counts as declined.
    UnknownDeclined,
    /// A refund that is sent again has a new key.
    RefundTwice,
    /// A key is fenced while its call may still be on its way.
    JanitorEarly,
    /// What another lane has changed stays in the cache.
    CacheKept,
    /// The lanes of one node share the sequence last seen.
    SequencePerNode,
    /// A sale that has cooled in the cache comes back without one of its members.
    MemberLost,
    /// A result that is known already is settled again.
    SettledTwice,
}

impl Bug {
    /// Every bug with the name it is chosen by.
    pub const ALL: [(&'static str, Bug); 9] = [
        ("quota-kept", Bug::QuotaKept),
        ("answer-before-commit", Bug::AnswerBeforeCommit),
        ("unknown-declined", Bug::UnknownDeclined),
        ("refund-twice", Bug::RefundTwice),
        ("janitor-early", Bug::JanitorEarly),
        ("cache-kept", Bug::CacheKept),
        ("sequence-per-node", Bug::SequencePerNode),
        ("member-lost", Bug::MemberLost),
        ("settled-twice", Bug::SettledTwice),
    ];
}

thread_local! {
    static CHOSEN: Cell<Option<Bug>> = const { Cell::new(None) };
}

/// Switches one bug on for this thread, and every other one off.
pub fn choose(bug: Option<Bug>) {
    CHOSEN.set(bug);
}

/// Whether this bug is switched on for this thread.
#[must_use]
pub fn is(bug: Bug) -> bool {
    CHOSEN.get() == Some(bug)
}

/// Whether this result counts as declined by [`Bug::UnknownDeclined`].
pub(crate) fn unknown_declined(result: &CallResult) -> bool {
    is(Bug::UnknownDeclined) && matches!(result, CallResult::Unknown(_))
}
