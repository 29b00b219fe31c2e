//! Names and texts as Ruby takes them.

use wire::case::snake;

use crate::codegen::model::Member;
use crate::codegen::python::enum_name;
use crate::codegen::text::{identifier, quoted, single_quoted};

/// Constants of Ruby itself and of the gem, which a class of that name would change for all.
const CONSTANTS: &str = "\
    ARGF ARGV Array BasicObject BigDecimal Binding Class Comparable Complex DATA Data Date \
    DateTime Dir ENV Encoding Enumerable Enumerator Exception FalseClass Fiber File FileTest \
    Float GC Gem Hash IO Integer JSON Kernel Marshal MatchData Math Method Module Monitor Mutex \
    Net NilClass Numeric Object ObjectSpace OpenSSL Proc Process Queue Random Range Rational \
    Regexp RubyVM Ractor Set ServiceStack Signal SizedQueue String StringIO Struct Symbol Thread \
    ThreadGroup Time TracePoint TrueClass URI UnboundMethod Warning";

/// Methods that every object has and others call, and those of requests.
const METHODS: &str = "\
    class clone define_singleton_method display dup enum_for extend freeze get_method \
    get_type_name hash initialize inspect instance_of instance_variable_get \
    instance_variable_set instance_variables itself kind_of method methods object_id properties \
    public_send respond_to response_type send singleton_class tap then to_h to_hash to_json to_s";

/// The name of a class or a module, which begins with a capital.
pub(super) fn module_name(name: &str) -> String {
    let name = capital(&identifier(name));
    if CONSTANTS.split(' ').any(|word| word == name) { name + "_" } else { name }
}

/// The name of an attribute.
pub(super) fn attribute_name(member: &Member) -> String {
    let name = identifier(&snake(member.meta.name.declared));
    if METHODS.split(' ').any(|word| word == name) { name + "_" } else { name }
}

/// The name of an enum's constant.
pub(super) fn constant_name(declared: &str) -> String {
    capital(&enum_name(declared))
}

/// The name with a capital before it unless it begins with one.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) if first.is_ascii_alphabetic() => {
            first.to_ascii_uppercase().to_string() + letters.as_str()
        }
        _ => format!("V{name}"),
    }
}

/// A string, with escapes where its letters would not be seen.
pub(super) fn string(text: &str) -> String {
    single_quoted(text).unwrap_or_else(|| quoted(text, '"', &['#']))
}

#[cfg(test)]
mod tests {
    use super::{constant_name, module_name, string};

    /// Proves that names are constants of their own, and strings hold no code.
    #[test]
    fn names_and_strings_hold() {
        assert_eq!(module_name("node"), "Node");
        assert_eq!(module_name("Time"), "Time_");
        assert_eq!(constant_name("_3D"), "V_3D");
        assert_eq!(string("#{x}'\\"), r"'#{x}\'\\'");
        assert_eq!(string("#{x}\n"), r#""\#{x}\n""#);
    }
}
