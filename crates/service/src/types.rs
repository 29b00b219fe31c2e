//! The types that members of data transfer objects can have, besides `bool`, `i32`, `i64`, `f64`,
//! `String`, `Vec` and other such objects.

pub use wire::{Bytes, DateTime, Decimal, Guid, Map, SecretText, TimeSpan, Zone};
