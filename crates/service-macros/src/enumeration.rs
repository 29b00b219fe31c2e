//! An enum becomes a .NET enum: names and numbers, and an optional place for undefined numbers.

use crate::attributes::{TypeAttributes, VariantAttributes};
use crate::doc::doc;
use crate::record::option;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, DeriveInput, Error, Fields, Ident, Result, Variant};

/// A variant that has a name.
struct Named<'a> {
    ident: &'a Ident,
    name: String,
    number: i32,
    member: Option<String>,
}

/// The enum's variants, divided into names and the place for other numbers.
#[derive(Default)]
struct Layout<'a> {
    named: Vec<Named<'a>>,
    other: Option<&'a Ident>,
}

pub(crate) fn expand(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let attributes = TypeAttributes::parse(&input.attrs)?;
    let layout = layout(data)?;
    if layout.named.is_empty() {
        return Err(Error::new_spanned(&input.ident, "an enum needs at least one name"));
    }
    let meta = meta(&input.ident, &attributes, doc(&input.attrs), &layout);
    let enumeration = enumeration_impl(&input.ident, &layout, &meta);
    let value = value_impl(&input.ident);
    Ok(quote! { #enumeration #value })
}

fn layout(data: &DataEnum) -> Result<Layout<'_>> {
    let mut layout = Layout::default();
    for variant in &data.variants {
        let attributes = VariantAttributes::parse(&variant.attrs)?;
        if attributes.is_other {
            check_other(variant)?;
            layout.other = Some(&variant.ident);
            continue;
        }
        if !matches!(variant.fields, Fields::Unit) {
            let message = "only the variant marked `#[dto(other)]` may hold a number";
            return Err(Error::new_spanned(variant, message));
        }
        let previous = layout.named.last().map_or(-1, |named: &Named<'_>| named.number);
        layout.named.push(Named {
            ident: &variant.ident,
            name: attributes.name.unwrap_or_else(|| variant.ident.to_string()),
            number: attributes.value.unwrap_or(previous.saturating_add(1)),
            member: attributes.member,
        });
    }
    Ok(layout)
}

fn check_other(variant: &Variant) -> Result<()> {
    match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(()),
        _ => Err(Error::new_spanned(variant, "`other` must hold one number: `Other(i32)`")),
    }
}

fn meta(
    ident: &Ident,
    attributes: &TypeAttributes,
    doc: Option<String>,
    layout: &Layout<'_>,
) -> TokenStream {
    let name = attributes.name.clone().unwrap_or_else(|| ident.to_string());
    let namespace = attributes.namespace.clone().unwrap_or_default();
    let kind = match (attributes.flags, attributes.as_integer) {
        (true, _) => quote!(FlagsEnum),
        (false, true) => quote!(IntegerEnum),
        (false, false) => quote!(Enum),
    };
    let doc = option(doc);
    let members = layout.named.iter().map(|Named { name, number, member, .. }| {
        let member = match member {
            Some(text) => quote!(::core::option::Option::Some(#text)),
            None => quote!(::core::option::Option::None),
        };
        quote! {
            ::service::dto::wire::EnumMember { name: #name, number: #number, member: #member }
        }
    });
    quote! {
        &::service::dto::wire::TypeMeta {
            name: #name,
            namespace: #namespace,
            kind: ::service::dto::wire::TypeKind::#kind,
            base: ::core::option::Option::None,
            members: &[],
            lookup: &[],
            order: &[],
            enum_members: &[#(#members),*],
            has_constructor: true,
            data_contract: false,
            interfaces: &[],
            description: ::core::option::Option::None,
            attribute: ::core::option::Option::None,
            doc: #doc,
        }
    }
}

fn enumeration_impl(ident: &Ident, layout: &Layout<'_>, meta: &TokenStream) -> TokenStream {
    let names: Vec<_> = layout.named.iter().map(|named| named.ident).collect();
    let numbers = layout.named.iter().map(|named| named.number);
    let indexes = 0..names.len();
    let (undefined, other_number) = match layout.other {
        Some(other) => (
            quote!(::core::option::Option::Some(Self::#other(number))),
            Some(quote!(Self::#other(number) => number,)),
        ),
        None => (
            quote!({
                let _ = number;
                ::core::option::Option::None
            }),
            None,
        ),
    };
    quote! {
        impl ::service::dto::wire::Enumeration for #ident {
            const META: &'static ::service::dto::wire::TypeMeta = #meta;

            fn from_index(index: usize) -> ::core::option::Option<Self> {
                match index {
                    #(#indexes => ::core::option::Option::Some(Self::#names),)*
                    _ => ::core::option::Option::None,
                }
            }

            fn from_undefined(number: i32) -> ::core::option::Option<Self> {
                #undefined
            }

            fn number(self) -> i32 {
                match self {
                    #(Self::#names => #numbers,)*
                    #other_number
                }
            }
        }
    }
}

fn value_impl(ident: &Ident) -> TokenStream {
    quote! {
        impl ::service::dto::wire::Scalar for #ident {
            const EXPECTED: ::service::dto::wire::Expected = ::service::dto::wire::Expected::Enum;

            fn parse(
                text: &str,
                _: &::service::dto::wire::Settings,
            ) -> ::core::option::Option<Self> {
                ::service::dto::wire::parse_enum(text)
            }
        }

        impl ::service::dto::wire::Value for #ident {
            const TYPE: ::service::dto::wire::ValueType = ::service::dto::wire::ValueType::Enum(
                || <Self as ::service::dto::wire::Enumeration>::META);

            fn read_present<S: ::service::dto::wire::Source + ?Sized>(
                &mut self,
                kind: ::service::dto::wire::source::Kind,
                source: &mut S,
                reading: &mut ::service::dto::wire::Reading,
            ) -> ::core::result::Result<bool, ::service::dto::wire::Fault> {
                ::service::dto::wire::read_scalar(self, kind, source, reading)
            }

            fn write<S: ::service::dto::wire::Sink + ?Sized>(&self, sink: &mut S) {
                sink.enumeration(
                    <Self as ::service::dto::wire::Enumeration>::META,
                    ::service::dto::wire::Enumeration::number(*self),
                );
            }

            fn is_default(&self) -> bool {
                let default = <Self as ::core::default::Default>::default();
                ::service::dto::wire::Enumeration::number(*self)
                    == ::service::dto::wire::Enumeration::number(default)
            }
        }

        impl ::service::dto::Described for #ident {
            const META: &'static ::service::dto::wire::TypeMeta =
                <Self as ::service::dto::wire::Enumeration>::META;
        }
    }
}
