//! Reading: what a format offers to the type that is being filled.

use crate::meta::{MemberMeta, Name};
use crate::{Expected, Fault, Problem, Settings, limits};
use std::borrow::Cow;

/// What stands at the reading position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing, or the format's null.
    Null,
    /// Text that a type may make sense of: quoted or not is the client's choice.
    Scalar,
    /// A list.
    List,
    /// A record or dictionary.
    Record,
}

/// How a list or dictionary begins.
#[derive(Debug, PartialEq, Eq)]
pub enum Opened {
    /// Its items follow.
    Items,
    /// It is JSV inside a text of this format (`servicestack.md` §1.7).
    Embedded(String),
    /// The value is something else, and has been passed over.
    Mismatch,
}

/// The next member of an open record or dictionary.
#[derive(Debug, PartialEq, Eq)]
pub enum Member<'s> {
    /// The one that was expected.
    Expected,
    /// One with this name.
    Named(&'s str),
    /// There is none; the record is closed.
    End,
}

/// A format being read. The type pulls: it alone knows what a text means.
///
/// The value at the reading position must be taken by exactly one of `scalar`, `text`, `skip` or an
/// `open_…`. Implementations bound depth themselves, so no recursion of theirs or of their callers
/// exceeds [`limits::DEPTH_MAX`].
pub trait Source {
    /// What comes next. Consumes nothing but blanks.
    fn kind(&mut self) -> Result<Kind, Fault>;

    /// Takes a [`Kind::Scalar`] as text, unquoted and unescaped.
    fn scalar(&mut self) -> Result<&str, Fault>;

    /// Takes any value but null as the content of a text member: a list or record becomes its raw
    /// text.
    fn text(&mut self) -> Result<Cow<'_, str>, Fault>;

    /// Passes over any value.
    fn skip(&mut self) -> Result<(), Fault>;

    /// Opens a record; `false` if the value is something else, which is then passed over.
    fn open_record(&mut self) -> Result<bool, Fault>;

    /// The name of the next member, whose value is then at the reading position. A client usually
    /// sends members in declared order, so comparing with `expected` first saves the search.
    fn next_member(&mut self, expected: Option<&Name>) -> Result<Member<'_>, Fault>;

    /// Opens a dictionary, whose entries [`Source::next_member`] gives.
    fn open_map(&mut self) -> Result<Opened, Fault>;

    /// Opens a list.
    fn open_list(&mut self) -> Result<Opened, Fault>;

    /// Whether another item is at the reading position; if not, the list is closed.
    fn next_item(&mut self) -> Result<bool, Fault>;
}

/// What one reading has gathered besides the values.
#[derive(Debug)]
pub struct Reading {
    settings: Settings,
    problems: Vec<Problem>,
    reports: bool,
    quotes_values: bool,
    items_left: usize,
}

impl Reading {
    /// A reading of a body: problems count only in strict mode and quote nothing.
    #[must_use]
    pub fn of_body(settings: &Settings) -> Self {
        Self {
            settings: *settings,
            problems: Vec::new(),
            reports: settings.strict,
            quotes_values: false,
            items_left: limits::ITEMS_TOTAL_MAX,
        }
    }

    /// A reading of query, path or form parameters: a value that cannot be read always is a
    /// problem, and its message quotes it (`servicestack.md` §6.4).
    #[must_use]
    pub fn of_parameters(settings: &Settings) -> Self {
        Self { reports: true, quotes_values: true, ..Self::of_body(settings) }
    }

    /// How values are to be read.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Problems so far.
    #[must_use]
    pub fn problem_count(&self) -> usize {
        self.problems.len()
    }

    /// The problems, or `Ok` if there is none.
    pub fn finish(self) -> Result<(), crate::Problems> {
        if self.problems.is_empty() { Ok(()) } else { Err(crate::Problems::Members(self.problems)) }
    }

    /// Notes that the value at hand is not what its type wanted.
    #[cold]
    pub fn mismatch(&mut self, expected: Expected, value: Option<&str>) {
        if self.reports && self.problems.len() < limits::PROBLEMS_MAX {
            let value = value.filter(|_| self.quotes_values).map(shortened);
            self.problems.push(Problem { path: String::new(), expected, value });
        }
    }

    /// Puts the name of a member in front of the paths of all problems after the first `count`.
    #[cold]
    pub fn place_in_member(&mut self, count: usize, name: &str) {
        for problem in self.problems.iter_mut().skip(count) {
            let joint =
                if matches!(problem.path.as_bytes().first(), None | Some(b'[')) { "" } else { "." };
            problem.path = format!("{name}{joint}{}", problem.path);
        }
    }

    /// Puts an index or key in front of the paths of all problems after the first `count`.
    #[cold]
    pub fn place_in_item(&mut self, count: usize, index: &dyn std::fmt::Display) {
        self.place_in_member(count, &format!("[{index}]"));
    }

    /// Makes one problem of all that were found in a parameter, quoting its value if it may be
    /// shown.
    pub(crate) fn fold_into_parameter(
        &mut self,
        count: usize,
        member: &MemberMeta,
        value: &str,
        may_quote: bool,
    ) {
        self.problems.truncate(count + 1);
        if let Some(problem) = self.problems.get_mut(count) {
            problem.value = may_quote.then(|| shortened(value));
            debug_assert!(problem.path.starts_with(member.name.declared));
        }
    }

    /// Counts one item of a list that has `length` items before it.
    pub(crate) fn count_item(&mut self, length: usize) -> Result<(), Fault> {
        if length >= limits::LIST_LENGTH_MAX || self.items_left == 0 {
            return Err(Fault::TooManyItems);
        }
        self.items_left -= 1;
        Ok(())
    }
}

/// The text of a whole document, without a byte-order mark.
pub(crate) fn document_text(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.len() > limits::BODY_LENGTH_MAX {
        return Err(Fault::TooLong { length: bytes.len() });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| Fault::NotUtf8 { position: error.valid_up_to() })
}

/// The beginning of a value, for a message.
pub(crate) fn shortened(text: &str) -> String {
    let kept = text.chars().filter(|letter| !letter.is_control());
    let mut out = String::new();
    for letter in kept {
        if out.len() + letter.len_utf8() > limits::QUOTED_LENGTH_MAX {
            return out + "…";
        }
        out.push(letter);
    }
    out
}
