//! Making the plan of a failing run smaller while it still breaks the same rule.

use domain::planted::Bug;

use crate::judge::Violation;
use crate::plan::{Item, Plan, Script};
use crate::run::run;

/// The most runs that are spent on it.
const RUNS_MAX: usize = 400;

/// A smaller plan that breaks the same rule, and what it breaks.
#[must_use]
pub fn shrink(plan: &Plan, bug: Option<Bug>, violation: &Violation) -> (Plan, Violation) {
    let mut search =
        Search { plan: plan.clone(), violation: violation.clone(), bug, runs_left: RUNS_MAX };
    let mut size = plan.items.len().div_ceil(2);
    while size > 0 {
        let shrunk = search.leave_out(size);
        size = if shrunk && size == 1 { 1 } else { size / 2 };
    }
    search.make_plain();
    (search.plan, search.violation)
}

struct Search {
    plan: Plan,
    violation: Violation,
    bug: Option<Bug>,
    runs_left: usize,
}

impl Search {
    /// Leaves out each stretch of `size` items once; whether any could be spared.
    fn leave_out(&mut self, size: usize) -> bool {
        let (mut start, mut shrunk) = (0, false);
        while start < self.plan.items.len() {
            let mut smaller = self.plan.clone();
            let end = smaller.items.len().min(start + size);
            smaller.items.drain(start..end);
            if self.accept(smaller) {
                shrunk = true;
            } else {
                start += size;
            }
        }
        shrunk
    }

    /// Lets the gateway treat orders plainly where that makes no difference.
    fn make_plain(&mut self) {
        for index in 0..self.plan.items.len() {
            let mut plainer = self.plan.clone();
            let script = match &mut plainer.items[index] {
                Item::Order(order) => &mut order.script,
                Item::Deed(deed) => &mut deed.script,
                Item::Fault(_) | Item::Change(_) => continue,
            };
            *script = Script::PLAIN;
            self.accept(plainer);
        }
    }

    fn accept(&mut self, plan: Plan) -> bool {
        if self.runs_left == 0 {
            return false;
        }
        self.runs_left -= 1;
        let violation = run(plan.clone(), self.bug, false).violation;
        match violation.filter(|found| found.rule == self.violation.rule) {
            Some(violation) => {
                (self.plan, self.violation) = (plan, violation);
                true
            }
            None => false,
        }
    }
}
