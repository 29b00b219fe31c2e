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
    /// A ticket that ends keeps its numbered seat.
    SeatKept,
    /// A hold of seats ends without giving them back.
    HoldKept,
    /// Store credit that was not needed is not put back on its card.
    CreditLost,
    /// Free tickets are given and not counted.
    FreeTicketsUncounted,
    /// A ticket that was used at the gate moves all the same.
    UsedMoves,
    /// A difference that is paid twice is kept twice.
    TopupKept,
    /// What is owed for an event after its payout is booked as if it were still to be paid out.
    PayoutIgnored,
}

impl Bug {
    /// Every bug with the name it is chosen by.
    pub const ALL: [(&'static str, Bug); 16] = [
        ("quota-kept", Bug::QuotaKept),
        ("answer-before-commit", Bug::AnswerBeforeCommit),
        ("unknown-declined", Bug::UnknownDeclined),
        ("refund-twice", Bug::RefundTwice),
        ("janitor-early", Bug::JanitorEarly),
        ("cache-kept", Bug::CacheKept),
        ("sequence-per-node", Bug::SequencePerNode),
        ("member-lost", Bug::MemberLost),
        ("settled-twice", Bug::SettledTwice),
        ("seat-kept", Bug::SeatKept),
        ("hold-kept", Bug::HoldKept),
        ("credit-lost", Bug::CreditLost),
        ("free-tickets-uncounted", Bug::FreeTicketsUncounted),
        ("used-moves", Bug::UsedMoves),
        ("topup-kept", Bug::TopupKept),
        ("payout-ignored", Bug::PayoutIgnored),
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
