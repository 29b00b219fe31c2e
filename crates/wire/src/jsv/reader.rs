//! Reading JSV. A token has no kind of its own: the type that pulls gives it meaning.

use super::scan;
use crate::meta::Name;
use crate::source::{Kind, Member, Opened, Source};
use crate::{Fault, Settings, limits};
use std::borrow::Cow;
use zeroize::Zeroizing;

/// What is around the reading position, and so ends a bare text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    /// The value is the whole text.
    Whole,
    /// `{…}` of a record.
    Record,
    /// `{…}` of a dictionary, whose keys are data.
    Map,
    /// `[…]`.
    List,
    /// A list or dictionary that is the whole text and has no brackets.
    Open,
    /// A list of one bare item, which ends like the value it stands for.
    Single,
}

/// A JSV text being read.
pub struct Reader<'a> {
    text: &'a str,
    position: usize,
    /// What is open, outermost first.
    contexts: [Context; limits::DEPTH_MAX + 1],
    depth: usize,
    /// Whether nothing has been read yet of the innermost open value.
    is_first: bool,
    style: usize,
    strict: bool,
    /// Unquoted text, which may be a secret.
    scratch: Zeroizing<String>,
}

impl<'a> Reader<'a> {
    /// A reader of one value that is the whole text.
    ///
    /// # Errors
    /// If the text is longer than [`limits::BODY_LENGTH_MAX`].
    pub fn of_value(text: &'a str, settings: &Settings) -> Result<Self, Fault> {
        if text.len() > limits::BODY_LENGTH_MAX {
            return Err(Fault::TooLong { length: text.len() });
        }
        Ok(Self {
            text,
            position: 0,
            contexts: [Context::Whole; limits::DEPTH_MAX + 1],
            depth: 0,
            is_first: true,
            style: settings.names as usize,
            strict: settings.strict,
            scratch: Zeroizing::default(),
        })
    }

    /// Checks in strict mode that nothing but blanks follows the value that was read.
    ///
    /// # Errors
    /// If there is more.
    pub fn finish(self) -> Result<(), Fault> {
        if self.strict && self.after_blanks(self.position).1.is_some() {
            return Err(self.syntax("the end of the document"));
        }
        Ok(())
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes().get(self.position..).unwrap_or_default()
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn syntax(&self, expected: &'static str) -> Fault {
        Fault::Syntax { position: self.position, expected }
    }

    /// The first byte from `position` on that is no blank, and where it is.
    #[inline]
    fn after_blanks(&self, mut position: usize) -> (usize, Option<u8>) {
        while let Some(&byte) = self.bytes().get(position) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return (position, Some(byte));
            }
            position += 1;
        }
        (position, None)
    }

    fn context(&self) -> Context {
        self.contexts[self.depth]
    }

    /// The context that decides where a bare text ends.
    #[inline]
    fn ending(&self) -> Context {
        let open = &self.contexts[..=self.depth];
        open.iter()
            .rev()
            .copied()
            .find(|context| *context != Context::Single)
            .unwrap_or(Context::Whole)
    }

    /// Where the bare text at `start` ends.
    #[inline]
    fn bare_end(&self, start: usize) -> usize {
        let rest = self.bytes().get(start..).unwrap_or_default();
        let length = match self.ending() {
            Context::Record | Context::Map => memchr::memchr2(b',', b'}', rest),
            Context::List => memchr::memchr2(b',', b']', rest),
            Context::Open => memchr::memchr(b',', rest),
            Context::Whole | Context::Single => None,
        };
        start + length.unwrap_or(rest.len())
    }

    /// The list or record at the position and whatever follows it up to the end of the value.
    fn composite(&mut self) -> Result<&'a str, Fault> {
        let start = self.position;
        let (end, is_closed) = scan::composite_end(self.bytes(), start)?;
        if self.strict && !is_closed {
            return Err(self.syntax("a closing brace or bracket"));
        }
        self.position = end;
        if !self.is_end_of_value(self.after_blanks(end).1) {
            self.position = self.bare_end(end);
        }
        Ok(self.slice(start, self.position))
    }

    /// Whether a bare text ends before this byte.
    #[inline]
    fn is_end_of_value(&self, next: Option<u8>) -> bool {
        match self.ending() {
            Context::Record | Context::Map => matches!(next, None | Some(b',' | b'}')),
            Context::List => matches!(next, None | Some(b',' | b']')),
            Context::Open => matches!(next, None | Some(b',')),
            Context::Whole | Context::Single => next.is_none(),
        }
    }

    /// The content of the quoted text at the position.
    fn quoted(&mut self) -> Result<&str, Fault> {
        let start = self.position;
        let (end, has_doubled) = scan::quoted_end(self.bytes(), start)?;
        self.position = end;
        Ok(self.unquote(start, end, has_doubled))
    }

    /// The content of the quoted text from `start` to `end`.
    fn unquote(&mut self, start: usize, end: usize, has_doubled: bool) -> &str {
        let content = self.slice(start + 1, end - 1);
        if !has_doubled {
            return content;
        }
        self.scratch.clear();
        let mut parts = content.split("\"\"");
        self.scratch.push_str(parts.next().unwrap_or_default());
        for part in parts {
            self.scratch.push('"');
            self.scratch.push_str(part);
        }
        &self.scratch
    }

    fn open(&mut self, context: Context, width: usize) -> Result<(), Fault> {
        if self.depth == limits::DEPTH_MAX {
            return Err(Fault::TooDeep { position: self.position });
        }
        self.depth += 1;
        self.contexts[self.depth] = context;
        self.position += width;
        self.is_first = true;
        Ok(())
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.is_first = false;
    }

    /// Goes to the next member or item of the open value, or closes it and answers `false`.
    fn advance(&mut self) -> Result<bool, Fault> {
        let closing = match self.context() {
            Context::Record | Context::Map => Some(b'}'),
            Context::List => Some(b']'),
            Context::Single if self.is_first => {
                self.is_first = false;
                return Ok(true);
            }
            Context::Single => {
                self.close();
                return Ok(false);
            }
            Context::Whole | Context::Open => None,
        };
        let (mut at, mut next) = self.after_blanks(self.position);
        if next == Some(b',') && !self.is_first {
            self.position = at + 1;
            (at, next) = self.after_blanks(self.position);
        } else if !self.is_first && next.is_some() && next != closing {
            return Err(self.syntax("',' or the end of the object or list"));
        }
        match next {
            Some(byte) if Some(byte) == closing => self.position = at + 1,
            None if self.strict && closing.is_some() => {
                return Err(self.syntax("a closing brace or bracket"));
            }
            None => self.position = at,
            Some(_) => {
                self.is_first = false;
                return Ok(true);
            }
        }
        self.close();
        Ok(false)
    }

    /// The name at the position, and the colon after it. Quotes are taken off; of a bare name the
    /// blanks around it, of a bare key the layout only.
    fn name(&mut self) -> Result<&str, Fault> {
        let (start, first) = self.after_blanks(self.position);
        let is_quoted = first == Some(b'"');
        let (end, has_doubled) = match first {
            Some(b'"') => scan::quoted_end(self.bytes(), start)?,
            Some(b'{') => (scan::composite_end(self.bytes(), start)?.0, false),
            _ => (self.name_end(start), false),
        };
        let (colon, next) = self.after_blanks(end);
        if next != Some(b':') {
            self.position = colon;
            return Err(self.syntax("':'"));
        }
        let with_blanks = self.slice(self.position, end);
        self.position = colon + 1;
        if is_quoted {
            return Ok(self.unquote(start, end, has_doubled));
        }
        Ok(match self.context() {
            Context::Map | Context::Open => without_layout(with_blanks),
            _ => with_blanks.trim_ascii(),
        })
    }

    fn name_end(&self, start: usize) -> usize {
        let rest = self.bytes().get(start..).unwrap_or_default();
        let ends = |byte: &u8| matches!(byte, b':' | b',' | b'}');
        start + rest.iter().position(ends).unwrap_or(rest.len())
    }
}

/// Takes off the line breaks and tabs that the pretty-printed form puts around a value. A text
/// with a line break of its own is always quoted, so nothing is lost.
fn without_layout(bare: &str) -> &str {
    let ends_plainly = bare.as_bytes().last().is_none_or(|last| *last > b' ');
    if ends_plainly && bare.as_bytes().first().is_none_or(|first| *first > b' ') {
        return bare;
    }
    let is_blank = |letter: char| matches!(letter, ' ' | '\t' | '\r' | '\n');
    let is_break = |letter: char| matches!(letter, '\r' | '\n');
    let end = bare.trim_end_matches(is_blank);
    let bare = match bare[end.len()..].find(is_break) {
        Some(at) => &bare[..end.len() + at],
        None => bare,
    };
    if bare.starts_with(is_break) { bare.trim_start_matches(is_blank) } else { bare }
}

impl Source for Reader<'_> {
    /// Blanks before a bracket or quote are layout; before anything else they belong to the text.
    #[inline]
    fn kind(&mut self) -> Result<Kind, Fault> {
        let (at, next) = self.after_blanks(self.position);
        let kind = match next {
            Some(b'{') => Kind::Record,
            Some(b'[') => Kind::List,
            Some(b'"') => Kind::Scalar,
            _ if self.is_end_of_value(self.rest().first().copied()) => return Ok(Kind::Null),
            _ => return Ok(Kind::Scalar),
        };
        self.position = at;
        Ok(kind)
    }

    #[inline]
    fn scalar(&mut self) -> Result<&str, Fault> {
        if self.rest().first() == Some(&b'"') {
            return self.quoted();
        }
        let start = self.position;
        self.position = self.bare_end(start);
        Ok(without_layout(self.slice(start, self.position)))
    }

    /// A text that is the whole parameter is taken raw, quotes included.
    fn text(&mut self) -> Result<Cow<'_, str>, Fault> {
        if self.context() == Context::Whole {
            let start = std::mem::replace(&mut self.position, self.text.len());
            return Ok(Cow::Borrowed(self.slice(start, self.text.len())));
        }
        match self.rest().first() {
            Some(b'{' | b'[') => self.composite().map(Cow::Borrowed),
            _ => self.scalar().map(Cow::Borrowed),
        }
    }

    fn skip(&mut self) -> Result<(), Fault> {
        match self.kind()? {
            Kind::Record | Kind::List => self.composite().map(drop),
            Kind::Null | Kind::Scalar => self.scalar().map(drop),
        }
    }

    fn open_record(&mut self) -> Result<bool, Fault> {
        if self.kind()? != Kind::Record {
            return self.skip().map(|()| false);
        }
        self.open(Context::Record, 1).map(|()| true)
    }

    #[inline]
    fn next_member(&mut self, expected: Option<&Name>) -> Result<Member<'_>, Fault> {
        if let Some(name) = expected {
            let with_comma = name.jsv[self.style].as_bytes();
            let wanted = if self.is_first { &with_comma[1..] } else { with_comma };
            if self.rest().starts_with(wanted) {
                self.position += wanted.len();
                self.is_first = false;
                return Ok(Member::Expected);
            }
        }
        if !self.advance()? {
            return Ok(Member::End);
        }
        self.name().map(Member::Named)
    }

    fn open_map(&mut self) -> Result<Opened, Fault> {
        match self.kind()? {
            Kind::Record => self.open(Context::Map, 1)?,
            Kind::Scalar if self.context() == Context::Whole => self.open(Context::Open, 0)?,
            _ => return self.skip().map(|()| Opened::Mismatch),
        }
        Ok(Opened::Items)
    }

    fn open_list(&mut self) -> Result<Opened, Fault> {
        match self.kind()? {
            Kind::List => self.open(Context::List, 1)?,
            _ if self.context() == Context::Whole => self.open(Context::Open, 0)?,
            _ => self.open(Context::Single, 0)?,
        }
        Ok(Opened::Items)
    }

    fn next_item(&mut self) -> Result<bool, Fault> {
        self.advance()
    }
}
