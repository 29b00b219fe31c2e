//! The records of `/types/metadata`, as the original names them.

use crate::Dto;

/// Texts of a list; none of them is null.
pub(super) type Texts = Option<Vec<Option<String>>>;

/// The whole description.
#[derive(Debug, Default, Dto)]
#[dto(namespace = "ServiceStack")]
pub(crate) struct MetadataTypes {
    pub(super) config: Option<MetadataTypesConfig>,
    pub(super) namespaces: Texts,
    /// Types that are no requests.
    pub(super) types: Option<Vec<Option<MetadataType>>>,
    pub(super) operations: Option<Vec<Option<MetadataOperationType>>>,
}

/// What was asked for.
#[derive(Debug, Default, Dto)]
#[dto(namespace = "ServiceStack")]
pub(super) struct MetadataTypesConfig {
    pub(super) base_url: Option<String>,
    pub(super) include_types: Texts,
    pub(super) exclude_types: Texts,
}

/// One operation.
#[derive(Debug, Default, Dto)]
#[dto(namespace = "ServiceStack")]
pub(super) struct MetadataOperationType {
    pub(super) request: Option<MetadataType>,
    pub(super) response: Option<MetadataType>,
    /// Verbs that it takes.
    pub(super) actions: Texts,
    pub(super) returns_void: bool,
    /// The verb that generated clients use.
    pub(super) method: Option<String>,
    pub(super) return_type: Option<MetadataTypeName>,
    pub(super) routes: Option<Vec<Option<MetadataRoute>>>,
    pub(super) requires_auth: bool,
    pub(super) required_roles: Texts,
    pub(super) requires_any_role: Texts,
    pub(super) required_permissions: Texts,
    pub(super) requires_any_permission: Texts,
    pub(super) tags: Texts,
}

/// One route.
#[derive(Debug, Default, Dto)]
#[dto(namespace = "ServiceStack")]
pub(super) struct MetadataRoute {
    pub(super) path: Option<String>,
    /// Left out when all verbs are taken.
    pub(super) verbs: Option<String>,
    pub(super) notes: Option<String>,
    pub(super) summary: Option<String>,
}

/// One record or enum.
#[derive(Debug, Default, Dto)]
#[dto(namespace = "ServiceStack")]
pub(super) struct MetadataType {
    pub(super) name: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) inherits: Option<MetadataTypeName>,
    pub(super) implements: Option<Vec<Option<MetadataTypeName>>>,
    pub(super) description: Option<String>,
    pub(super) is_enum: Option<bool>,
    /// Written as a number.
    pub(super) is_enum_int: Option<bool>,
    pub(super) properties: Option<Vec<Option<MetadataPropertyType>>>,
    pub(super) enum_names: Texts,
    pub(super) enum_values: Texts,
    /// What is written instead of the names.
    pub(super) enum_member_values: Texts,
}

/// The name of a type.
#[derive(Debug, Default, Dto)]
#[dto(namespace = "ServiceStack")]
pub(super) struct MetadataTypeName {
    pub(super) name: Option<String>,
    pub(super) namespace: Option<String>,
}

/// One member of a record.
#[derive(Debug, Default, Dto)]
#[dto(namespace = "ServiceStack")]
pub(super) struct MetadataPropertyType {
    /// As the host writes it.
    pub(super) name: Option<String>,
    /// As .NET's reflection spells it: ``List`1``.
    #[dto(name = "Type")]
    pub(super) type_name: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) generic_args: Texts,
    pub(super) is_value_type: Option<bool>,
    pub(super) is_enum: Option<bool>,
    pub(super) is_required: Option<bool>,
    pub(super) param_type: Option<String>,
    pub(super) description: Option<String>,
}
