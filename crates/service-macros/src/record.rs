//! A struct becomes a record: a table of its members, and access to them by index.

use crate::attributes::{MemberAttributes, TypeAttributes};
use crate::doc::doc;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{DataStruct, DeriveInput, Error, Field, Fields, Ident, Result, Type};

/// Longest name a reader can recognise (`wire::limits`).
const NAME_LENGTH_MAX: usize = wire::limits::NAME_LENGTH_MAX;

/// One field that is a member of the class itself.
struct Member<'a> {
    field: &'a Ident,
    value: &'a Type,
    attributes: MemberAttributes,
    /// The .NET name.
    declared: String,
    doc: Option<String>,
}

impl Member<'_> {
    /// The name in Pascal, camel and snake style; an explicit `[DataMember(Name)]` in all three.
    fn styled(&self) -> [String; 3] {
        if let Some(name) = &self.attributes.data_member {
            return [name.clone(), name.clone(), name.clone()];
        }
        let declared = &self.declared;
        [declared.clone(), wire::case::camel(declared), wire::case::snake(declared)]
    }

    fn folded(&self) -> String {
        self.styled()[0].to_ascii_lowercase()
    }
}

/// The struct's fields, divided into base class and members.
struct Layout<'a> {
    base: Option<(&'a Ident, &'a Type)>,
    members: Vec<Member<'a>>,
}

pub(crate) fn expand(input: &DeriveInput, data: &DataStruct) -> Result<TokenStream> {
    let attributes = TypeAttributes::parse(&input.attrs)?;
    if attributes.flags || attributes.as_integer {
        return Err(Error::new_spanned(&input.ident, "`flags` and `as_integer` are for enums"));
    }
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "a Dto cannot be generic"));
    }
    let layout = layout(data, &input.ident)?;
    let lookup = lookup(&layout)?;
    let order = order(&layout)?;
    let doc = doc(&input.attrs);
    let meta = meta(&input.ident, &attributes, doc, &layout, &lookup, &order);
    let access = access(&input.ident, &layout, &meta);
    let value = value_impl(&input.ident);
    Ok(quote! { #access #value })
}

fn layout<'a>(data: &'a DataStruct, name: &Ident) -> Result<Layout<'a>> {
    let fields = match &data.fields {
        Fields::Named(fields) => fields.named.iter().collect(),
        Fields::Unit => Vec::new(),
        Fields::Unnamed(_) => {
            return Err(Error::new_spanned(name, "the members of a Dto must have names"));
        }
    };
    let mut layout = Layout { base: None, members: Vec::new() };
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let attributes = MemberAttributes::parse(&field.attrs)?;
        if !attributes.is_base {
            layout.members.push(member(field, ident, attributes)?);
        } else if layout.base.replace((ident, &field.ty)).is_some() {
            return Err(Error::new_spanned(field, "a class has at most one base"));
        }
    }
    Ok(layout)
}

fn member<'a>(
    field: &'a Field,
    ident: &'a Ident,
    attributes: MemberAttributes,
) -> Result<Member<'a>> {
    let plain = ident.to_string();
    let plain = plain.trim_start_matches("r#");
    let declared = attributes.name.clone().unwrap_or_else(|| wire::case::pascal(plain));
    if declared.is_empty() || declared.len() > NAME_LENGTH_MAX {
        let message = format!("a member name must have 1 to {NAME_LENGTH_MAX} bytes");
        return Err(Error::new_spanned(field, message));
    }
    check_reference(&field.ty)?;
    let doc = doc(&field.attrs);
    Ok(Member { field: ident, value: &field.ty, attributes, declared, doc })
}

/// A .NET reference can be null, so the field must be an `Option`.
fn check_reference(value: &Type) -> Result<()> {
    let Type::Path(path) = value else {
        return Err(Error::new_spanned(value, "a member's type must be named by a path"));
    };
    let last = path.path.segments.last().map(|segment| segment.ident.to_string());
    match last.as_deref() {
        Some(name @ ("String" | "Vec" | "Map" | "Bytes" | "SecretText")) => {
            let message = format!("{name} is a reference type in .NET: write Option<{name}…>");
            Err(Error::new_spanned(value, message))
        }
        _ => Ok(()),
    }
}

/// Folded names and indexes, sorted; two members must not fold to the same name.
fn lookup(layout: &Layout<'_>) -> Result<Vec<(String, usize)>> {
    let mut names: Vec<_> =
        layout.members.iter().enumerate().map(|(i, member)| (member.folded(), i)).collect();
    names.sort();
    for pair in names.windows(2) {
        if pair[0].0 == pair[1].0 {
            let message = format!("two members are called `{}` when case is ignored", pair[0].0);
            return Err(Error::new_spanned(layout.members[pair[1].1].field, message));
        }
    }
    Ok(names)
}

/// Indexes sorted by `[DataMember(Order)]`; empty if no member has one.
fn order(layout: &Layout<'_>) -> Result<Vec<usize>> {
    let Some(ordered) = layout.members.iter().find(|member| member.attributes.order.is_some())
    else {
        return Ok(Vec::new());
    };
    if layout.base.is_some() {
        let message = "`order` cannot be combined with a base class";
        return Err(Error::new_spanned(ordered.field, message));
    }
    let mut indexes: Vec<usize> = (0..layout.members.len()).collect();
    indexes.sort_by_key(|&index| layout.members[index].attributes.order.unwrap_or(-1));
    Ok(indexes)
}

fn meta(
    ident: &Ident,
    attributes: &TypeAttributes,
    doc: Option<String>,
    layout: &Layout<'_>,
    lookup: &[(String, usize)],
    order: &[usize],
) -> TokenStream {
    let name = attributes.name.clone().unwrap_or_else(|| ident.to_string());
    let namespace = attributes.namespace.clone().unwrap_or_default();
    let base = option(
        layout.base.map(|(_, base)| quote!(|| <#base as ::service::dto::wire::Record>::META)),
    );
    let members = layout.members.iter().map(member_meta);
    let lookup = lookup.iter().map(|(name, index)| quote!((#name, #index)));
    let (has_constructor, data_contract) = (!attributes.no_constructor, attributes.data_contract);
    let interfaces = &attributes.implements;
    let description = option(attributes.description.as_ref());
    let attribute = option(attributes.attribute.as_ref());
    let doc = option(doc);
    quote! {
        &::service::dto::wire::TypeMeta {
            name: #name,
            namespace: #namespace,
            kind: ::service::dto::wire::TypeKind::Record,
            base: #base,
            members: &[#(#members),*],
            lookup: &[#(#lookup),*],
            order: &[#(#order),*],
            enum_members: &[],
            has_constructor: #has_constructor,
            data_contract: #data_contract,
            interfaces: &[#(#interfaces),*],
            description: #description,
            attribute: #attribute,
            doc: #doc,
        }
    }
}

fn member_meta(member: &Member<'_>) -> TokenStream {
    let declared = &member.declared;
    let styled = member.styled();
    let json = styled.clone().map(|name| format!(",\"{name}\":"));
    let jsv = styled.clone().map(|name| format!(",{name}:"));
    let value = member.value;
    let attributes = &member.attributes;
    let interface = option(attributes.interface.as_ref());
    let order = attributes.order.unwrap_or(-1);
    let description = option(attributes.description.as_ref());
    let required = attributes.required;
    let parameter = option(attributes.parameter.as_ref());
    let attribute = option(attributes.attribute.as_ref());
    let doc = option(member.doc.as_ref());
    quote! {
        ::service::dto::wire::MemberMeta {
            name: ::service::dto::wire::Name {
                declared: #declared,
                styled: [#(#styled),*],
                json: [#(#json),*],
                jsv: [#(#jsv),*],
            },
            value: <#value as ::service::dto::wire::Value>::TYPE,
            interface: #interface,
            order: #order,
            description: #description,
            required: #required,
            parameter: #parameter,
            attribute: #attribute,
            doc: #doc,
        }
    }
}

pub(crate) fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// `Record`: one arm a member, each one call.
fn access(ident: &Ident, layout: &Layout<'_>, meta: &TokenStream) -> TokenStream {
    let own_count = layout.members.len();
    let record = quote!(::service::dto::wire::Record);
    let fields: Vec<_> = layout.members.iter().map(|member| member.field).collect();
    let indexes: Vec<usize> = (0..own_count).collect();
    let count = match layout.base {
        Some((_, base)) => {
            quote!(#own_count + <#base as ::service::dto::wire::Record>::MEMBER_COUNT)
        }
        None => quote!(#own_count),
    };
    let (read_rest, write_rest) = match layout.base {
        Some((field, _)) => (
            quote!(::service::dto::wire::Record::read_member(
                &mut self.#field, index - #own_count, source, reading)),
            quote!(::service::dto::wire::Record::write_member(
                &self.#field, index - #own_count, sink)),
        ),
        None => (quote!(source.skip()), quote!({})),
    };
    quote! {
        impl ::service::dto::wire::Record for #ident {
            const META: &'static ::service::dto::wire::TypeMeta = #meta;
            const MEMBER_COUNT: usize = #count;

            fn read_member<S: ::service::dto::wire::Source + ?Sized>(
                &mut self,
                index: usize,
                source: &mut S,
                reading: &mut ::service::dto::wire::Reading,
            ) -> ::core::result::Result<(), ::service::dto::wire::Fault> {
                match index {
                    #(#indexes => ::service::dto::wire::walk::read_member(
                        &mut self.#fields, &<Self as #record>::META.members[#indexes],
                        source, reading),)*
                    _ => #read_rest,
                }
            }

            fn write_member<S: ::service::dto::wire::Sink + ?Sized>(
                &self,
                index: usize,
                sink: &mut S,
            ) {
                match index {
                    #(#indexes => ::service::dto::wire::walk::write_member(
                        &self.#fields, &<Self as #record>::META.members[#indexes], sink),)*
                    _ => #write_rest,
                }
            }
        }
    }
}

fn value_impl(ident: &Ident) -> TokenStream {
    quote! {
        impl ::service::dto::wire::Value for #ident {
            const TYPE: ::service::dto::wire::ValueType = ::service::dto::wire::ValueType::Record(
                || <Self as ::service::dto::wire::Record>::META);

            fn read_present<S: ::service::dto::wire::Source + ?Sized>(
                &mut self,
                _: ::service::dto::wire::source::Kind,
                source: &mut S,
                reading: &mut ::service::dto::wire::Reading,
            ) -> ::core::result::Result<bool, ::service::dto::wire::Fault> {
                ::service::dto::wire::walk::read_record(self, source, reading)
            }

            fn write<S: ::service::dto::wire::Sink + ?Sized>(&self, sink: &mut S) {
                ::service::dto::wire::walk::write_record(self, sink);
            }
        }

        impl ::service::dto::Described for #ident {
            const META: &'static ::service::dto::wire::TypeMeta =
                <Self as ::service::dto::wire::Record>::META;
        }
    }
}
