//! The types that vectors name, in the words of the vectors' own schema line.

use service::Dto;
use service::types::{Bytes, DateTime, Decimal, Guid, Map, TimeSpan};

/// A list of texts, any of which may be null.
pub(crate) type Texts = Vec<Option<String>>;

/// `string V`
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Str {
    pub(crate) v: Option<String>,
}

/// `string Name; int Age`
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Sub {
    pub(crate) name: Option<String>,
    pub(crate) age: i32,
}

/// `enum Red,Green,Blue`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Dto)]
pub(crate) enum Color {
    #[default]
    Red,
    Green,
    Blue,
    #[dto(other)]
    Other(i32),
}

/// One member of every sort.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct T2 {
    pub(crate) a: Option<String>,
    pub(crate) b: i32,
    pub(crate) c: Option<Texts>,
    pub(crate) d: Option<Map<String, Option<String>>>,
    pub(crate) e: Option<Sub>,
    pub(crate) f: bool,
    pub(crate) g: Option<DateTime>,
    pub(crate) h: Color,
    pub(crate) i: Guid,
    pub(crate) j: TimeSpan,
    pub(crate) k: Option<Decimal>,
    pub(crate) l: Option<Vec<Option<Sub>>>,
    pub(crate) m: Option<Bytes>,
    pub(crate) n: Option<Vec<i32>>,
    pub(crate) o: Option<bool>,
    pub(crate) p: Option<i32>,
}

/// `List<Sub> Results; int Total`
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Resp {
    pub(crate) results: Option<Vec<Option<Sub>>>,
    pub(crate) total: i32,
}

/// `int Total; List<Sub> Results; string Note`
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Resp2 {
    pub(crate) total: i32,
    pub(crate) results: Option<Vec<Option<Sub>>>,
    pub(crate) note: Option<String>,
}

/// A record with nested values.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Nested {
    pub(crate) id: i32,
    pub(crate) sub: Option<Sub>,
    pub(crate) tags: Option<Texts>,
    pub(crate) map: Option<Map<String, i32>>,
    pub(crate) when: DateTime,
    pub(crate) txt: Option<String>,
    pub(crate) ok: bool,
}

/// Names that test the name styles.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct PascalIds {
    #[dto(name = "ID")]
    pub(crate) id: i32,
    #[dto(name = "OrderID")]
    pub(crate) order_id: Option<String>,
    #[dto(name = "UID")]
    pub(crate) uid: Guid,
    #[dto(name = "CCV")]
    pub(crate) ccv: Option<String>,
    #[dto(name = "IPAddress")]
    pub(crate) ip_address: Option<String>,
    #[dto(name = "Borgun3DFinalInfo")]
    pub(crate) borgun_final_info: Option<String>,
    pub(crate) x_forwarded_for: Option<String>,
    #[dto(name = "timeStamp")]
    pub(crate) time_stamp: Option<String>,
    #[dto(name = "URL2")]
    pub(crate) url2: Option<String>,
    #[dto(name = "A_B")]
    pub(crate) a_b: Option<String>,
}

/// What the sample vectors describe in their note.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Holder {
    pub(crate) a: Option<Vec<Option<NoConstructor>>>,
    pub(crate) b: Option<Vec<Option<Derived>>>,
    pub(crate) c: Option<NoConstructor>,
    #[dto(interface)]
    pub(crate) d: Option<Vec<Option<Sub>>>,
    #[dto(name = "description")]
    pub(crate) description: Option<String>,
}

/// A type without a parameterless constructor.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(no_constructor)]
pub(crate) struct NoConstructor {
    pub(crate) x: i32,
}

/// The base of [`Derived`].
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Base {
    pub(crate) base_id: i32,
    pub(crate) base_name: Option<String>,
}

/// A derived type with one member of its own.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Derived {
    #[dto(base)]
    pub(crate) base: Base,
    pub(crate) own: bool,
}

/// `[Flags]`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
#[dto(flags)]
pub(crate) enum Permission {
    #[default]
    None,
    #[dto(value = 1)]
    Read,
    #[dto(value = 2)]
    Write,
    #[dto(value = 4)]
    Execute,
    #[dto(other)]
    Several(i32),
}

/// An enum whose numbers are not its indexes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
pub(crate) enum Code {
    #[default]
    #[dto(value = 1)]
    A,
    #[dto(value = 10)]
    B,
    #[dto(value = 20)]
    C,
    #[dto(other)]
    Other(i32),
}

/// An enum with a text of its own on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
pub(crate) enum Status {
    #[default]
    #[dto(member = "sts-unknown")]
    Unknown,
    #[dto(member = "sts-success")]
    Success,
}

/// The request of the route vectors.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Hello {
    pub(crate) name: Option<String>,
    pub(crate) age: i32,
}

/// The answer to [`Hello`].
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct HelloResponse {
    pub(crate) result: Option<String>,
}

/// A request that is answered by itself.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct CustomRoute {
    pub(crate) data: Option<String>,
}

/// `int Id; string Name`
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Person {
    pub(crate) id: i32,
    pub(crate) name: Option<String>,
}

/// `[DataContract]` with a list of records, which a table fills.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(data_contract)]
pub(crate) struct Table {
    pub(crate) total: i32,
    pub(crate) results: Option<Vec<Option<Sub>>>,
}
