//! Writing CSV rows; what is inside a cell is JSV.

use crate::meta::{MemberMeta, TypeMeta, ValueType};
use crate::table::{Shown, columns};
use crate::{DateTime, Decimal, Guid, Settings, Sink, TimeSpan, jsv};

/// A CSV document being written.
///
/// An error must not be written as a response type that carries `[DataContract]` and a list: the
/// list would be the table, and the error would be lost. Write it as a record of its own.
pub type Writer<'a> = Shown<Rows<'a>>;

impl<'a> Writer<'a> {
    /// A writer that appends to `out`.
    pub fn new(out: &'a mut Vec<u8>, settings: &Settings) -> Self {
        Self::of(Rows {
            jsv: jsv::Writer::new(out, settings),
            row_settings: Settings {
                exclude_default_values: false,
                include_null_values_in_dictionaries: true,
                ..*settings
            },
            depth: 0,
            row_depth: 0,
            row_start: 0,
            cell_start: 0,
            cells: 0,
            keys: Some(Vec::new()),
        })
    }
}

/// The rows of the value that a table shows.
pub struct Rows<'a> {
    jsv: jsv::Writer<'a>,
    /// A row has a cell for every column, whatever the request leaves out elsewhere.
    row_settings: Settings,
    /// Open records, lists and dictionaries.
    depth: usize,
    /// The depth at which values are cells. A list of records has its rows inside the list, a list
    /// of anything else is a row itself.
    row_depth: usize,
    /// Where the row at hand begins in the output.
    row_start: usize,
    /// Where the cell at hand begins in the output.
    cell_start: usize,
    /// Cells of the row at hand so far.
    cells: usize,
    /// The keys of the first dictionary, until they are written as the header.
    keys: Option<Vec<u8>>,
}

impl Rows<'_> {
    fn out(&mut self) -> &mut Vec<u8> {
        self.jsv.out()
    }

    fn is_row(&self) -> bool {
        self.depth == self.row_depth
    }

    fn header(&mut self, meta: &'static TypeMeta) {
        for (index, member) in columns(meta).into_iter().enumerate() {
            if index > 0 {
                self.out().push(b',');
            }
            let name = member.name.in_style(crate::NameStyle::Pascal);
            write_field(self.out(), name.as_bytes());
        }
        self.end_row();
    }

    /// Opens a record or dictionary that is a row; `false` if it stands inside a cell.
    fn opens_row(&mut self) -> bool {
        let is_row = self.depth < self.row_depth;
        if is_row {
            (self.row_start, self.cells) = (self.out().len(), 0);
        }
        self.depth += 1;
        is_row
    }

    /// Closes what [`Rows::opens_row`] opened.
    fn closes_row(&mut self) -> bool {
        self.depth -= 1;
        self.depth < self.row_depth
    }

    fn end_row(&mut self) {
        self.out().extend_from_slice(b"\r\n");
    }

    fn begin_cell(&mut self) {
        if self.cells > 0 {
            self.out().push(b',');
        }
        self.cells += 1;
        self.cell_start = self.out().len();
    }

    /// Quotes the cell if the value that was just written completes one that needs it.
    fn end_cell(&mut self) {
        if !self.is_row() || self.depth == 0 {
            return;
        }
        let start = self.cell_start;
        if needs_quotes(&self.out()[start..]) {
            let cell = self.out().split_off(start);
            jsv::write_quoted(self.out(), &cell);
        }
    }

    fn scalar(&mut self, write: impl FnOnce(&mut jsv::Writer<'_>)) {
        write(&mut self.jsv);
        self.end_cell();
    }

    /// Puts the keys of the first dictionary above its row.
    fn insert_keys(&mut self) {
        if let Some(mut keys) = self.keys.take() {
            keys.extend_from_slice(b"\r\n");
            let start = self.row_start;
            self.out().splice(start..start, keys);
        }
    }
}

impl Sink for Rows<'_> {
    fn settings(&self) -> &Settings {
        if self.depth <= self.row_depth { &self.row_settings } else { self.jsv.settings() }
    }

    fn begin_record(&mut self, meta: &'static TypeMeta) {
        if self.depth == 0 {
            self.row_depth = 1;
            self.header(meta);
        }
        if !self.opens_row() {
            self.jsv.begin_record(meta);
        }
    }

    fn member(&mut self, member: &'static MemberMeta) {
        if self.is_row() { self.begin_cell() } else { self.jsv.member(member) }
    }

    fn null_member(&mut self, member: &'static MemberMeta) {
        if self.is_row() { self.member(member) } else { self.jsv.null_member(member) }
    }

    fn end_record(&mut self, meta: &'static TypeMeta) {
        if self.closes_row() {
            return self.end_row();
        }
        self.jsv.end_record(meta);
        self.end_cell();
    }

    fn begin_list(&mut self, item: &'static ValueType) {
        if self.depth > 0 {
            self.depth += 1;
            return self.jsv.begin_list(item);
        }
        self.depth = 1;
        self.row_depth = match item {
            ValueType::Record(_) | ValueType::Map(..) => 2,
            _ => 1,
        };
        if let ValueType::Record(meta) = item {
            self.header(meta());
        }
    }

    fn item(&mut self, index: usize) {
        if self.is_row() {
            self.begin_cell();
        } else if self.depth > self.row_depth {
            self.jsv.item(index);
        }
    }

    fn end_list(&mut self) {
        let is_single_row = self.is_row();
        self.depth -= 1;
        if self.depth > 0 {
            self.jsv.end_list();
            self.end_cell();
        } else if is_single_row {
            self.end_row();
        }
    }

    fn begin_map(&mut self, key: &'static ValueType, value: &'static ValueType) {
        if self.depth == 0 {
            self.row_depth = 1;
        }
        if !self.opens_row() {
            self.jsv.begin_map(key, value);
        }
    }

    fn begin_key(&mut self, index: usize) {
        if self.is_row() { self.begin_cell() } else { self.jsv.begin_key(index) }
    }

    /// A key of a row is no cell; those of the first row are the header.
    fn end_key(&mut self) {
        if !self.is_row() {
            return self.jsv.end_key();
        }
        let start = self.cell_start;
        let key = self.out().split_off(start);
        if let Some(keys) = &mut self.keys {
            if self.cells > 1 {
                keys.push(b',');
            }
            keys.extend_from_slice(&key);
        }
    }

    fn end_map(&mut self) {
        if self.closes_row() {
            self.insert_keys();
            return self.end_row();
        }
        self.jsv.end_map();
        self.end_cell();
    }

    /// Nothing, but for a list of records that shows its columns and a record that keeps its row.
    fn null(&mut self, absent: &'static ValueType) {
        match absent {
            _ if self.depth > self.row_depth => self.jsv.null(absent),
            ValueType::List(ValueType::Record(meta)) if self.depth == 0 => self.header(meta()),
            ValueType::Record(meta) if self.depth < self.row_depth => {
                let commas = columns(meta()).len().saturating_sub(1);
                self.out().extend(std::iter::repeat_n(b',', commas));
                self.end_row();
            }
            _ => {}
        }
    }

    fn text(&mut self, value: &str) {
        if self.depth > self.row_depth {
            self.jsv.text(value);
        } else if self.depth == 0 {
            self.out().extend_from_slice(value.as_bytes());
        } else {
            write_field(self.out(), value.as_bytes());
        }
    }

    fn boolean(&mut self, value: bool) {
        self.scalar(|jsv| jsv.boolean(value));
    }

    fn integer(&mut self, value: i64) {
        self.scalar(|jsv| jsv.integer(value));
    }

    fn decimal(&mut self, value: Decimal) {
        self.scalar(|jsv| jsv.decimal(value));
    }

    fn double(&mut self, value: f64) {
        self.scalar(|jsv| jsv.double(value));
    }

    fn date_time(&mut self, value: DateTime) {
        self.scalar(|jsv| jsv.date_time(value));
    }

    fn time_span(&mut self, value: TimeSpan) {
        self.scalar(|jsv| jsv.time_span(value));
    }

    fn guid(&mut self, value: Guid) {
        self.scalar(|jsv| jsv.guid(value));
    }

    /// Bytes that are the whole response are the document.
    fn bytes(&mut self, value: &[u8]) {
        if self.depth == 0 {
            return self.out().extend_from_slice(value);
        }
        self.scalar(|jsv| jsv.bytes(value));
    }

    fn enumeration(&mut self, meta: &'static TypeMeta, number: i32) {
        let text = meta.enum_text(number).filter(|_| !meta.is_written_as_number(self.settings()));
        match text {
            Some(text) => self.text(text),
            None => self.integer(i64::from(number)),
        }
    }
}

/// Whether a cell must be quoted (`servicestack.md` §3.1).
fn needs_quotes(cell: &[u8]) -> bool {
    matches!(cell.first(), Some(b'[' | b'{'))
        || memchr::memchr3(b'"', b',', b'\n', cell).is_some()
        || memchr::memchr(b'\r', cell).is_some()
}

/// Appends a text as a cell.
fn write_field(out: &mut Vec<u8>, text: &[u8]) {
    if needs_quotes(text) {
        jsv::write_quoted(out, text);
    } else {
        out.extend_from_slice(text);
    }
}
