//! Keeps secrets out of error messages.

use wire::{Problems, Settings, TypeMeta, ValueType};

/// Levels below which a type is taken to hold a secret, so that a type that nests in itself ends.
const DEPTH_MAX: usize = 8;

/// Takes the quoted text out of every problem whose parameter may hold a secret at any depth: a
/// card inside a form field would otherwise come back in the message.
pub(crate) fn without_secrets(meta: &TypeMeta, mut problems: Problems) -> Problems {
    if let Problems::Members(members) = &mut problems {
        for problem in members {
            let name = problem.path.split(['.', '[']).next().unwrap_or_default();
            let index = meta.find(name, &Settings::default());
            let member = index.and_then(|index| meta.member(index));
            if member.is_none_or(|member| holds_secret(&member.value, 0)) {
                problem.value = None;
            }
        }
    }
    problems
}

pub(crate) fn holds_secret(value: &ValueType, depth: usize) -> bool {
    match value {
        ValueType::Secret => true,
        ValueType::Nullable(inner) | ValueType::List(inner) => holds_secret(inner, depth),
        ValueType::Map(key, value) => holds_secret(key, depth) || holds_secret(value, depth),
        ValueType::Record(_) if depth == DEPTH_MAX => true,
        ValueType::Record(meta) => {
            meta().all_members().any(|member| holds_secret(&member.value, depth + 1))
        }
        _ => false,
    }
}
