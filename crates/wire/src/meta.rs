//! What a type is called and made of, as data. The derive of the `service` crate writes these
//! tables; readers and writers look names up in them, pages and generators print them.

use crate::{Expected, NameStyle, Settings, limits};

/// Members that are compared one by one before the table is searched.
const LOOK_AHEAD: usize = 16;

/// A member's name in every spelling a reader or writer needs, made at compile time.
///
/// The arrays are indexed by [`NameStyle`].
#[derive(Debug)]
pub struct Name {
    /// The .NET member name.
    pub declared: &'static str,
    /// The plain name.
    pub styled: [&'static str; 3],
    /// `,"name":`, ready to be copied into JSON.
    pub json: [&'static str; 3],
    /// `,name:`, ready to be copied into JSV.
    pub jsv: [&'static str; 3],
}

impl Name {
    /// The name as `style` writes it.
    #[must_use]
    pub fn in_style(&self, style: NameStyle) -> &'static str {
        self.styled[style as usize]
    }
}

/// The type of a member, as .NET sees it.
#[derive(Clone, Copy, Debug)]
pub enum ValueType {
    /// `bool`.
    Boolean,
    /// `int`.
    Int32,
    /// `long`.
    Int64,
    /// `double`.
    Double,
    /// `decimal`.
    Decimal,
    /// `DateTime`.
    DateTime,
    /// `TimeSpan`.
    TimeSpan,
    /// `Guid`.
    Guid,
    /// An enum; the function gives its description.
    Enum(fn() -> &'static TypeMeta),
    /// `Nullable<T>` of one of the value types above.
    Nullable(&'static ValueType),
    /// `string`.
    String,
    /// `string` that must not be shown.
    Secret,
    /// `byte[]`.
    Bytes,
    /// `List<T>`.
    List(&'static ValueType),
    /// `Dictionary<K, V>`.
    Map(&'static ValueType, &'static ValueType),
    /// A class; the function gives its description.
    Record(fn() -> &'static TypeMeta),
}

impl ValueType {
    /// Whether .NET stores it as a reference, so that it can be null without `Nullable`.
    #[must_use]
    pub const fn is_reference(&self) -> bool {
        matches!(
            self,
            Self::String
                | Self::Secret
                | Self::Bytes
                | Self::List(_)
                | Self::Map(..)
                | Self::Record(_)
        )
    }

    /// What a message asks for when a value of this type cannot be read.
    #[must_use]
    pub fn expected(&self) -> Expected {
        match self {
            Self::Boolean => Expected::Boolean,
            Self::Int32 => Expected::Int32,
            Self::Int64 => Expected::Int64,
            Self::Double => Expected::Double,
            Self::Decimal => Expected::Decimal,
            Self::DateTime => Expected::DateTime,
            Self::TimeSpan => Expected::TimeSpan,
            Self::Guid => Expected::Guid,
            Self::Enum(_) => Expected::Enum,
            Self::Nullable(inner) => inner.expected(),
            Self::String | Self::Secret => Expected::Text,
            Self::Bytes => Expected::Bytes,
            Self::List(_) => Expected::List,
            Self::Map(..) => Expected::Map,
            Self::Record(_) => Expected::Record,
        }
    }

    /// The C# spelling: `int`, `Nullable<int>` as `int?`, `List<Sub>`.
    #[must_use]
    pub fn csharp_name(&self) -> String {
        match self {
            Self::Boolean => "bool".into(),
            Self::Int32 => "int".into(),
            Self::Int64 => "long".into(),
            Self::Double => "double".into(),
            Self::Decimal => "decimal".into(),
            Self::DateTime => "DateTime".into(),
            Self::TimeSpan => "TimeSpan".into(),
            Self::Guid => "Guid".into(),
            Self::String | Self::Secret => "string".into(),
            Self::Bytes => "byte[]".into(),
            Self::Enum(meta) | Self::Record(meta) => meta().name.into(),
            Self::Nullable(inner) => inner.csharp_name() + "?",
            Self::List(item) => format!("List<{}>", item.csharp_name()),
            Self::Map(key, value) => {
                format!("Dictionary<{},{}>", key.csharp_name(), value.csharp_name())
            }
        }
    }

    /// The framework's own name: `Int32`, `String`, ``Nullable`1`` as `Nullable`, the type's name.
    #[must_use]
    pub fn dotnet_name(&self) -> &'static str {
        match self {
            Self::Boolean => "Boolean",
            Self::Int32 => "Int32",
            Self::Int64 => "Int64",
            Self::Double => "Double",
            Self::Decimal => "Decimal",
            Self::DateTime => "DateTime",
            Self::TimeSpan => "TimeSpan",
            Self::Guid => "Guid",
            Self::String | Self::Secret => "String",
            Self::Bytes => "Byte[]",
            Self::Enum(meta) | Self::Record(meta) => meta().name,
            Self::Nullable(_) => "Nullable",
            Self::List(_) => "List",
            Self::Map(..) => "Dictionary",
        }
    }
}

/// One member of a record.
#[derive(Debug)]
pub struct MemberMeta {
    /// Its spellings.
    pub name: Name,
    /// Its type; `Nullable` tells an optional value type.
    pub value: ValueType,
    /// The interface it is declared as (`IReadOnlyList`), which samples leave null.
    pub interface: Option<&'static str>,
    /// `[DataMember(Order)]`; -1 is none.
    pub order: i32,
    /// Published description.
    pub description: Option<&'static str>,
    /// Published as required.
    pub required: bool,
    /// Published parameter type: `query`, `path`, `body`, `form` or `header`.
    pub parameter: Option<&'static str>,
    /// Published attribute text, as generators repeat it.
    pub attribute: Option<&'static str>,
    /// What our own source says of it; never part of what was published.
    pub doc: Option<&'static str>,
}

impl MemberMeta {
    /// What a person may read of it: the published description, or else our own.
    #[must_use]
    pub fn explanation(&self) -> Option<&'static str> {
        self.description.or(self.doc)
    }
}

/// One name of an enum.
#[derive(Debug)]
pub struct EnumMember {
    /// The .NET name.
    pub name: &'static str,
    /// Its number.
    pub number: i32,
    /// `[EnumMember(Value)]`: the text on the wire, when it is not the name.
    pub member: Option<&'static str>,
}

impl EnumMember {
    /// The text on the wire.
    #[must_use]
    pub fn text(&self) -> &'static str {
        self.member.unwrap_or(self.name)
    }
}

/// What a type declares to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// A class with members.
    Record,
    /// An enum written by name.
    Enum,
    /// A `[Flags]` enum, written as a number.
    FlagsEnum,
    /// An `[EnumAsInt]` enum, written as a number.
    IntegerEnum,
}

/// A record or an enum.
#[derive(Debug)]
pub struct TypeMeta {
    /// The .NET type name.
    pub name: &'static str,
    /// The .NET namespace; empty when not declared.
    pub namespace: &'static str,
    /// Record or which sort of enum.
    pub kind: TypeKind,
    /// The class it derives from.
    pub base: Option<fn() -> &'static TypeMeta>,
    /// Members declared on this class itself, in declared order.
    pub members: &'static [MemberMeta],
    /// Folded wire names of `members` and their index, sorted by name, for look-up.
    pub lookup: &'static [(&'static str, usize)],
    /// `members` sorted by `[DataMember(Order)]`; empty when the declared order is right.
    pub order: &'static [usize],
    /// Names of an enum, in declared order.
    pub enum_members: &'static [EnumMember],
    /// Whether .NET can create one without arguments; if not, samples leave it out.
    pub has_constructor: bool,
    /// Whether it carries `[DataContract]`.
    pub data_contract: bool,
    /// User interfaces it implements, which generators name.
    pub interfaces: &'static [&'static str],
    /// Published description.
    pub description: Option<&'static str>,
    /// Published attribute text, as generators repeat it.
    pub attribute: Option<&'static str>,
    /// What our own source says of it; never part of what was published.
    pub doc: Option<&'static str>,
}

impl TypeMeta {
    /// What a person may read of it: the published description, or else our own.
    #[must_use]
    pub fn explanation(&self) -> Option<&'static str> {
        self.description.or(self.doc)
    }

    /// Members of this class and of its bases: most derived first, as JSON and JSV write them.
    pub fn all_members(&self) -> impl Iterator<Item = &'static MemberMeta> {
        let bases = std::iter::successors(self.base.map(|base| base()), |meta| {
            meta.base.map(|base| base())
        });
        self.members.iter().chain(bases.flat_map(|meta| meta.members.iter()))
    }

    /// The member at a position of [`TypeMeta::all_members`].
    #[must_use]
    pub fn member(&self, index: usize) -> Option<&'static MemberMeta> {
        match self.members.get(index) {
            Some(member) => Some(member),
            None => self.base?().member(index - self.members.len()),
        }
    }

    /// As [`TypeMeta::find`], looking first among the members from `next` on: a client leaves
    /// members out more often than it changes their order.
    #[must_use]
    pub fn find_from(&self, next: usize, name: &str, settings: &Settings) -> Option<usize> {
        let ahead = self.members.get(next..).unwrap_or_default().iter().take(LOOK_AHEAD);
        let mut styled = ahead.map(|member| member.name.in_style(settings.names));
        match styled.position(|styled| styled == name) {
            Some(distance) => Some(next + distance),
            None => self.find(name, settings),
        }
    }

    /// The position of the member that a client calls `name`.
    #[must_use]
    pub fn find(&self, name: &str, settings: &Settings) -> Option<usize> {
        if let Some(index) = self.find_folded(name) {
            return Some(index);
        }
        if settings.names != NameStyle::Snake {
            return None;
        }
        let same = |member: &MemberMeta| {
            crate::case::equal_loosely(name, member.name.in_style(NameStyle::Snake))
        };
        self.all_members().position(same)
    }

    /// The text on the wire of an enum's number; `None` if the number has no name.
    #[must_use]
    pub fn enum_text(&self, number: i32) -> Option<&'static str> {
        self.enum_members.iter().find(|member| member.number == number).map(EnumMember::text)
    }

    /// Whether an enum is written as a number.
    #[must_use]
    pub fn is_written_as_number(&self, settings: &Settings) -> bool {
        settings.treat_enum_as_integer || self.kind != TypeKind::Enum
    }

    fn find_folded(&self, name: &str) -> Option<usize> {
        let mut buffer = [0; limits::NAME_LENGTH_MAX];
        let folded = buffer.get_mut(..name.len())?;
        folded.copy_from_slice(name.as_bytes());
        folded.make_ascii_lowercase();
        self.find_bytes(folded)
    }

    fn find_bytes(&self, folded: &[u8]) -> Option<usize> {
        match self.lookup.binary_search_by(|(known, _)| known.as_bytes().cmp(folded)) {
            Ok(position) => Some(self.lookup[position].1),
            Err(_) => Some(self.base?().find_bytes(folded)? + self.members.len()),
        }
    }
}
