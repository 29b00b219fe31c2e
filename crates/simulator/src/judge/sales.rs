//! How a sale and its attempts may change from one commit to the next.

use domain::attempt::{Attempt, AttemptState};
use domain::sale::{Sale, SaleState};

/// Whether a sale may stay like this for ever.
pub(super) fn is_final(state: SaleState) -> bool {
    use SaleState::{AwaitingPayment, Returning, UnderReview};
    !matches!(state, AwaitingPayment | UnderReview | Returning)
}

/// One batch may take a sale two steps on.
fn may_become(from: SaleState, new: &Sale) -> bool {
    let between = new.previous_state;
    let in_two = between.is_some_and(|it| may_follow(from, it) && may_follow(it, new.state));
    may_follow(from, new.state) || in_two
}

fn may_follow(from: SaleState, to: SaleState) -> bool {
    use SaleState::{
        AwaitingPayment, Cancelled, Expired, Issued, PaymentFailed, Returned, Returning,
        Transferred, UnderReview,
    };
    match from {
        AwaitingPayment => {
            matches!(to, Issued | Returning | PaymentFailed | Expired | UnderReview)
        }
        UnderReview => matches!(to, Issued | Returning | PaymentFailed | Expired),
        PaymentFailed | Expired => matches!(to, Issued | Returning),
        Returning => to == Returned,
        Issued => matches!(to, Returning | Returned | Transferred | Cancelled),
        // Money of a charge that was given up may still come, and goes back.
        Returned => to == Returning,
        Transferred | Cancelled => false,
    }
}

/// An attempt only ever goes to a higher rank.
fn rank(state: AttemptState) -> u8 {
    match state {
        AttemptState::Created => 0,
        AttemptState::Sent => 1,
        AttemptState::Unknown | AttemptState::Pending => 2,
        AttemptState::Review => 3,
        AttemptState::Declined | AttemptState::NotExecuted => 4,
        AttemptState::Succeeded => 5,
    }
}

/// The rule that this change breaks, if any.
pub(super) fn check_change(old: &Sale, new: &Sale) -> Option<&'static str> {
    if old.state != new.state && !may_become(old.state, new) {
        return Some("no sale goes backwards");
    }
    if new.changed_at < old.changed_at {
        return Some("no time goes backwards");
    }
    if new.attempts.len() < old.attempts.len() {
        return Some("no attempt is lost");
    }
    if !is_same_order(old, new) {
        return Some("what was ordered stays as it was");
    }
    let pairs = old.attempts.iter().zip(&new.attempts);
    pairs.into_iter().find_map(|(old, new)| check_attempt(old, new))
}

/// Whatever becomes of a sale, what was ordered, by whom and at which price stays.
fn is_same_order(old: &Sale, new: &Sale) -> bool {
    let name = |sale: &Sale| (sale.shard, sale.id, sale.secret, sale.event, sale.placed_at);
    let price = |sale: &Sale| (sale.currency, sale.total, sale.fee);
    name(old) == name(new)
        && price(old) == price(new)
        && old.lines == new.lines
        && (old.seats == new.seats || old.state.holds_places() && old.seats.is_empty())
        && old.buyer == new.buyer
        && old.origin == new.origin
        && new.refunds.starts_with(&old.refunds)
        && new.scans.starts_with(&old.scans)
        && (new.carried.starts_with(&old.carried) || old.carried.is_empty())
}

fn check_attempt(old: &Attempt, new: &Attempt) -> Option<&'static str> {
    let name = |attempt: &Attempt| (attempt.number, attempt.verb, attempt.amount);
    if name(old) != name(new) || old.created_at != new.created_at || old.terms != new.terms {
        return Some("an attempt stays what it is");
    }
    if old.key != new.key {
        return Some("an attempt keeps its key");
    }
    let backwards = rank(new.state) < rank(old.state) || new.moved < old.moved;
    backwards.then_some("no attempt goes backwards")
}
