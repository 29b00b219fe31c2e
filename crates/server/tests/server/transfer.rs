//! Tickets that move to another event or phone, and the page where their holders pay.

mod letters;
mod moves;
mod page;
mod phone;
mod races;
mod refusals;
pub(crate) mod season;
mod session;
mod withdrawn;
