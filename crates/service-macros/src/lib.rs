//! The derive macro of the service crate.

mod attributes;
mod enumeration;
mod record;

use proc_macro::TokenStream;
use syn::{Data, DeriveInput, Error, parse_macro_input};

/// Makes a struct or an enum a data transfer object.
///
/// A struct becomes a record: its table `META`, and access to its members by index, from which every
/// format reads and writes it. An enum becomes a .NET enum. The attributes are listed at
/// `service::dto::Dto`.
#[proc_macro_derive(Dto, attributes(dto))]
pub fn derive_dto(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let expanded = match &input.data {
        Data::Struct(data) => record::expand(&input, data),
        Data::Enum(data) => enumeration::expand(&input, data),
        Data::Union(_) => Err(Error::new_spanned(&input, "a union cannot be a Dto")),
    };
    expanded.unwrap_or_else(Error::into_compile_error).into()
}
