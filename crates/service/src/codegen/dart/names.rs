//! Names and texts as Dart takes them.

use super::Writer;
use crate::codegen::model::{Member, ModelType};
use crate::codegen::text::{identifier, quoted};

/// Words that Dart keeps for itself, as far as they cannot be names.
const KEYWORDS: &str = "\
    assert await break case catch class const continue default do else enum extends false final \
    finally for if in is new null rethrow return super switch this throw true try var void while \
    with yield";

/// Types that every file uses.
const TYPES: &str = "\
    DateTime Duration Function IConvertible IDelete IGet IPatch IPost IPut IReturn IReturnVoid \
    Iterable JsonConverters List Map Never Null Object Set String Type TypeContext TypeInfo \
    TypeOf Uint8List bool double dynamic int num";

/// What classes have besides their fields, and what their methods call values.
const MEMBERS: &str = "\
    _ctx context createResponse fromJson fromMap getResponseTypeName getTypeName hashCode json \
    noSuchMethod runtimeType toJson toString";

fn is_word(words: &str, name: &str) -> bool {
    words.split(' ').any(|word| word == name)
}

/// The name of a class or an enum. One that began with `_` would be hidden from other files.
pub(super) fn type_name(name: &str) -> String {
    let name = visible(&identifier(name));
    if is_word(KEYWORDS, &name) || is_word(TYPES, &name) { name + "_" } else { name }
}

/// The name of an enum's member.
pub(super) fn constant_name(declared: &str) -> String {
    let name = visible(&identifier(declared));
    let is_taken = matches!(name.as_str(), "index" | "name" | "value" | "values");
    if is_taken || is_word(KEYWORDS, &name) || is_word(MEMBERS, &name) { name + "_" } else { name }
}

impl Writer<'_, '_> {
    /// The name of a field. Within a class it would hide a type of the same name.
    pub(super) fn field_name(&self, item: &ModelType<'_>, member: &Member) -> String {
        let name = visible(&identifier(item.member_name(member)));
        let is_taken = [KEYWORDS, TYPES, MEMBERS].iter().any(|words| is_word(words, &name));
        let mut types = self.file.model.types.iter();
        if is_taken || types.any(|item| self.name(item.meta) == name) { name + "_" } else { name }
    }
}

fn visible(name: &str) -> String {
    if name.starts_with('_') { format!("x{name}") } else { name.to_owned() }
}

/// A string in Dart's escapes.
pub(super) fn string(text: &str) -> String {
    quoted(text, '\'', &['$'])
}
