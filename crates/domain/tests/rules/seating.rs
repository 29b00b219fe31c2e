//! Numbered seats: maps, best available, holds, orders of held seats.

mod best;
mod holds;
mod map;
mod orders;
mod properties;
pub(crate) mod stadium;
