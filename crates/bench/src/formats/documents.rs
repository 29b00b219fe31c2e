//! A realistic order and its answer, in the contract's own spelling.

/// An order of two lines with three holders, paid by card.
pub const REQUEST: &str = include_str!("request.json");

/// What the order is answered: the ticket, two lines with holders and scan codes, the event.
pub const RESPONSE: &str = include_str!("response.json");
