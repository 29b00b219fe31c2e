//! Writing JSON Lines.

use crate::meta::{MemberMeta, TypeMeta, ValueType};
use crate::table::Shown;
use crate::{DateTime, Decimal, Guid, Settings, Sink, TimeSpan, json};

/// A document of JSON Lines being written. What is shown of a class with `[DataContract]` is the
/// same as in CSV, so an error must be written as a record of its own.
pub type Writer<'a> = Shown<Lines<'a>>;

impl<'a> Writer<'a> {
    /// A writer that appends to `out`.
    pub fn new(out: &'a mut Vec<u8>, settings: &Settings) -> Self {
        Self::of(Lines { json: json::Writer::new(out, settings), depth: 0, is_list: false })
    }
}

/// The lines of the value that is shown: its items if it is a list, otherwise the value.
pub struct Lines<'a> {
    json: json::Writer<'a>,
    /// Open records, lists and dictionaries.
    depth: usize,
    /// Whether the document is a list.
    is_list: bool,
}

impl Lines<'_> {
    fn open(&mut self) {
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.end_line();
    }

    /// Ends the line if the value that was just written is a whole one.
    fn end_line(&mut self) {
        if self.depth == usize::from(self.is_list) {
            self.json.out().push(b'\n');
        }
    }

    fn scalar(&mut self, write: impl FnOnce(&mut json::Writer<'_>)) {
        write(&mut self.json);
        // A key and the value after it stand deeper than any line.
        self.end_line();
    }
}

impl Sink for Lines<'_> {
    fn settings(&self) -> &Settings {
        self.json.settings()
    }

    fn begin_record(&mut self, meta: &'static TypeMeta) {
        self.open();
        self.json.begin_record(meta);
    }

    fn member(&mut self, member: &'static MemberMeta) {
        self.json.member(member);
    }

    fn null_member(&mut self, member: &'static MemberMeta) {
        self.json.null_member(member);
    }

    fn end_record(&mut self, meta: &'static TypeMeta) {
        self.json.end_record(meta);
        self.close();
    }

    fn begin_list(&mut self, item: &'static ValueType) {
        if self.depth == 0 {
            self.is_list = true;
        } else {
            self.json.begin_list(item);
        }
        self.open();
    }

    fn item(&mut self, index: usize) {
        if self.depth > 1 || !self.is_list {
            self.json.item(index);
        }
    }

    fn end_list(&mut self) {
        if self.depth == 1 && self.is_list {
            self.depth = 0;
            return;
        }
        self.json.end_list();
        self.close();
    }

    fn begin_map(&mut self, key: &'static ValueType, value: &'static ValueType) {
        self.open();
        self.json.begin_map(key, value);
    }

    fn begin_key(&mut self, index: usize) {
        self.json.begin_key(index);
    }

    fn end_key(&mut self) {
        self.json.end_key();
    }

    fn end_map(&mut self) {
        self.json.end_map();
        self.close();
    }

    /// A list that is null has no lines.
    fn null(&mut self, absent: &'static ValueType) {
        if self.depth > 0 || !matches!(absent, ValueType::List(_)) {
            self.scalar(|json| json.null(absent));
        }
    }

    fn text(&mut self, value: &str) {
        self.scalar(|json| json.text(value));
    }

    fn boolean(&mut self, value: bool) {
        self.scalar(|json| json.boolean(value));
    }

    fn integer(&mut self, value: i64) {
        self.scalar(|json| json.integer(value));
    }

    fn decimal(&mut self, value: Decimal) {
        self.scalar(|json| json.decimal(value));
    }

    fn double(&mut self, value: f64) {
        self.scalar(|json| json.double(value));
    }

    fn date_time(&mut self, value: DateTime) {
        self.scalar(|json| json.date_time(value));
    }

    fn time_span(&mut self, value: TimeSpan) {
        self.scalar(|json| json.time_span(value));
    }

    fn guid(&mut self, value: Guid) {
        self.scalar(|json| json.guid(value));
    }

    fn bytes(&mut self, value: &[u8]) {
        self.scalar(|json| json.bytes(value));
    }

    fn enumeration(&mut self, meta: &'static TypeMeta, number: i32) {
        self.scalar(|json| json.enumeration(meta, number));
    }
}
