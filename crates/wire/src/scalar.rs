//! From text to value: the one place that decides what a text means, for all formats
//! (`servicestack.md` §1.7, §2.3).

use crate::meta::{TypeKind, TypeMeta};
use crate::source::{Kind, Reading, Source};
use crate::{DateTime, Decimal, Expected, Fault, Guid, Settings, TimeSpan, limits, number};

/// A value that is one text.
pub trait Scalar: Sized {
    /// What a message asks for when a text cannot be read.
    const EXPECTED: Expected;

    /// The value of a text that is not empty.
    fn parse(text: &str, settings: &Settings) -> Option<Self>;
}

/// A .NET enum.
pub trait Enumeration: Copy {
    /// Its names and numbers.
    const META: &'static TypeMeta;

    /// The member at a position of [`TypeMeta::enum_members`].
    fn from_index(index: usize) -> Option<Self>;

    /// The enum with a number that has no name, if the type can hold one.
    fn from_undefined(number: i32) -> Option<Self>;

    /// Its number.
    fn number(self) -> i32;
}

/// Reads a scalar that is not null; an empty text leaves `slot` alone (`servicestack.md` §1.7).
pub fn read_scalar<T: Scalar, S: Source + ?Sized>(
    slot: &mut T,
    kind: Kind,
    source: &mut S,
    reading: &mut Reading,
) -> Result<bool, Fault> {
    if kind != Kind::Scalar {
        source.skip()?;
        reading.mismatch(T::EXPECTED, None);
        return Ok(false);
    }
    let text = source.scalar()?;
    let readable = text.len() <= limits::SCALAR_LENGTH_MAX;
    match T::parse(text, reading.settings()).filter(|_| readable) {
        Some(value) => *slot = value,
        None if text.trim_ascii().is_empty() => return Ok(false),
        None => {
            reading.mismatch(T::EXPECTED, Some(text));
            return Ok(false);
        }
    }
    Ok(true)
}

/// `true`, `false`, `1`, `0` and `on`; in lenient reading any other single letter is false.
impl Scalar for bool {
    const EXPECTED: Expected = Expected::Boolean;

    fn parse(text: &str, settings: &Settings) -> Option<Self> {
        match text.trim_ascii() {
            "1" => Some(true),
            "0" => Some(false),
            word if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("on") => {
                Some(true)
            }
            word if word.eq_ignore_ascii_case("false") => Some(false),
            word if word.len() == 1 && !settings.strict => Some(false),
            _ => None,
        }
    }
}

impl Scalar for i32 {
    const EXPECTED: Expected = Expected::Int32;

    fn parse(text: &str, _: &Settings) -> Option<Self> {
        number::parse_integer(text).and_then(|number| Self::try_from(number).ok())
    }
}

impl Scalar for i64 {
    const EXPECTED: Expected = Expected::Int64;

    fn parse(text: &str, _: &Settings) -> Option<Self> {
        number::parse_integer(text)
    }
}

impl Scalar for f64 {
    const EXPECTED: Expected = Expected::Double;

    fn parse(text: &str, _: &Settings) -> Option<Self> {
        number::parse_double(text)
    }
}

/// A comma is a thousands mark only in lenient reading: a strict one must not make 150 of `1,50`.
impl Scalar for Decimal {
    const EXPECTED: Expected = Expected::Decimal;

    fn parse(text: &str, settings: &Settings) -> Option<Self> {
        number::parse_decimal(text, !settings.strict)
    }
}

impl Scalar for DateTime {
    const EXPECTED: Expected = Expected::DateTime;

    fn parse(text: &str, settings: &Settings) -> Option<Self> {
        Self::parse_with(text, settings)
    }
}

impl Scalar for TimeSpan {
    const EXPECTED: Expected = Expected::TimeSpan;

    fn parse(text: &str, _: &Settings) -> Option<Self> {
        Self::parse(text)
    }
}

impl Scalar for Guid {
    const EXPECTED: Expected = Expected::Guid;

    fn parse(text: &str, _: &Settings) -> Option<Self> {
        Self::parse(text.trim_ascii())
    }
}

/// The enum that a client calls `text`: a name or wire text in any case, a number, or for flags
/// several names with commas between.
#[must_use]
pub fn parse_enum<E: Enumeration>(text: &str) -> Option<E> {
    let text = text.trim_ascii();
    if let Some(index) = find_enum_name(E::META, text) {
        return E::from_index(index);
    }
    if let Some(number) = number::parse_integer(text) {
        return enum_from_number(i32::try_from(number).ok()?);
    }
    if E::META.kind != TypeKind::FlagsEnum {
        return None;
    }
    let numbers = text.split(',').map(|name| {
        let index = find_enum_name(E::META, name.trim_ascii())?;
        E::META.enum_members.get(index).map(|member| member.number)
    });
    let flags = numbers.collect::<Option<Vec<i32>>>()?;
    enum_from_number(flags.into_iter().fold(0, |all, flag| all | flag))
}

fn find_enum_name(meta: &TypeMeta, text: &str) -> Option<usize> {
    meta.enum_members.iter().position(|member| {
        member.name.eq_ignore_ascii_case(text)
            || member.member.is_some_and(|wire| wire.eq_ignore_ascii_case(text))
    })
}

fn enum_from_number<E: Enumeration>(number: i32) -> Option<E> {
    match E::META.enum_members.iter().position(|member| member.number == number) {
        Some(index) => E::from_index(index),
        None => E::from_undefined(number),
    }
}
