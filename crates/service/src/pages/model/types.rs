//! Types, described for programs.

use wire::{MemberMeta, NameStyle, TypeKind, TypeMeta, ValueType};

use super::owned;
use crate::Dto;
use crate::host::Host;
use crate::operation::Operation;
use crate::pages::type_tables::{parameter, reached};
use crate::sample::same_type;

/// One record or enum.
#[derive(Debug, Default, Dto)]
pub(super) struct TypeModel {
    name: Option<String>,
    namespace: Option<String>,
    description: Option<String>,
    /// The class it derives from, whose members are among `properties`.
    inherits: Option<String>,
    is_enum: bool,
    /// Written as a number.
    is_enum_int: bool,
    properties: Option<Vec<Option<MemberModel>>>,
    enum_values: Option<Vec<Option<EnumValueModel>>>,
}

/// One member of a record.
#[derive(Debug, Default, Dto)]
struct MemberModel {
    /// As the host writes it.
    name: Option<String>,
    /// As C# spells it: `int?`, `List<Sub>`.
    #[dto(name = "Type")]
    type_name: Option<String>,
    /// `path`, `query`, `body`, `form` or `header`.
    param_type: Option<String>,
    is_required: bool,
    /// Must not be shown while it is typed, nor kept.
    is_secret: bool,
    description: Option<String>,
}

/// One name of an enum.
#[derive(Debug, Default, Dto)]
struct EnumValueModel {
    name: Option<String>,
    value: i32,
}

/// The types that the shown operations of a host reach, none twice.
pub(super) fn all(host: &Host, names: NameStyle) -> Vec<TypeModel> {
    let mut types: Vec<(&'static Operation, &'static TypeMeta)> = Vec::new();
    for operation in host.visible_operations() {
        for meta in reached(operation) {
            if !types.iter().any(|(_, known)| same_type(known, meta)) {
                types.push((operation, meta));
            }
        }
    }
    types.into_iter().map(|(operation, meta)| described(operation, meta, names)).collect()
}

fn described(operation: &Operation, meta: &'static TypeMeta, names: NameStyle) -> TypeModel {
    let is_enum = meta.kind != TypeKind::Record;
    let properties = meta.all_members().map(|item| Some(member(operation, meta, item, names)));
    let values = meta.enum_members.iter();
    let values =
        values.map(|item| Some(EnumValueModel { name: owned(item.text()), value: item.number }));
    TypeModel {
        name: owned(meta.name),
        namespace: owned(meta.namespace),
        description: meta.description.and_then(owned),
        inherits: meta.base.and_then(|base| owned(base().name)),
        is_enum,
        is_enum_int: is_enum && meta.kind != TypeKind::Enum,
        properties: (!is_enum).then(|| properties.collect()),
        enum_values: is_enum.then(|| values.collect()),
    }
}

fn member(
    operation: &Operation,
    meta: &'static TypeMeta,
    member: &MemberMeta,
    names: NameStyle,
) -> MemberModel {
    let param_type = parameter(operation, meta, member);
    MemberModel {
        name: owned(member.name.in_style(names)),
        type_name: Some(member.value.csharp_name()),
        param_type: owned(param_type),
        is_required: member.required || param_type == "path",
        is_secret: matches!(member.value, ValueType::Secret),
        description: member.description.and_then(owned),
    }
}
