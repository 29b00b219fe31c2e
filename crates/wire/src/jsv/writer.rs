//! Writing JSV into one buffer.

use crate::meta::{MemberMeta, TypeMeta, ValueType};
use crate::{DateTime, Decimal, Guid, Settings, Sink, TimeSpan, date, duration, number};
use base64::prelude::{BASE64_STANDARD, Engine};

/// A JSV document being written.
pub struct Writer<'a> {
    out: &'a mut Vec<u8>,
    settings: Settings,
    style: usize,
    key_start: usize,
}

impl<'a> Writer<'a> {
    /// A writer that appends to `out`.
    pub fn new(out: &'a mut Vec<u8>, settings: &Settings) -> Self {
        Self { out, settings: *settings, style: settings.names as usize, key_start: 0 }
    }

    /// The buffer, for formats that are made of JSV.
    pub(crate) fn out(&mut self) -> &mut Vec<u8> {
        self.out
    }
}

impl Sink for Writer<'_> {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn begin_record(&mut self, _: &'static TypeMeta) {
        self.out.push(b'{');
    }

    #[inline]
    fn member(&mut self, member: &'static MemberMeta) {
        let name = member.name.jsv[self.style].as_bytes();
        // Nothing but the beginning of a record ends with a brace that opens: such texts are
        // quoted.
        let is_first = self.out.last() == Some(&b'{');
        self.out.extend_from_slice(if is_first { &name[1..] } else { name });
    }

    /// JSV has no null, so `IncludeNullValues` changes nothing.
    #[inline]
    fn null_member(&mut self, _: &'static MemberMeta) {}

    fn end_record(&mut self, _: &'static TypeMeta) {
        self.out.push(b'}');
    }

    fn begin_list(&mut self, _: &'static ValueType) {
        self.out.push(b'[');
    }

    fn item(&mut self, index: usize) {
        if index > 0 {
            self.out.push(b',');
        }
    }

    fn end_list(&mut self) {
        self.out.push(b']');
    }

    fn begin_map(&mut self, _: &'static ValueType, _: &'static ValueType) {
        self.out.push(b'{');
    }

    fn begin_key(&mut self, index: usize) {
        self.item(index);
        self.key_start = self.out.len();
    }

    /// Quotes a key that is a date, whose colons would end it.
    fn end_key(&mut self) {
        let key = &self.out[self.key_start..];
        if !key.starts_with(b"\"") && key.contains(&b':') {
            self.out.insert(self.key_start, b'"');
            self.out.push(b'"');
        }
        self.out.push(b':');
    }

    fn end_map(&mut self) {
        self.out.push(b'}');
    }

    /// A null record in a list is `{}`, any other null is nothing (`servicestack.md` §2.2).
    fn null(&mut self, absent: &'static ValueType) {
        if matches!(absent, ValueType::Record(_)) {
            self.out.extend_from_slice(b"{}");
        }
    }

    #[inline]
    fn text(&mut self, value: &str) {
        write_text(self.out, value);
    }

    fn boolean(&mut self, value: bool) {
        self.out.extend_from_slice(if value { b"True" } else { b"False" });
    }

    fn integer(&mut self, value: i64) {
        date::write_integer(self.out, value);
    }

    fn decimal(&mut self, value: Decimal) {
        number::write_decimal(self.out, value);
    }

    fn double(&mut self, value: f64) {
        number::write_double(self.out, value);
    }

    fn date_time(&mut self, value: DateTime) {
        let value = if self.settings.always_use_utc { value.to_utc() } else { value };
        date::write_shortest(self.out, value, self.settings.dates);
    }

    fn time_span(&mut self, value: TimeSpan) {
        duration::write(self.out, value, self.settings.durations);
    }

    fn guid(&mut self, value: Guid) {
        self.out.extend_from_slice(&value.digits());
    }

    fn bytes(&mut self, value: &[u8]) {
        self.out.extend_from_slice(BASE64_STANDARD.encode(value).as_bytes());
    }

    fn enumeration(&mut self, meta: &'static TypeMeta, number: i32) {
        match meta.enum_text(number).filter(|_| !meta.is_written_as_number(&self.settings)) {
            Some(text) => self.text(text),
            None => self.integer(i64::from(number)),
        }
    }
}

/// Whether a text with this byte in it must be quoted.
#[inline]
fn needs_quotes(byte: u8) -> bool {
    matches!(byte, b'"' | b':' | b',' | b'{' | b'}' | b'[' | b']' | b'\r' | b'\n')
}

/// Appends a text, quoted if it must be.
#[inline]
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    // Looking at all bytes without leaving the loop lets the compiler take many at a time.
    let must_quote = bytes.iter().fold(false, |any, &byte| any | needs_quotes(byte));
    if must_quote || bytes.is_empty() {
        write_quoted(out, bytes);
    } else {
        out.extend_from_slice(bytes);
    }
}

/// Appends bytes in quotes, those inside doubled.
pub(crate) fn write_quoted(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    for (index, part) in bytes.split(|&byte| byte == b'"').enumerate() {
        if index > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part);
    }
    out.push(b'"');
}
