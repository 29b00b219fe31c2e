//! Formats: bytes ⇄ the walk over a value.
//!
//! JSON, JSV, XML, CSV, query strings and forms are dialects of one walk (`ARCHITECTURE.md`,
//! "Wire"). This crate knows how names, dates, numbers and texts look on the wire; it knows no
//! particular record, no HTTP and no clock.

pub mod case;
pub mod csv;
mod date;
mod duration;
mod error;
mod guid;
pub mod json;
pub mod jsonl;
pub mod jsv;
pub mod limits;
pub mod meta;
pub mod multipart;
mod number;
pub mod query;
mod scalar;
mod secret;
mod settings;
pub mod sink;
pub mod source;
mod table;
mod value;
pub mod walk;
pub mod xml;

pub use date::{DateTime, Zone};
pub use duration::TimeSpan;
pub use error::{Expected, Fault, Problem, Problems};
pub use guid::Guid;
pub use indexmap::IndexMap as Map;
pub use meta::{EnumMember, MemberMeta, Name, TypeKind, TypeMeta, ValueType};
pub use rust_decimal::Decimal;
pub use scalar::{Enumeration, Scalar, parse_enum, read_scalar};
pub use secret::SecretText;
pub use settings::{DateHandler, DurationHandler, NameStyle, Settings};
pub use sink::Sink;
pub use source::{Reading, Source};
pub use value::{Bytes, MapKey};
pub use walk::{Record, Value};
