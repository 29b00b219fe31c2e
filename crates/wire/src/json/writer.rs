//! Writing JSON into one buffer.

use crate::meta::{MemberMeta, TypeMeta, ValueType};
use crate::{DateTime, Decimal, Guid, Settings, Sink, TimeSpan, date, duration, number};
use base64::prelude::{BASE64_STANDARD, Engine};

/// A JSON document being written.
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

    /// The buffer, for formats that are made of JSON.
    pub(crate) fn out(&mut self) -> &mut Vec<u8> {
        self.out
    }

    fn quoted(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.out.push(b'"');
        write(self.out);
        self.out.push(b'"');
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
        let name = member.name.json[self.style].as_bytes();
        // Nothing but the beginning of a record ends with a brace that opens.
        let is_first = self.out.last() == Some(&b'{');
        self.out.extend_from_slice(if is_first { &name[1..] } else { name });
    }

    #[inline]
    fn null_member(&mut self, member: &'static MemberMeta) {
        if self.settings.include_null_values {
            self.member(member);
            self.out.extend_from_slice(b"null");
        }
    }

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

    /// Puts quotes around keys that are numbers or booleans.
    fn end_key(&mut self) {
        if self.out.get(self.key_start) != Some(&b'"') {
            self.out.insert(self.key_start, b'"');
            self.out.push(b'"');
        }
        self.out.push(b':');
    }

    fn end_map(&mut self) {
        self.out.push(b'}');
    }

    /// A null record in a list is `{}` (`servicestack.md` §1.3).
    fn null(&mut self, absent: &'static ValueType) {
        let is_item = self.out.last() != Some(&b':');
        let text = match absent {
            ValueType::Record(_) if is_item => b"{}".as_slice(),
            _ => b"null",
        };
        self.out.extend_from_slice(text);
    }

    #[inline]
    fn text(&mut self, value: &str) {
        self.quoted(|out| write_escaped(out, value));
    }

    fn boolean(&mut self, value: bool) {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
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
        date::write_json(self.out, value, self.settings.dates);
    }

    fn time_span(&mut self, value: TimeSpan) {
        let handler = self.settings.durations;
        self.quoted(|out| duration::write(out, value, handler));
    }

    fn guid(&mut self, value: Guid) {
        self.quoted(|out| out.extend_from_slice(&value.digits()));
    }

    fn bytes(&mut self, value: &[u8]) {
        self.quoted(|out| out.extend_from_slice(BASE64_STANDARD.encode(value).as_bytes()));
    }

    fn enumeration(&mut self, meta: &'static TypeMeta, number: i32) {
        if meta.is_written_as_number(&self.settings) {
            return self.integer(i64::from(number));
        }
        match meta.enum_text(number) {
            Some(text) => self.text(text),
            None => self.quoted(|out| date::write_integer(out, i64::from(number))),
        }
    }
}

/// Whether a byte must be escaped: quotes, backslashes and control characters, nothing else
/// (`servicestack.md` §1.4).
#[inline]
fn needs_escape(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

#[inline]
fn write_escaped(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    // Looking at all bytes without leaving the loop lets the compiler take many at a time.
    if bytes.iter().fold(false, |any, &byte| any | needs_escape(byte)) {
        write_escapes(out, bytes);
    } else {
        out.extend_from_slice(bytes);
    }
}

#[cold]
fn write_escapes(out: &mut Vec<u8>, bytes: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            8 => out.extend_from_slice(b"\\b"),
            12 => out.extend_from_slice(b"\\f"),
            0..=31 => {
                let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&digits);
            }
            _ => out.push(byte),
        }
    }
}
