//! A sale that is paid in parts: the split tender (`payments.md` §4).

mod cases;
mod crashes;
mod doubt;
pub(crate) mod model;
mod outcomes;
mod properties;
mod refunds;
mod stage;
