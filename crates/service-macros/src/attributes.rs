//! What `#[dto(...)]` says on a type, a member and an enum variant.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitInt, LitStr, Result};

/// `#[dto(...)]` on a struct or enum.
#[derive(Default)]
pub(crate) struct TypeAttributes {
    pub(crate) name: Option<String>,
    pub(crate) namespace: Option<String>,
    pub(crate) no_constructor: bool,
    pub(crate) data_contract: bool,
    pub(crate) flags: bool,
    pub(crate) as_integer: bool,
    pub(crate) implements: Vec<String>,
    pub(crate) description: Option<String>,
    pub(crate) attribute: Option<String>,
}

impl TypeAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<Self> {
        let mut found = Self::default();
        each(attributes, |item| {
            match key(item).as_str() {
                "name" => found.name = Some(text(item)?),
                "namespace" => found.namespace = Some(text(item)?),
                "no_constructor" => found.no_constructor = true,
                "data_contract" => found.data_contract = true,
                "flags" => found.flags = true,
                "as_integer" => found.as_integer = true,
                "implements" => {
                    found.implements = text(item)?.split(',').map(|n| n.trim().into()).collect();
                }
                "description" => found.description = Some(text(item)?),
                "attribute" => found.attribute = Some(text(item)?),
                _ => return Err(unknown(item, "a type")),
            }
            Ok(())
        })?;
        Ok(found)
    }
}

/// `#[dto(...)]` on a struct's field.
#[derive(Default)]
pub(crate) struct MemberAttributes {
    pub(crate) is_base: bool,
    pub(crate) name: Option<String>,
    pub(crate) data_member: Option<String>,
    pub(crate) order: Option<i32>,
    pub(crate) interface: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) required: bool,
    pub(crate) parameter: Option<String>,
    pub(crate) attribute: Option<String>,
}

/// The interface a list is declared as when the declaration does not name one.
const INTERFACE_DEFAULT: &str = "IReadOnlyList";

impl MemberAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<Self> {
        let mut found = Self::default();
        each(attributes, |item| {
            match key(item).as_str() {
                "base" => found.is_base = true,
                "name" => found.name = Some(text(item)?),
                "data_member" => found.data_member = Some(text(item)?),
                "order" => found.order = Some(item.value()?.parse::<LitInt>()?.base10_parse()?),
                "interface" if item.input.peek(syn::Token![=]) => {
                    found.interface = Some(text(item)?);
                }
                "interface" => found.interface = Some(INTERFACE_DEFAULT.into()),
                "description" => found.description = Some(text(item)?),
                "required" => found.required = true,
                "parameter" => found.parameter = Some(text(item)?),
                "attribute" => found.attribute = Some(text(item)?),
                _ => return Err(unknown(item, "a member")),
            }
            Ok(())
        })?;
        Ok(found)
    }
}

/// `#[dto(...)]` on an enum's variant.
#[derive(Default)]
pub(crate) struct VariantAttributes {
    pub(crate) name: Option<String>,
    pub(crate) value: Option<i32>,
    pub(crate) member: Option<String>,
    pub(crate) is_other: bool,
}

impl VariantAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<Self> {
        let mut found = Self::default();
        each(attributes, |item| {
            match key(item).as_str() {
                "name" => found.name = Some(text(item)?),
                "value" => found.value = Some(integer(item)?),
                "member" => found.member = Some(text(item)?),
                "other" => found.is_other = true,
                _ => return Err(unknown(item, "an enum variant")),
            }
            Ok(())
        })?;
        Ok(found)
    }
}

/// Calls `take` with every item of every `#[dto(...)]`.
fn each(
    attributes: &[Attribute],
    mut take: impl FnMut(&ParseNestedMeta<'_>) -> Result<()>,
) -> Result<()> {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("dto")) {
        attribute.parse_nested_meta(|item| take(&item))?;
    }
    Ok(())
}

fn key(item: &ParseNestedMeta<'_>) -> String {
    item.path.get_ident().map(ToString::to_string).unwrap_or_default()
}

fn text(item: &ParseNestedMeta<'_>) -> Result<String> {
    Ok(item.value()?.parse::<LitStr>()?.value())
}

fn integer(item: &ParseNestedMeta<'_>) -> Result<i32> {
    let value = item.value()?;
    let is_negative = value.parse::<Option<syn::Token![-]>>()?.is_some();
    let number = value.parse::<LitInt>()?.base10_parse::<i64>()?;
    let number = if is_negative { -number } else { number };
    i32::try_from(number).map_err(|_| item.error("the value of an enum must fit in 32 bits"))
}

fn unknown(item: &ParseNestedMeta<'_>, place: &str) -> syn::Error {
    item.error(format!("`{}` is no dto attribute of {place}", key(item)))
}
