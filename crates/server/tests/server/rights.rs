//! Season cards, team passes, codes and store credit at an order, over HTTP.

mod cabinet;
mod codes;
mod find;
mod guesses;
mod race;
mod refusals;
mod ticket;
