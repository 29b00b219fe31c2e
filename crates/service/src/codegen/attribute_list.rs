//! The attributes of types and members in languages that have attributes: routes, what was
//! published, data contracts, and what the kind of an enum says.

use wire::{MemberMeta, TypeKind};

use super::attribute;
use super::attribute_parts::Attribute;
use super::generator::SourceFile;
use super::model::{Member, ModelType};
use super::text::quoted;

/// The attributes of a type: routes, what was published, and what its kind says.
pub(super) fn of_type(file: &SourceFile<'_>, item: &ModelType<'_>) -> Vec<Attribute> {
    let routes = attribute::routes(item).filter(|_| file.is_file());
    let written = routes.chain(attribute::of_type(item));
    let mut all: Vec<Attribute> = written.filter_map(|text| Attribute::parse(&text)).collect();
    let plain = |name: &str| Attribute { name: name.to_owned(), arguments: Vec::new() };
    match item.meta.kind {
        TypeKind::FlagsEnum => all.push(plain("Flags")),
        TypeKind::IntegerEnum => all.push(plain("EnumAsInt")),
        _ => {}
    }
    if has_data_contract(file, item) {
        all.push(plain("DataContract"));
    }
    all.extend(Attribute::parse(generated_code(file)));
    all
}

fn generated_code(file: &SourceFile<'_>) -> &'static str {
    let is_asked = file.options.flag("AddGeneratedCodeAttributes");
    if is_asked { r#"GeneratedCode("AddServiceStackReference", "8.40")"# } else { "" }
}

fn has_data_contract(file: &SourceFile<'_>, item: &ModelType<'_>) -> bool {
    let is_asked = file.options.flag("AddDataContractAttributes");
    let is_record = item.meta.kind == TypeKind::Record;
    item.meta.data_contract || is_asked && is_record
}

/// The attributes of a member, `index` being its place among the type's own.
pub(super) fn of_member(
    file: &SourceFile<'_>,
    item: &ModelType<'_>,
    member: &Member,
    index: usize,
) -> Vec<Attribute> {
    let data_member = has_data_contract(file, item).then(|| data_member(file, member.meta, index));
    let texts = data_member.into_iter().chain(attribute::of_member(member.meta));
    texts.filter_map(|text| Attribute::parse(&text)).collect()
}

/// `DataMember(Name="x", Order=1)`.
fn data_member(file: &SourceFile<'_>, meta: &MemberMeta, index: usize) -> String {
    let [pascal, camel, snake] = meta.name.styled;
    let is_renamed = pascal == camel && camel == snake && pascal != meta.name.declared;
    let is_indexed = file.options.flag("AddIndexesToDataMembers");
    let order = if meta.order >= 0 { Some(meta.order.to_string()) } else { None };
    let order = order.or_else(|| is_indexed.then(|| (index + 1).to_string()));
    let name = is_renamed.then(|| format!("Name={}", quoted(pascal, '"', &[])));
    let parts: Vec<String> =
        name.into_iter().chain(order.map(|order| format!("Order={order}"))).collect();
    if parts.is_empty() {
        "DataMember".to_owned()
    } else {
        format!("DataMember({})", parts.join(", "))
    }
}
