//! Numbered seats over HTTP: pictures, holds, orders of held seats.

mod map;
mod race;
pub(crate) mod refusals;
pub(crate) mod stadium;
mod window;
