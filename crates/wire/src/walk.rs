//! The walk over a value that every format shares.
//!
//! A [`Value`] reads itself from any [`Source`] and writes itself to any [`Sink`]; a [`Record`] is
//! a value with indexed members. The derive generates only the index; the loops are here.

use crate::meta::{MemberMeta, TypeMeta, ValueType};
use crate::sink::{MemberOrder, Sink};
use crate::source::{Kind, Member, Reading, Source};
use crate::{Expected, Fault, NameStyle, limits};

/// Something that has a place in a document.
pub trait Value: Default {
    /// Its type as .NET sees it.
    const TYPE: ValueType;

    /// Takes the value at the reading position. Answers whether there was one: a null, an empty
    /// text for a number, or a value that cannot be used leaves `self` as it was.
    fn read<S: Source + ?Sized>(
        &mut self,
        source: &mut S,
        reading: &mut Reading,
    ) -> Result<bool, Fault> {
        match source.kind()? {
            Kind::Null => source.skip().map(|()| false),
            kind => self.read_present(kind, source, reading),
        }
    }

    /// As [`Value::read`], when the source has said that the value is of `kind` and not null.
    fn read_present<S: Source + ?Sized>(
        &mut self,
        kind: Kind,
        source: &mut S,
        reading: &mut Reading,
    ) -> Result<bool, Fault>;

    /// Writes the value.
    fn write<S: Sink + ?Sized>(&self, sink: &mut S);

    /// Whether it is null.
    fn is_null(&self) -> bool {
        false
    }

    /// Whether it is a .NET value type at its default, which `ExcludeDefaultValues` leaves out.
    fn is_default(&self) -> bool {
        false
    }
}

/// A value with named members, addressed by their position in [`TypeMeta::all_members`].
pub trait Record: Value {
    /// Names and types of its members.
    const META: &'static TypeMeta;

    /// Number of members, those of base classes included.
    const MEMBER_COUNT: usize;

    /// Reads the member at `index`.
    fn read_member<S: Source + ?Sized>(
        &mut self,
        index: usize,
        source: &mut S,
        reading: &mut Reading,
    ) -> Result<(), Fault>;

    /// Writes the member at `index`.
    fn write_member<S: Sink + ?Sized>(&self, index: usize, sink: &mut S);
}

/// Reads an object into a record. Members that are not in the document keep their values.
pub fn read_record<R: Record, S: Source + ?Sized>(
    record: &mut R,
    source: &mut S,
    reading: &mut Reading,
) -> Result<bool, Fault> {
    if !source.open_record()? {
        reading.mismatch(Expected::Record, None);
        return Ok(false);
    }
    read_members(record, source, reading)?;
    Ok(true)
}

/// Reads the members of an object that is already open.
fn read_members<R: Record, S: Source + ?Sized>(
    record: &mut R,
    source: &mut S,
    reading: &mut Reading,
) -> Result<(), Fault> {
    let mut next = 0;
    for _ in 0..=limits::MEMBERS_MAX {
        let expected = R::META.member(next);
        let index = match source.next_member(expected.map(|member| &member.name))? {
            Member::Expected => Some(next),
            Member::Named(name) => R::META.find_from(next, name, reading.settings()),
            Member::End => return Ok(()),
        };
        match index {
            Some(index) => {
                record.read_member(index, source, reading)?;
                next = index + 1;
            }
            None => source.skip()?,
        }
    }
    Err(Fault::TooManyMembers)
}

/// Reads one member and says in its problems where it is.
pub fn read_member<V: Value, S: Source + ?Sized>(
    value: &mut V,
    member: &'static MemberMeta,
    source: &mut S,
    reading: &mut Reading,
) -> Result<(), Fault> {
    let problems_before = reading.problem_count();
    value.read(source, reading)?;
    if reading.problem_count() != problems_before {
        reading.place_in_member(problems_before, member.name.declared);
    }
    Ok(())
}

/// Writes a record's members in the order that the format wants.
pub fn write_record<R: Record, S: Sink + ?Sized>(record: &R, sink: &mut S) {
    sink.begin_record(R::META);
    match sink.member_order() {
        MemberOrder::Declared if R::META.order.is_empty() => {
            for index in 0..R::MEMBER_COUNT {
                record.write_member(index, sink);
            }
        }
        MemberOrder::Declared => {
            for &index in R::META.order {
                record.write_member(index, sink);
            }
        }
        MemberOrder::BaseFirstAlphabetical => {
            for index in base_first_alphabetical(R::META) {
                record.write_member(index, sink);
            }
        }
    }
    sink.end_record(R::META);
}

/// Member positions with base classes first and the members of each class by `Order`, then by name.
#[must_use]
pub fn base_first_alphabetical(meta: &TypeMeta) -> Vec<usize> {
    let mut own: Vec<usize> = (0..meta.members.len()).collect();
    let written = |index: usize| meta.members[index].name.in_style(NameStyle::Pascal);
    own.sort_by_key(|&index| (meta.members[index].order, written(index)));
    let of_base = meta.base.map_or_else(Vec::new, |base| base_first_alphabetical(base()));
    of_base.into_iter().map(|index| index + meta.members.len()).chain(own).collect()
}

/// Writes one member, or offers it as null.
#[inline]
pub fn write_member<V: Value, S: Sink + ?Sized>(
    value: &V,
    member: &'static MemberMeta,
    sink: &mut S,
) {
    if value.is_null() {
        sink.null_member(member);
    } else if !(sink.settings().exclude_default_values && value.is_default()) {
        sink.member(member);
        value.write(sink);
    }
}
