//! Reading CSV: rows are records or dictionaries, cells are read as query parameters are.

use super::scan::{Field, after_line_break};
use crate::meta::{MemberMeta, Name, TypeMeta, ValueType};
use crate::source::{Kind, Member, Opened, Source, document_text};
use crate::table::shown_member;
use crate::{Fault, Settings, jsv, limits};
use std::borrow::Cow;
use zeroize::Zeroizing;

/// A body whose quotes all match.
pub struct Document<'b> {
    text: &'b str,
    /// The contents of all fields with doubled quotes, one after the other.
    unescaped: Zeroizing<String>,
}

impl<'b> Document<'b> {
    /// Takes a body in; a byte-order mark is passed over.
    ///
    /// # Errors
    /// If it is longer than [`limits::BODY_LENGTH_MAX`], not UTF-8, or a quoted field of it is not
    /// closed or followed by text.
    pub fn new(body: &'b [u8]) -> Result<Self, Fault> {
        let text = document_text(body)?;
        let mut unescaped = Zeroizing::new(String::new());
        let mut position = 0;
        while position < text.len() {
            let field = Field::at(text, position)?;
            if field.has_doubled {
                // Asked for once, so that no copy of a secret is left behind by growing.
                unescaped.reserve(text.len());
                field.unescape_into(&mut unescaped);
            }
            let bytes = text.as_bytes();
            position = after_line_break(bytes, field.end).unwrap_or(field.end + 1);
        }
        Ok(Self { text, unescaped })
    }
}

/// How the rows become the value that is read.
#[derive(Clone, Copy, Debug)]
enum Plan {
    /// The first row is the value.
    Row,
    /// Every row is an item.
    Rows,
    /// Every row is an item of this member of the value.
    Member(&'static MemberMeta),
    /// Every cell is an item; there is no header.
    Cells,
}

/// What is open outside of the cell at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    /// The record whose one member is the list of rows, before that member.
    Wrapper,
    /// The same after it.
    WrapperEnd,
    Rows,
    Row,
    Cells,
}

/// A CSV document being read.
pub struct Reader<'d> {
    document: &'d Document<'d>,
    settings: Settings,
    plan: Plan,
    levels: Vec<Level>,
    /// The header.
    columns: Vec<&'d str>,
    /// Position of the next cell in its row.
    column: usize,
    position: usize,
    /// How much of [`Document::unescaped`] has been read.
    unescaped_position: usize,
    /// The cell at hand, until it is taken.
    cell: Option<jsv::Reader<'d>>,
    cell_start: usize,
    /// Whether the cell at hand is there but empty; one that is not there is null.
    is_empty_text: bool,
    /// Open records, lists and dictionaries inside the cell.
    cell_depth: usize,
}

impl<'d> Reader<'d> {
    /// A reader of a record: of a class with `[DataContract]` and a list member the rows fill that
    /// list, of any other the first row is the record.
    ///
    /// # Errors
    /// [`Fault::TooManyMembers`] if the header has more than [`limits::MEMBERS_MAX`] columns.
    pub fn of_record(
        document: &'d Document<'_>,
        meta: &'static TypeMeta,
        settings: &Settings,
    ) -> Result<Self, Fault> {
        let list = shown_member(meta).filter(|member| matches!(member.value, ValueType::List(_)));
        Self::planned(document, list.map_or(Plan::Row, Plan::Member), settings)
    }

    /// A reader of a value of that type: a record, a dictionary (the first row), a list of either
    /// (all rows), or a list of anything else (all cells, without header).
    ///
    /// # Errors
    /// As for [`Reader::of_record`].
    pub fn of_value(
        document: &'d Document<'_>,
        value: &ValueType,
        settings: &Settings,
    ) -> Result<Self, Fault> {
        match value {
            ValueType::Record(meta) => Self::of_record(document, meta(), settings),
            ValueType::List(ValueType::Record(_) | ValueType::Map(..)) => {
                Self::planned(document, Plan::Rows, settings)
            }
            ValueType::List(_) => Self::planned(document, Plan::Cells, settings),
            _ => Self::planned(document, Plan::Row, settings),
        }
    }

    fn planned(document: &'d Document<'_>, plan: Plan, settings: &Settings) -> Result<Self, Fault> {
        let mut reader = Self {
            document,
            settings: *settings,
            plan,
            levels: Vec::new(),
            columns: Vec::new(),
            column: 0,
            position: 0,
            unescaped_position: 0,
            cell: None,
            cell_start: 0,
            is_empty_text: false,
            cell_depth: 0,
        };
        if !matches!(plan, Plan::Cells) {
            reader.read_header()?;
        }
        Ok(reader)
    }

    fn read_header(&mut self) -> Result<(), Fault> {
        if !self.next_row() {
            return Ok(());
        }
        while self.next_field() {
            if self.columns.len() == limits::MEMBERS_MAX {
                return Err(Fault::TooManyMembers);
            }
            let name = self.field()?.trim();
            self.columns.push(name);
        }
        Ok(())
    }

    fn byte(&self) -> Option<u8> {
        self.document.text.as_bytes().get(self.position).copied()
    }

    /// Goes to the next row, which must not be blank unless a blank one is a row with one cell.
    fn next_row(&mut self) -> bool {
        self.column = 0;
        while self.columns.len() != 1 {
            match after_line_break(self.document.text.as_bytes(), self.position) {
                Some(next) => self.position = next,
                None => break,
            }
        }
        self.byte().is_some()
    }

    /// Goes to the next field of the row, or to the next line and answers `false`.
    fn next_field(&mut self) -> bool {
        let is_first = self.column == 0;
        let has_field = if is_first { self.byte().is_some() } else { self.byte() == Some(b',') };
        if has_field {
            self.position += usize::from(!is_first);
            self.column += 1;
            return true;
        }
        let bytes = self.document.text.as_bytes();
        self.position = after_line_break(bytes, self.position).unwrap_or(self.position);
        false
    }

    /// Takes the field at the position.
    fn field(&mut self) -> Result<&'d str, Fault> {
        let document: &'d Document<'d> = self.document;
        let field = Field::at(document.text, self.position)?;
        (self.cell_start, self.position) = (self.position, field.end);
        self.is_empty_text = field.is_quoted && field.content.is_empty();
        if !field.has_doubled {
            return Ok(field.content);
        }
        let start = self.unescaped_position;
        self.unescaped_position += field.unescaped_length();
        Ok(document.unescaped.get(start..self.unescaped_position).unwrap_or_default())
    }

    /// Takes the field at the position as the cell whose value is read next.
    fn begin_cell(&mut self) -> Result<(), Fault> {
        let text = self.field()?;
        self.cell = Some(jsv::Reader::of_value(text, &self.settings)?);
        Ok(())
    }

    /// In strict mode, nothing may be left of a cell that was read.
    fn end_cell(&mut self) -> Result<(), Fault> {
        let finished = self.cell.take().map_or(Ok(()), jsv::Reader::finish);
        finished.map_err(|fault| fault.moved_by(self.cell_start))
    }

    /// Goes to the next cell that has a column; `false` if the row is over.
    fn next_cell(&mut self) -> Result<bool, Fault> {
        self.end_cell()?;
        while self.next_field() {
            if self.column <= self.columns.len() {
                return self.begin_cell().map(|()| true);
            }
            if self.settings.strict {
                let expected = "the end of a row that has as many fields as the header";
                return Err(Fault::Syntax { position: self.position, expected });
            }
            self.field()?;
        }
        Ok(false)
    }

    /// Closes the row. If it is the whole document, strict reading drops no further one.
    fn end_row(&mut self) -> Result<(), Fault> {
        self.levels.pop();
        if self.settings.strict && self.levels.is_empty() && self.next_row() {
            let expected = "no second row, because one record is read";
            return Err(Fault::Syntax { position: self.position, expected });
        }
        Ok(())
    }

    /// Calls into the cell at hand; outside of one there is nothing of that kind.
    fn in_cell<T>(
        &mut self,
        otherwise: T,
        call: impl FnOnce(&mut jsv::Reader<'d>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let start = self.cell_start;
        let called = self.cell.as_mut().map(call);
        called.unwrap_or(Ok(otherwise)).map_err(|fault| fault.moved_by(start))
    }

    /// Opens a row, if a record or dictionary is a row here.
    fn open_row(&mut self) -> bool {
        let is_row = match (self.levels.last(), self.plan) {
            (None, Plan::Row) => {
                self.next_row();
                true
            }
            (Some(Level::Rows), _) => true,
            _ => false,
        };
        if is_row {
            self.levels.push(Level::Row);
        }
        is_row
    }

    /// Opens the list that all rows or all cells are, if the value at hand is that.
    fn open_rows(&mut self) -> bool {
        let level = match (self.levels.last(), self.plan) {
            (None, Plan::Rows) | (Some(Level::WrapperEnd), _) => Level::Rows,
            (None, Plan::Cells) => Level::Cells,
            _ => return false,
        };
        self.levels.push(level);
        true
    }
}

impl Source for Reader<'_> {
    fn kind(&mut self) -> Result<Kind, Fault> {
        if self.is_empty_text && self.cell_depth == 0 && self.cell.is_some() {
            return Ok(Kind::Scalar);
        }
        self.in_cell(Kind::Record, Source::kind)
    }

    fn scalar(&mut self) -> Result<&str, Fault> {
        let start = self.cell_start;
        let scalar = self.cell.as_mut().map(Source::scalar);
        scalar.unwrap_or(Ok("")).map_err(|fault| fault.moved_by(start))
    }

    fn text(&mut self) -> Result<Cow<'_, str>, Fault> {
        let start = self.cell_start;
        let text = self.cell.as_mut().map(Source::text);
        text.unwrap_or(Ok(Cow::Borrowed(""))).map_err(|fault| fault.moved_by(start))
    }

    /// A whole cell need not be understood to be passed over.
    fn skip(&mut self) -> Result<(), Fault> {
        if self.cell_depth > 0 {
            return self.in_cell((), Source::skip);
        }
        self.cell = None;
        Ok(())
    }

    fn open_record(&mut self) -> Result<bool, Fault> {
        if self.levels.is_empty() && matches!(self.plan, Plan::Member(_)) {
            self.levels.push(Level::Wrapper);
            return Ok(true);
        }
        let is_open = self.open_row() || self.in_cell(false, Source::open_record)?;
        self.cell_depth += usize::from(is_open && self.cell.is_some());
        Ok(is_open)
    }

    fn next_member(&mut self, expected: Option<&Name>) -> Result<Member<'_>, Fault> {
        if self.cell_depth > 0 {
            let start = self.cell_start;
            let Some(cell) = &mut self.cell else { return Ok(Member::End) };
            let member = cell.next_member(expected).map_err(|fault| fault.moved_by(start))?;
            self.cell_depth -= usize::from(member == Member::End);
            return Ok(member);
        }
        if let (Some(Level::Wrapper), Plan::Member(member)) = (self.levels.last(), self.plan) {
            self.levels = vec![Level::WrapperEnd];
            return Ok(Member::Named(member.name.declared));
        }
        if self.levels.last() == Some(&Level::WrapperEnd) {
            self.levels.clear();
            return Ok(Member::End);
        }
        if self.next_cell()? {
            return Ok(self.columns.get(self.column - 1).map_or(Member::End, |n| Member::Named(n)));
        }
        self.end_row().map(|()| Member::End)
    }

    fn open_map(&mut self) -> Result<Opened, Fault> {
        if self.open_row() {
            return Ok(Opened::Items);
        }
        let opened = self.in_cell(Opened::Mismatch, Source::open_map)?;
        self.cell_depth += usize::from(opened == Opened::Items);
        Ok(opened)
    }

    fn open_list(&mut self) -> Result<Opened, Fault> {
        if self.open_rows() {
            return Ok(Opened::Items);
        }
        let opened = self.in_cell(Opened::Mismatch, Source::open_list)?;
        self.cell_depth += usize::from(opened == Opened::Items);
        Ok(opened)
    }

    fn next_item(&mut self) -> Result<bool, Fault> {
        if self.cell_depth > 0 {
            let has_item = self.in_cell(false, Source::next_item)?;
            self.cell_depth -= usize::from(!has_item);
            return Ok(has_item);
        }
        let has_item = match self.levels.last() {
            Some(Level::Cells) => self.next_item_cell()?,
            _ => self.next_row(),
        };
        if !has_item {
            self.levels.pop();
        }
        Ok(has_item)
    }
}

impl Reader<'_> {
    /// Goes to the next cell of any row.
    fn next_item_cell(&mut self) -> Result<bool, Fault> {
        self.end_cell()?;
        let is_in_row = self.column > 0 && self.next_field();
        if is_in_row || (self.next_row() && self.next_field()) {
            return self.begin_cell().map(|()| true);
        }
        Ok(false)
    }
}
