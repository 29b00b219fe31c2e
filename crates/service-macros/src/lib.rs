//! The derive macro of the service crate.

mod attributes;
mod doc;
mod enumeration;
mod record;

use proc_macro::TokenStream;
use syn::{Data, DeriveInput, Error, parse_macro_input};

/// Makes a struct or an enum a data transfer object.
///
/// A struct becomes a record: its table `META`, and access to its members by index, from which
/// every format reads and writes it. An enum becomes a .NET enum. The attributes are listed at
/// `service::dto::Dto`.
#[proc_macro_derive(Dto, attributes(dto))]
pub fn derive_dto(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    match &input.data {
        Data::Struct(data) => record::expand(input, data),
        Data::Enum(data) => enumeration::expand(input, data),
        Data::Union(_) => Err(Error::new_spanned(input, "a union cannot be a Dto")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(declaration: &str, expected: &str) {
        let input = syn::parse_str(declaration).unwrap();
        let message = expand(&input).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(message, Err(expected.to_owned()), "{declaration}");
    }

    /// A wrong declaration is refused in words that say what to do.
    #[test]
    fn wrong_declarations_are_refused() {
        check("struct A { #[dto(base)] a: B, #[dto(base)] b: B }", "a class has at most one base");
        check(
            "struct A { name: String }",
            "String is a reference type in .NET: write Option<String…>",
        );
        check("struct A { #[dto(requierd)] a: i32 }", "`requierd` is no dto attribute of a member");
        check("#[dto(base)] struct A {}", "`base` is no dto attribute of a type");
        check(
            "struct A { user_id: i32, #[dto(name = \"UserID\")] user: i32 }",
            "two members are called `userid` when case is ignored",
        );
        check("struct A(i32);", "the members of a Dto must have names");
        check("struct A<T> { a: T }", "a Dto cannot be generic");
        check("enum A { B, C(i32) }", "only the variant marked `#[dto(other)]` may hold a number");
        check("enum A { B, #[dto(other)] C }", "`other` must hold one number: `Other(i32)`");
        check("enum A {}", "an enum needs at least one name");
        check(
            "struct A { #[dto(base)] a: B, #[dto(order = 1)] b: i32 }",
            "`order` cannot be combined with a base class",
        );
    }

    /// A right declaration expands.
    #[test]
    fn right_declarations_expand() {
        for declaration in ["struct A;", "struct A { r#type: Option<String> }", "enum A { B }"] {
            assert!(expand(&syn::parse_str(declaration).unwrap()).is_ok(), "{declaration}");
        }
    }
}
