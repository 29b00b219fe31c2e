//! How the built-in types read and write themselves.

use crate::meta::ValueType;
use crate::scalar::read_scalar;
use crate::sink::Sink;
use crate::source::{Kind, Opened, Reading, Source, shortened};
use crate::walk::Value;
use crate::{
    DateTime, Decimal, Expected, Fault, Guid, Map, Scalar, SecretText, Settings, TimeSpan, jsv,
    limits, source::Member,
};
use base64::prelude::{BASE64_STANDARD, Engine};
use std::hash::Hash;

/// The `Value` of a type that is one text, for built-in scalars.
macro_rules! scalar_value {
    ($($type:ty => $variant:ident, $method:ident, $wire:ty;)+) => {$(
        impl Value for $type {
            const TYPE: ValueType = ValueType::$variant;

            #[inline]
            fn read_present<S: Source + ?Sized>(
                &mut self,
                kind: Kind,
                source: &mut S,
                reading: &mut Reading,
            ) -> Result<bool, Fault> {
                read_scalar(self, kind, source, reading)
            }

            fn write<S: Sink + ?Sized>(&self, sink: &mut S) {
                sink.$method(<$wire>::from(*self));
            }

            fn is_default(&self) -> bool {
                *self == Self::default()
            }
        }
    )+};
}

scalar_value! {
    bool => Boolean, boolean, bool;
    i32 => Int32, integer, i64;
    i64 => Int64, integer, i64;
    f64 => Double, double, f64;
    Decimal => Decimal, decimal, Decimal;
    DateTime => DateTime, date_time, DateTime;
    TimeSpan => TimeSpan, time_span, TimeSpan;
    Guid => Guid, guid, Guid;
}

impl Value for String {
    const TYPE: ValueType = ValueType::String;

    fn read_present<S: Source + ?Sized>(
        &mut self,
        _: Kind,
        source: &mut S,
        _: &mut Reading,
    ) -> Result<bool, Fault> {
        *self = source.text()?.into_owned();
        Ok(true)
    }

    fn write<S: Sink + ?Sized>(&self, sink: &mut S) {
        sink.text(self);
    }
}

impl Value for SecretText {
    const TYPE: ValueType = ValueType::Secret;

    fn read_present<S: Source + ?Sized>(
        &mut self,
        _: Kind,
        source: &mut S,
        _: &mut Reading,
    ) -> Result<bool, Fault> {
        *self = Self::new(source.text()?.into_owned());
        Ok(true)
    }

    fn write<S: Sink + ?Sized>(&self, sink: &mut S) {
        sink.text(self.shown());
    }
}

/// A `byte[]`: base64 text, also read from a list of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bytes(pub Vec<u8>);

impl Value for Bytes {
    const TYPE: ValueType = ValueType::Bytes;

    fn read_present<S: Source + ?Sized>(
        &mut self,
        kind: Kind,
        source: &mut S,
        reading: &mut Reading,
    ) -> Result<bool, Fault> {
        let read = match kind {
            Kind::Scalar => BASE64_STANDARD.decode(source.scalar()?).ok(),
            Kind::Record | Kind::Null => source.skip().map(|()| None)?,
            Kind::List => {
                let mut numbers = Vec::<i32>::new();
                numbers.read_present(kind, source, reading)?;
                numbers.into_iter().map(|number| u8::try_from(number).ok()).collect()
            }
        };
        match read {
            Some(bytes) => self.0 = bytes,
            None => {
                reading.mismatch(Expected::Bytes, None);
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn write<S: Sink + ?Sized>(&self, sink: &mut S) {
        sink.bytes(&self.0);
    }
}

impl<T: Value> Value for Option<T> {
    const TYPE: ValueType =
        if T::TYPE.is_reference() { T::TYPE } else { ValueType::Nullable(&T::TYPE) };

    /// Builds the value afresh, so that a later record or list replaces an earlier one whole.
    fn read_present<S: Source + ?Sized>(
        &mut self,
        kind: Kind,
        source: &mut S,
        reading: &mut Reading,
    ) -> Result<bool, Fault> {
        let earlier = if self.is_some() { self.take() } else { None };
        let has_value = self.insert(T::default()).read_present(kind, source, reading)?;
        if !has_value {
            *self = earlier;
        }
        Ok(has_value)
    }

    fn write<S: Sink + ?Sized>(&self, sink: &mut S) {
        match self {
            Some(value) => value.write(sink),
            None => sink.null(&T::TYPE),
        }
    }

    fn is_null(&self) -> bool {
        self.is_none()
    }
}

impl<T: Value> Value for Vec<T> {
    const TYPE: ValueType = ValueType::List(&T::TYPE);

    fn read_present<S: Source + ?Sized>(
        &mut self,
        _: Kind,
        source: &mut S,
        reading: &mut Reading,
    ) -> Result<bool, Fault> {
        match source.open_list()? {
            Opened::Items => *self = read_items(source, reading)?,
            Opened::Embedded(text) => {
                let mut inner = jsv::Reader::of_value(&text, reading.settings())?;
                return self.read(&mut inner, reading);
            }
            Opened::Mismatch => {
                reading.mismatch(Expected::List, None);
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn write<S: Sink + ?Sized>(&self, sink: &mut S) {
        sink.begin_list(&T::TYPE);
        for (index, item) in self.iter().enumerate() {
            sink.item(index);
            item.write(sink);
        }
        sink.end_list();
    }
}

fn read_items<T: Value, S: Source + ?Sized>(
    source: &mut S,
    reading: &mut Reading,
) -> Result<Vec<T>, Fault> {
    let mut items = Vec::<T>::new();
    while source.next_item()? {
        reading.count_item(items.len())?;
        let problems_before = reading.problem_count();
        let index = items.len();
        items.push(T::default());
        items[index].read(source, reading)?;
        if reading.problem_count() != problems_before {
            reading.place_in_item(problems_before, &index);
        }
    }
    Ok(items)
}

/// What can be the key of a dictionary.
pub trait MapKey: Value + Eq + Hash {
    /// The key of its text.
    fn from_text(text: &str, settings: &Settings) -> Option<Self>;
}

impl MapKey for String {
    fn from_text(text: &str, _: &Settings) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl<T: Scalar + Value + Eq + Hash> MapKey for T {
    fn from_text(text: &str, settings: &Settings) -> Option<Self> {
        T::parse(text, settings).filter(|_| text.len() <= limits::SCALAR_LENGTH_MAX)
    }
}

impl<K: MapKey, V: Value> Value for Map<K, V> {
    const TYPE: ValueType = ValueType::Map(&K::TYPE, &V::TYPE);

    fn read_present<S: Source + ?Sized>(
        &mut self,
        _: Kind,
        source: &mut S,
        reading: &mut Reading,
    ) -> Result<bool, Fault> {
        match source.open_map()? {
            Opened::Items => *self = read_entries(source, reading)?,
            Opened::Embedded(text) => {
                let mut inner = jsv::Reader::of_value(&text, reading.settings())?;
                return self.read(&mut inner, reading);
            }
            Opened::Mismatch => {
                reading.mismatch(Expected::Map, None);
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn write<S: Sink + ?Sized>(&self, sink: &mut S) {
        sink.begin_map(&K::TYPE, &V::TYPE);
        let with_nulls = sink.settings().include_null_values_in_dictionaries;
        let entries = self.iter().filter(|(_, value)| with_nulls || !value.is_null());
        for (index, (key, value)) in entries.enumerate() {
            sink.begin_key(index);
            key.write(sink);
            sink.end_key();
            value.write(sink);
        }
        sink.end_map();
    }
}

/// Reads entries; one whose value is null is left out (`servicestack.md` §1.3), one whose key
/// cannot be read is a problem.
fn read_entries<K: MapKey, V: Value, S: Source + ?Sized>(
    source: &mut S,
    reading: &mut Reading,
) -> Result<Map<K, V>, Fault> {
    let mut entries = Map::default();
    for count in 0..=limits::MEMBERS_MAX {
        let Member::Named(name) = source.next_member(None)? else {
            return Ok(entries);
        };
        reading.count_item(count)?;
        let key = K::from_text(name, reading.settings());
        let label = shortened(name);
        let problems_before = reading.problem_count();
        let mut value = V::default();
        if value.read(source, reading)? {
            match key {
                Some(key) => drop(entries.insert(key, value)),
                None => reading.mismatch(Expected::Map, None),
            }
        }
        if reading.problem_count() != problems_before {
            reading.place_in_item(problems_before, &label);
        }
    }
    Err(Fault::TooManyMembers)
}
