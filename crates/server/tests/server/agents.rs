//! Agents: customers, orders, and the payments of orders (`domain.md` §5), over loopback HTTP.

pub(crate) mod desk;
mod orders;
mod page;
mod payments;
pub(crate) mod refusals;
mod subscriptions;
