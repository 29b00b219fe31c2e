//! The body of an error (`servicestack.md §6.1`).

use wire::{Sink, TypeMeta, Value, ValueType};

use crate::dto::Described;
use crate::sample::{ordered_members, same_type, write_zero};
use crate::status::{ErrorResponse, ResponseStatus};

/// Writes the error as the operation's response type when that has a member for it, its other
/// members at their defaults, and otherwise as a record with nothing but `responseStatus`.
pub(crate) fn write_fault<S: Sink + ?Sized>(
    response: Option<&'static TypeMeta>,
    status: ResponseStatus,
    sink: &mut S,
) {
    match response.filter(|meta| has_status(meta)) {
        Some(meta) => write_as(meta, &status, sink),
        None => ErrorResponse { response_status: Some(status) }.write(sink),
    }
}

/// Whether one of the members is the framework's own `ResponseStatus`, not a type of that name.
fn has_status(meta: &'static TypeMeta) -> bool {
    meta.all_members().any(|member| is_status(&member.value))
}

fn is_status(value: &ValueType) -> bool {
    matches!(value, ValueType::Record(meta) if same_type(meta(), ResponseStatus::META))
}

fn write_as<S: Sink + ?Sized>(meta: &'static TypeMeta, status: &ResponseStatus, sink: &mut S) {
    sink.begin_record(meta);
    for member in ordered_members(meta, sink) {
        if is_status(&member.value) {
            sink.member(member);
            status.write(sink);
        } else if member.value.is_reference() || matches!(member.value, ValueType::Nullable(_)) {
            sink.null_member(member);
        } else {
            sink.member(member);
            write_zero(&member.value, sink);
        }
    }
    sink.end_record(meta);
}
