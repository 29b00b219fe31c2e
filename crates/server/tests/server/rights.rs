//! Season cards, team passes, codes and store credit at an order, over HTTP.

mod cabinet;
mod find;
mod guesses;
mod race;
pub(crate) mod refusals;
mod ticket;
