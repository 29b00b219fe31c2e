//! What the till counts for people.

use domain::sale::Sale;
use store::SubmitError;

use super::Till;
use crate::metrics::Counts;

/// What this node has decided and moved since it was started.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Orders, by what the decision was.
    pub(crate) orders: Counts<&'static str>,
    /// Sales, by the state that they came into.
    pub(crate) states: Counts<&'static str>,
}

impl Tally {
    /// An order was placed, or is one that was placed before.
    pub(super) fn placed(&self, sale: &Sale, repeated: bool) {
        if repeated {
            return self.orders.add("repeated");
        }
        self.orders.add("placed");
        self.states.add(sale.state.name());
    }

    /// An order was not placed. One that only has to be made again with newer prices is not
    /// counted: it is on its way.
    pub(super) fn not_placed(&self, error: &SubmitError) {
        match error {
            SubmitError::Refused(_) => self.orders.add("refused"),
            SubmitError::Overloaded => self.orders.add("overloaded"),
            SubmitError::Fault(_) => self.orders.add("fault"),
            SubmitError::Stale => {}
        }
    }

    /// A sale went on, perhaps to another state.
    pub(super) fn moved(&self, before: &Sale, after: &Sale) {
        if before.state != after.state {
            self.states.add(after.state.name());
        }
    }
}

impl Till {
    /// What is counted.
    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// How many sales may be under way.
    #[must_use]
    pub(crate) fn under_way_max(&self) -> u32 {
        self.places_total
    }
}
