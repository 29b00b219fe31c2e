//! Writing query strings as the original's clients do.

use super::encoding::encode;
use crate::meta::{MemberMeta, TypeMeta, ValueType};
use crate::{DateTime, Decimal, Guid, Settings, Sink, TimeSpan, jsv};

/// A query string being written: JSV inside the members of the outermost record, whose lists lose
/// their brackets and whose texts are not quoted.
pub struct Writer<'a> {
    jsv: jsv::Writer<'a>,
    start: usize,
    /// Open records, lists and dictionaries.
    depth: usize,
}

/// The depth of the values of parameters.
const PARAMETER_DEPTH: usize = 1;

impl<'a> Writer<'a> {
    /// A writer that appends to `out`.
    pub fn new(out: &'a mut Vec<u8>, settings: &Settings) -> Self {
        let start = out.len();
        Self { jsv: jsv::Writer::new(out, settings), start, depth: 0 }
    }

    /// Encodes what `write` puts out.
    fn encoded(&mut self, write: impl FnOnce(&mut jsv::Writer<'_>)) {
        let start = self.jsv.out().len();
        write(&mut self.jsv);
        let plain = self.jsv.out().split_off(start);
        encode(&plain, self.jsv.out());
    }
}

impl Sink for Writer<'_> {
    fn settings(&self) -> &Settings {
        self.jsv.settings()
    }

    fn begin_record(&mut self, meta: &'static TypeMeta) {
        if self.depth >= PARAMETER_DEPTH {
            self.jsv.begin_record(meta);
        }
        self.depth += 1;
    }

    fn member(&mut self, member: &'static MemberMeta) {
        if self.depth > PARAMETER_DEPTH {
            return self.jsv.member(member);
        }
        let name = member.name.in_style(self.settings().names);
        let is_first = self.jsv.out().len() == self.start;
        let out = self.jsv.out();
        if !is_first {
            out.push(b'&');
        }
        encode(name.as_bytes(), out);
        out.push(b'=');
    }

    fn null_member(&mut self, _: &'static MemberMeta) {}

    fn end_record(&mut self, meta: &'static TypeMeta) {
        self.depth -= 1;
        if self.depth >= PARAMETER_DEPTH {
            self.jsv.end_record(meta);
        }
    }

    fn begin_list(&mut self, item: &'static ValueType) {
        if self.depth > PARAMETER_DEPTH {
            self.jsv.begin_list(item);
        }
        self.depth += 1;
    }

    fn item(&mut self, index: usize) {
        self.jsv.item(index);
    }

    fn end_list(&mut self) {
        self.depth -= 1;
        if self.depth > PARAMETER_DEPTH {
            self.jsv.end_list();
        }
    }

    fn begin_map(&mut self, key: &'static ValueType, value: &'static ValueType) {
        self.depth += 1;
        self.jsv.begin_map(key, value);
    }

    fn begin_key(&mut self, index: usize) {
        self.jsv.begin_key(index);
    }

    fn end_key(&mut self) {
        self.jsv.end_key();
    }

    fn end_map(&mut self) {
        self.depth -= 1;
        self.jsv.end_map();
    }

    fn null(&mut self, absent: &'static ValueType) {
        self.jsv.null(absent);
    }

    fn text(&mut self, value: &str) {
        if self.depth > PARAMETER_DEPTH {
            self.encoded(|jsv| jsv.text(value));
        } else {
            encode(value.as_bytes(), self.jsv.out());
        }
    }

    fn boolean(&mut self, value: bool) {
        self.jsv.boolean(value);
    }

    fn integer(&mut self, value: i64) {
        self.jsv.integer(value);
    }

    fn decimal(&mut self, value: Decimal) {
        self.jsv.decimal(value);
    }

    /// The `+` of an exponent would be read as a blank.
    fn double(&mut self, value: f64) {
        self.encoded(|jsv| jsv.double(value));
    }

    /// Colons stay as they are; the `+` of a zone would be read as a blank.
    fn date_time(&mut self, value: DateTime) {
        let start = self.jsv.out().len();
        self.jsv.date_time(value);
        let plain = self.jsv.out().split_off(start);
        for part in plain.split_inclusive(|&byte| byte == b'+') {
            match part.strip_suffix(b"+") {
                Some(before) => {
                    self.jsv.out().extend_from_slice(before);
                    self.jsv.out().extend_from_slice(b"%2b");
                }
                None => self.jsv.out().extend_from_slice(part),
            }
        }
    }

    fn time_span(&mut self, value: TimeSpan) {
        self.jsv.time_span(value);
    }

    fn guid(&mut self, value: Guid) {
        self.jsv.guid(value);
    }

    fn bytes(&mut self, value: &[u8]) {
        self.encoded(|jsv| jsv.bytes(value));
    }

    fn enumeration(&mut self, meta: &'static TypeMeta, number: i32) {
        self.encoded(|jsv| jsv.enumeration(meta, number));
    }
}
