//! Names and texts as Swift takes them.

use super::Writer;
use crate::codegen::model::{Member, ModelType};
use crate::codegen::text::{identifier, is_seen};

/// Words that Swift keeps for itself; between back quotes they are names.
const KEYWORDS: &str = "\
    Any as associatedtype break case catch class continue default defer deinit do else enum \
    extension fallthrough false fileprivate for func guard if import in inout internal is let \
    nil operator precedencegroup private protocol public repeat rethrows return static struct \
    subscript super switch throw throws true try typealias var where while";

/// Names that back quotes do not help, and what classes have besides their members.
const TAKEN: &str = "\
    CodingKeys Protocol Return Self Type _ container decoder encode encoder hash init rawValue \
    self";

/// Types that files use.
const TYPES: &str = "\
    Bool Codable CodingKey Data Date Decoder Double Encoder IDelete IGet IPatch IPost IPut \
    IReturn IReturnVoid Int OptionSet String TimeInterval TimeSpan";

fn is_word(words: &str, name: &str) -> bool {
    words.split(' ').any(|word| word == name)
}

fn escaped(name: &str) -> String {
    let name = identifier(name);
    if is_word(TAKEN, &name) {
        name + "_"
    } else if is_word(KEYWORDS, &name) {
        format!("`{name}`")
    } else {
        name
    }
}

/// The name of a class, an enum or a protocol.
pub(super) fn type_name(name: &str) -> String {
    let name = escaped(name);
    if is_word(TYPES, &name) { name + "_" } else { name }
}

/// The name of an enum's case.
pub(super) fn case_name(declared: &str) -> String {
    escaped(declared)
}

impl Writer<'_, '_> {
    /// The name of a property. Within a class it would hide a type of the same name.
    pub(super) fn property_name(&self, item: &ModelType<'_>, member: &Member) -> String {
        let name = escaped(item.member_name(member));
        let mut types = self.file.model.types.iter();
        let is_type = is_word(TYPES, &name) || types.any(|item| self.name(item.meta) == name);
        if is_type { name.trim_matches('`').to_owned() + "_" } else { name }
    }
}

/// A string; hidden letters are escaped as Swift does it.
pub(super) fn string(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|letter| match letter {
            '"' | '\\' => format!("\\{letter}"),
            _ if is_seen(letter) => letter.to_string(),
            _ => format!("\\u{{{:x}}}", u32::from(letter)),
        })
        .collect();
    format!("\"{escaped}\"")
}
