//! Tickets that move to another event or phone, and the page where their holders pay.

mod letters;
mod moves;
mod page;
mod phone;
mod races;
mod refusals;
pub(crate) mod season;
mod session;
mod stories;
mod withdrawn;

/// The codes that the tables of moves and links tell.
pub(crate) fn codes() -> Vec<&'static str> {
    let links = crate::stories::codes(stories::LINKS);
    let moves = crate::stories::codes(stories::MOVES);
    let states = crate::stories::codes(stories::STATES);
    [links, moves, states, refusals::codes()].concat()
}
