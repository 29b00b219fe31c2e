//! Descriptions of types that are made while the program runs. They live as long as the program,
//! because the product's own tables do.

use wire::meta::{MemberMeta, Name, TypeKind, TypeMeta};
use wire::{ValueType, case};

/// A record without members.
pub(crate) fn record(name: &'static str) -> TypeMeta {
    TypeMeta {
        name,
        namespace: "Vectors",
        kind: TypeKind::Record,
        base: None,
        members: &[],
        lookup: &[],
        order: &[],
        enum_members: &[],
        has_constructor: true,
        data_contract: false,
        interfaces: &[],
        description: None,
        attribute: None,
        doc: None,
    }
}

/// A member of that declared name.
pub(crate) fn member(
    declared: &str,
    value: ValueType,
    interface: Option<&'static str>,
) -> MemberMeta {
    let styled = [declared.to_owned(), case::camel(declared), case::snake(declared)];
    let text = |text: String| -> &'static str { leak(text) };
    let json = styled.clone().map(|name| text(format!(",\"{name}\":")));
    let jsv = styled.clone().map(|name| text(format!(",{name}:")));
    let styled = styled.map(text);
    MemberMeta {
        name: Name { declared: styled[0], styled, json, jsv },
        value,
        interface,
        order: -1,
        description: None,
        required: false,
        parameter: None,
        attribute: None,
        doc: None,
    }
}

/// Keeps a value as long as the program runs.
pub(crate) fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Keeps a list as long as the program runs.
pub(crate) fn leaked<T>(values: Vec<T>) -> &'static [T] {
    Box::leak(values.into_boxed_slice())
}
