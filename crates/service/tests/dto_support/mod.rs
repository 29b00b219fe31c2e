//! The types of the published vectors, and helpers to read and compare them.

use service::Dto;
use service::types::{Bytes, DateTime, Decimal, Guid, Map, TimeSpan};

/// `enum Color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Dto)]
pub(crate) enum Color {
    /// 0.
    #[default]
    Red,
    /// 1.
    Green,
    /// 2.
    Blue,
}

/// `class Sub`.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Sub {
    /// A text.
    pub(crate) name: Option<String>,
    /// A number.
    pub(crate) age: i32,
}

/// `class T2`: one member of every kind.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct T2 {
    /// `string`.
    pub(crate) a: Option<String>,
    /// `int`.
    pub(crate) b: i32,
    /// `List<string>`.
    pub(crate) c: Option<Vec<Option<String>>>,
    /// `Dictionary<string,string>`.
    pub(crate) d: Option<Map<String, Option<String>>>,
    /// `Sub`.
    pub(crate) e: Option<Sub>,
    /// `bool`.
    pub(crate) f: bool,
    /// `DateTime?`.
    pub(crate) g: Option<DateTime>,
    /// `Color`.
    pub(crate) h: Color,
    /// `Guid`.
    pub(crate) i: Guid,
    /// `TimeSpan`.
    pub(crate) j: TimeSpan,
    /// `decimal?`.
    pub(crate) k: Option<Decimal>,
    /// `List<Sub>`.
    pub(crate) l: Option<Vec<Sub>>,
    /// `byte[]`.
    pub(crate) m: Option<Bytes>,
    /// `int[]`.
    pub(crate) n: Option<Vec<i32>>,
    /// `bool?`.
    pub(crate) o: Option<bool>,
    /// `int?`.
    pub(crate) p: Option<i32>,
}
