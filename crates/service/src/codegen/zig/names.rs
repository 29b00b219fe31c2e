//! Names as Zig takes them.

use crate::codegen::text::{identifier, is_seen};

/// Words that Zig keeps for itself.
const KEYWORDS: &str = "\
    _ addrspace align allowzero and anyframe anytype asm async await break callconv catch \
    comptime const continue defer else enum errdefer error export extern fn for if inline \
    linksection noalias noinline nosuspend opaque or orelse packed pub resume return struct \
    suspend switch test threadlocal try union unreachable usingnamespace var volatile while";

/// Names that files use themselves, and types that every file has.
const TAKEN: &str = "\
    Response anyerror anyopaque bool comptime_float comptime_int f128 f16 f32 f64 f80 false i32 \
    i64 isize noreturn null ss std true type undefined usize void";

/// The name of a field, in quotes where it would be code.
pub(super) fn field_name(name: &str) -> String {
    let is_word = name.is_ascii() && identifier(name) == name;
    if is_word && !KEYWORDS.split(' ').any(|word| word == name) {
        name.to_owned()
    } else {
        escaped_always(name)
    }
}

/// The tag of an enum, which is its text.
pub(super) fn escaped(text: &str) -> String {
    if text.is_empty() { escaped_always("_") } else { field_name(text) }
}

/// The name of a type.
pub(super) fn type_name(name: &str) -> String {
    let name = identifier(name);
    if TAKEN.split(' ').any(|word| word == name) { name + "_" } else { field_name(&name) }
}

/// A name in quotes; hidden letters are escaped as Zig does it.
fn escaped_always(name: &str) -> String {
    let text: String = name
        .chars()
        .map(|letter| match letter {
            '"' | '\\' => format!("\\{letter}"),
            _ if is_seen(letter) => letter.to_string(),
            _ => format!("\\u{{{:x}}}", u32::from(letter)),
        })
        .collect();
    format!("@\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::{escaped, field_name, type_name};

    /// Proves that names stay names.
    #[test]
    fn names_are_quoted() {
        assert_eq!(field_name("type"), "type");
        assert_eq!(field_name("error"), "@\"error\"");
        assert_eq!(field_name("a-b"), "@\"a-b\"");
        assert_eq!(escaped("\"; x\n\u{85}\\"), "@\"\\\"; x\\u{a}\\u{85}\\\\\"");
        assert_eq!(type_name("type"), "type_");
        assert_eq!(type_name("Node"), "Node");
    }
}
