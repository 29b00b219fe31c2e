//! What languages ask about an enum (`servicestack.md §9`).

use wire::{TypeKind, TypeMeta};

/// Whether numbers are written beside the names: they are not simply the places in the list.
pub(super) fn shows_numbers(meta: &TypeMeta) -> bool {
    let is_place = |(place, number): (usize, i32)| i32::try_from(place) == Ok(number);
    let numbers = meta.enum_members.iter().map(|member| member.number);
    is_number_on_wire(meta) || !numbers.enumerate().all(is_place)
}

/// Whether documents hold the number and not the name.
pub(super) fn is_number_on_wire(meta: &TypeMeta) -> bool {
    matches!(meta.kind, TypeKind::FlagsEnum | TypeKind::IntegerEnum)
}
