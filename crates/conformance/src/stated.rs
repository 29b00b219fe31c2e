//! Values of types that vectors do not describe: the type is made up from the value.

use std::cell::RefCell;

use serde_json::{Map, Value};
use service::dto::Described;
use wire::source::{Kind, Reading, Source};
use wire::{DateTime, Fault, MemberMeta, Sink, TypeMeta, ValueType};

use crate::made::{self, leak, leaked};
use crate::types::Sub;

/// A value with the type that it must have.
pub(crate) struct Stated {
    value: Value,
    kind: ValueType,
}

/// How an object is taken.
#[derive(Clone, Copy)]
pub(crate) enum Objects {
    /// As a record; the outermost carries `[DataContract]` or not.
    Records { contract: bool },
    /// As a dictionary of whatever is in it.
    Dictionaries,
}

/// Whether a type is a dictionary, or a list of them, whose values are of no stated type.
pub(crate) fn is_of_anything(name: &str) -> bool {
    let name = name.split(' ').next().unwrap_or_default().replace("Dictionary<", "Dict<");
    ["Dict", "Dict<string,object>", "List<Dict>", "List<Dict<string,object>>"]
        .contains(&name.as_str())
}

impl Stated {
    /// `None` if there are more types in it than this can make up.
    pub(crate) fn new(value: Value, objects: Objects) -> Option<Self> {
        MADE_UP.with_borrow_mut(Vec::clear);
        let kind = kind_of("", &value, objects)?;
        Some(Self { value, kind })
    }
}

impl Default for Stated {
    fn default() -> Self {
        Self { value: Value::Null, kind: ValueType::String }
    }
}

impl wire::Value for Stated {
    const TYPE: ValueType = ValueType::String;

    /// Vectors state values in JSON; nothing else is read into one.
    fn read_present<S: Source + ?Sized>(
        &mut self,
        _: Kind,
        source: &mut S,
        _: &mut Reading,
    ) -> Result<bool, Fault> {
        source.skip().map(|()| false)
    }

    fn write<S: Sink + ?Sized>(&self, sink: &mut S) {
        write(&self.value, leak(self.kind), sink);
    }
}

thread_local! {
    /// The types of the value at hand. A description of a type is asked for by a function without
    /// arguments, so each has a function of its own that looks here.
    static MADE_UP: RefCell<Vec<&'static TypeMeta>> = const { RefCell::new(Vec::new()) };
}

/// As many types as one value may have.
const TYPES: [fn() -> &'static TypeMeta; 4] =
    [made_up::<0>, made_up::<1>, made_up::<2>, made_up::<3>];

fn made_up<const INDEX: usize>() -> &'static TypeMeta {
    MADE_UP.with_borrow(|all| all.get(INDEX).copied()).unwrap_or(Sub::META)
}

/// The type of a member. A null says nothing, so its name tells: `Results` is a list of `Sub`.
fn kind_of(name: &str, value: &Value, objects: Objects) -> Option<ValueType> {
    Some(match value {
        Value::Null if name == "Results" => ValueType::List(&ValueType::Record(|| Sub::META)),
        Value::Null if name == "ResponseStatus" || name == "Sub" => ValueType::Record(|| Sub::META),
        Value::Bool(_) => ValueType::Boolean,
        Value::Number(number) if number.is_f64() => ValueType::Double,
        Value::Number(_) => ValueType::Int64,
        Value::String(text) if date(text).is_some() => ValueType::DateTime,
        Value::Null | Value::String(_) => ValueType::String,
        Value::Array(items) => ValueType::List(leak(match items.iter().find(|i| !i.is_null()) {
            Some(item) => kind_of("", item, inner(objects))?,
            None if name == "Results" => ValueType::Record(|| Sub::META),
            None => ValueType::String,
        })),
        Value::Object(members) => match objects {
            Objects::Dictionaries => ValueType::Map(&ValueType::String, &ValueType::String),
            Objects::Records { contract } => ValueType::Record(record(members, contract)?),
        },
    })
}

/// Only the outermost record is a wrapper.
fn inner(objects: Objects) -> Objects {
    match objects {
        Objects::Records { .. } => Objects::Records { contract: false },
        Objects::Dictionaries => Objects::Dictionaries,
    }
}

/// Makes up the type of a record.
fn record(members: &Map<String, Value>, contract: bool) -> Option<fn() -> &'static TypeMeta> {
    let objects = Objects::Records { contract: false };
    let member = |(name, value): (&String, &Value)| {
        Some(made::member(name, kind_of(name, value, objects)?, None))
    };
    let members: Option<Vec<MemberMeta>> = members.iter().map(member).collect();
    let meta =
        TypeMeta { members: leaked(members?), data_contract: contract, ..made::record("Stated") };
    MADE_UP.with_borrow_mut(|all| {
        all.push(leak(meta));
        TYPES.get(all.len() - 1).copied()
    })
}

fn date(text: &str) -> Option<DateTime> {
    let looks_like_it = text.len() >= "2020-01-02".len() && text.as_bytes()[4] == b'-';
    DateTime::parse(text).filter(|_| looks_like_it)
}

fn write<S: Sink + ?Sized>(value: &Value, kind: &'static ValueType, sink: &mut S) {
    match value {
        Value::Null => sink.null(kind),
        Value::Bool(flag) => sink.boolean(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => sink.integer(whole),
            None => sink.double(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => match date(text).filter(|_| matches!(kind, ValueType::DateTime)) {
            Some(date) => sink.date_time(date),
            None => sink.text(text),
        },
        Value::Array(items) => write_list(items, kind, sink),
        Value::Object(members) => match kind {
            ValueType::Record(meta) => write_record(members, meta(), sink),
            _ => write_map(members, sink),
        },
    }
}

fn write_list<S: Sink + ?Sized>(items: &[Value], kind: &'static ValueType, sink: &mut S) {
    let ValueType::List(item_kind) = kind else { return };
    sink.begin_list(item_kind);
    for (index, item) in items.iter().enumerate() {
        sink.item(index);
        write(item, item_kind, sink);
    }
    sink.end_list();
}

fn write_record<S: Sink + ?Sized>(
    members: &Map<String, Value>,
    meta: &'static TypeMeta,
    sink: &mut S,
) {
    sink.begin_record(meta);
    for member in meta.all_members() {
        match members.get(member.name.declared) {
            Some(Value::Null) | None => sink.null_member(member),
            Some(value) => {
                sink.member(member);
                write(value, &member.value, sink);
            }
        }
    }
    sink.end_record(meta);
}

fn write_map<S: Sink + ?Sized>(members: &Map<String, Value>, sink: &mut S) {
    sink.begin_map(&ValueType::String, &ValueType::String);
    for (index, (key, value)) in members.iter().filter(|(_, value)| !value.is_null()).enumerate() {
        sink.begin_key(index);
        sink.text(key);
        sink.end_key();
        write(value, &ValueType::String, sink);
    }
    sink.end_map();
}
