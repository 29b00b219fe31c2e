//! Data transfer objects: reading them from and writing them to every format.
//!
//! `#[derive(Dto)]` on a struct declares a .NET class, on an enum a .NET enum. What it understands,
//! all inside `#[dto(...)]`:
//!
//! | place | item | meaning |
//! |---|---|---|
//! | type | `namespace = "A.B"` | the .NET namespace |
//! | type | `name = "X"` | the .NET type name, if not the Rust one |
//! | struct | `no_constructor` | .NET cannot create one, so samples leave it out |
//! | struct | `data_contract` | carries `[DataContract]` |
//! | struct | `implements = "IA, IB"` | user interfaces that generators name |
//! | type | `description`, `attribute` | published text, repeated by pages and generators |
//! | enum | `flags`, `as_integer` | written as a number |
//! | variant | `name`, `value`, `member` | .NET name, number, `[EnumMember(Value)]` |
//! | variant | `other` | holds a number without a name: `Other(i32)` |
//! | field | `base` | the base class, embedded; at most one |
//! | field | `name = "X"` | the .NET member name, if not the field's in `PascalCase` |
//! | field | `data_member = "x"`, `order = n` | `[DataMember(Name, Order)]` |
//! | field | `interface`, `interface = "IList"` | declared as an interface (`IReadOnlyList`) |
//! | field | `description`, `required`, `parameter`, `attribute` | published `[ApiMember]` data |
//!
//! Value types (`bool`, numbers, dates, enums…) stand bare or, when nullable, in an `Option`;
//! references (`String`, `Vec`, `Map`, `Bytes`, `SecretText`, other objects) always in an `Option`.

use std::any::Any;
use wire::{Fault, Problems, Reading, Record, Settings, Sink, Source, TypeMeta, Value};

#[doc(hidden)]
pub use wire;

/// A type that describes itself: every record and every enum that derives `Dto`.
pub trait Described: Value + 'static {
    /// Its names and members.
    const META: &'static TypeMeta;
}

/// Fills `record` from a JSON body. Members that are not in it keep their values, so that body,
/// path, query and form can be read one after the other and the later wins.
///
/// # Errors
/// [`Problems`] of the body; what was read before them has been set.
pub fn read_json<R: Record>(
    body: &[u8],
    record: &mut R,
    settings: &Settings,
) -> Result<(), Problems> {
    wire::json::read(body, record, settings)
}

/// Fills `record` from a JSV body, as [`read_json`].
///
/// # Errors
/// [`Problems`] of the body.
pub fn read_jsv<R: Record>(
    body: &[u8],
    record: &mut R,
    settings: &Settings,
) -> Result<(), Problems> {
    wire::jsv::read(body, record, settings)
}

/// Fills `record` from path, query or form parameters, decoded already. Empty values and unknown
/// names are passed over.
///
/// # Errors
/// [`Problems::Members`] with one problem for each parameter that cannot be read.
pub fn read_parameters<'p, R: Record>(
    parameters: impl IntoIterator<Item = (&'p str, &'p str)>,
    record: &mut R,
    settings: &Settings,
) -> Result<(), Problems> {
    wire::query::read(parameters, record, settings)
}

/// Fills `record` from any format.
///
/// # Errors
/// [`Problems`] of the document.
pub fn read_from<R: Record, S: Source + ?Sized>(
    source: &mut S,
    record: &mut R,
    settings: &Settings,
) -> Result<(), Problems> {
    let mut reading = Reading::of_body(settings);
    let is_record = record.read(source, &mut reading)?;
    if !is_record && reading.problem_count() == 0 {
        return Err(Fault::NotAnObject.into());
    }
    reading.finish()
}

/// Appends a value as JSON.
pub fn write_json<V: Value>(value: &V, settings: &Settings, out: &mut Vec<u8>) {
    wire::json::write(value, settings, out);
}

/// Appends a value as JSV.
pub fn write_jsv<V: Value>(value: &V, settings: &Settings, out: &mut Vec<u8>) {
    wire::jsv::write(value, settings, out);
}

/// Appends a record as a query string, without the `?`.
pub fn write_query<R: Record>(record: &R, settings: &Settings, out: &mut Vec<u8>) {
    wire::query::write(record, settings, out);
}

/// A record whose type is known only at run time, for a registry of many operations.
pub trait AnyDto: Any + Send {
    /// Its names and members.
    fn meta(&self) -> &'static TypeMeta;

    /// As [`read_json`].
    ///
    /// # Errors
    /// [`Problems`] of the body.
    fn read_json(&mut self, body: &[u8], settings: &Settings) -> Result<(), Problems>;

    /// As [`read_jsv`].
    ///
    /// # Errors
    /// [`Problems`] of the body.
    fn read_jsv(&mut self, body: &[u8], settings: &Settings) -> Result<(), Problems>;

    /// As [`read_parameters`].
    ///
    /// # Errors
    /// [`Problems::Members`] with one problem for each parameter that cannot be read.
    fn read_parameters(
        &mut self,
        parameters: &[(&str, &str)],
        settings: &Settings,
    ) -> Result<(), Problems>;

    /// As [`read_from`].
    ///
    /// # Errors
    /// [`Problems`] of the document.
    fn read_from(&mut self, source: &mut dyn Source, settings: &Settings) -> Result<(), Problems>;

    /// As [`write_json`].
    fn write_json(&self, settings: &Settings, out: &mut Vec<u8>);

    /// As [`write_jsv`].
    fn write_jsv(&self, settings: &Settings, out: &mut Vec<u8>);

    /// Writes itself to any format.
    fn write_to(&self, sink: &mut dyn Sink);

    /// The way back to the type.
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl<R: Record + Send + 'static> AnyDto for R {
    fn meta(&self) -> &'static TypeMeta {
        R::META
    }

    fn read_json(&mut self, body: &[u8], settings: &Settings) -> Result<(), Problems> {
        read_json(body, self, settings)
    }

    fn read_jsv(&mut self, body: &[u8], settings: &Settings) -> Result<(), Problems> {
        read_jsv(body, self, settings)
    }

    fn read_parameters(
        &mut self,
        parameters: &[(&str, &str)],
        settings: &Settings,
    ) -> Result<(), Problems> {
        read_parameters(parameters.iter().copied(), self, settings)
    }

    fn read_from(&mut self, source: &mut dyn Source, settings: &Settings) -> Result<(), Problems> {
        read_from(source, self, settings)
    }

    fn write_json(&self, settings: &Settings, out: &mut Vec<u8>) {
        write_json(self, settings, out);
    }

    fn write_jsv(&self, settings: &Settings, out: &mut Vec<u8>) {
        write_jsv(self, settings, out);
    }

    fn write_to(&self, sink: &mut dyn Sink) {
        self.write(sink);
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
