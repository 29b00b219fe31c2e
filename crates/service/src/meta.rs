//! What types are called and made of: the tables that `#[derive(Dto)]` writes.

pub use wire::meta::{EnumMember, MemberMeta, Name, TypeKind, TypeMeta, ValueType};
