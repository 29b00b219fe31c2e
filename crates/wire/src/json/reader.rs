//! Reading JSON with the original's tolerance: trailing commas, and outside strict mode unclosed
//! braces (`servicestack.md` §1.7).

use super::raw;
use crate::meta::Name;
use crate::source::{Kind, Member, Opened, Source};
use crate::{Fault, Settings, limits};
use std::borrow::Cow;
use zeroize::Zeroizing;

/// A JSON document being read.
pub struct Reader<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
    /// Whether nothing has been read yet of the innermost open value.
    is_first: bool,
    style: usize,
    strict: bool,
    /// Unescaped text, which may be a secret.
    scratch: Zeroizing<String>,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of a document; a byte-order mark is passed over.
    ///
    /// # Errors
    /// If the document is longer than [`limits::BODY_LENGTH_MAX`] or not UTF-8.
    pub fn new(bytes: &'a [u8], settings: &Settings) -> Result<Self, Fault> {
        Ok(Self {
            text: crate::source::document_text(bytes)?,
            position: 0,
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
    pub fn finish(mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(_) if self.strict => Err(self.syntax("the end of the document")),
            _ => Ok(()),
        }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes().get(self.position..).unwrap_or_default()
    }

    fn syntax(&self, expected: &'static str) -> Fault {
        Fault::Syntax { position: self.position, expected }
    }

    /// The next byte that is no blank, which the position then is at.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes().get(self.position)?;
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.position += 1;
        }
    }

    /// The content of the string that the position is at, borrowed unless it has escapes.
    #[inline]
    fn string(&mut self) -> Result<&str, Fault> {
        let (start, end, has_escapes) = self.string_bounds()?;
        self.unescaped(start, end, has_escapes)
    }

    /// Passes over the string that the position is at: where its content is, and whether it has
    /// escapes.
    #[inline]
    fn string_bounds(&mut self) -> Result<(usize, usize, bool), Fault> {
        let start = self.position + 1;
        let (end, has_escapes) = raw::string_end(self.bytes(), start)
            .ok_or_else(|| self.syntax("a string that is closed"))?;
        self.position = end + 1;
        Ok((start, end, has_escapes))
    }

    #[inline]
    fn unescaped(&mut self, start: usize, end: usize, has_escapes: bool) -> Result<&str, Fault> {
        let content = self.text.get(start..end).unwrap_or_default();
        if !has_escapes {
            return Ok(content);
        }
        self.scratch.clear();
        raw::unescape(content, &mut self.scratch).map_err(|offset| Fault::Syntax {
            position: start + offset,
            expected: "four hex digits",
        })?;
        Ok(&self.scratch)
    }

    /// A number, `true`, `false` or another word without quotes.
    fn bare(&mut self) -> Result<&'a str, Fault> {
        let is_part =
            |byte: &u8| matches!(byte, b'+' | b'-' | b'.' | b'_') || byte.is_ascii_alphanumeric();
        let length = self.rest().iter().take_while(|byte| is_part(byte)).count();
        if length == 0 {
            return Err(self.syntax("a value"));
        }
        let start = self.position;
        self.position += length;
        Ok(self.text.get(start..self.position).unwrap_or_default())
    }

    /// The raw text of the list or record that the position is at.
    fn composite(&mut self) -> Result<&'a str, Fault> {
        let start = self.position;
        let (end, is_closed) = raw::composite_end(self.bytes(), start, self.depth)?;
        self.position = end;
        if self.strict && !is_closed {
            return Err(self.syntax("a closing brace or bracket"));
        }
        Ok(self.text.get(start..end).unwrap_or_default())
    }

    fn open(&mut self) -> Result<(), Fault> {
        if self.depth == limits::DEPTH_MAX {
            return Err(Fault::TooDeep { position: self.position });
        }
        self.depth += 1;
        self.position += 1;
        self.is_first = true;
        Ok(())
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.is_first = false;
    }

    /// Goes to the next member or item of the open value, or closes it and answers `false`.
    fn advance(&mut self, closing: u8) -> Result<bool, Fault> {
        let mut next = self.peek();
        if next == Some(b',') && !self.is_first {
            self.position += 1;
            next = self.peek();
        } else if !self.is_first && next.is_some_and(|byte| byte != closing) {
            return Err(self.syntax("',' or the end of the object or list"));
        }
        match next {
            Some(byte) if byte == closing => self.position += 1,
            None if self.strict => return Err(self.syntax("a closing brace or bracket")),
            None => {}
            Some(_) => {
                self.is_first = false;
                return Ok(true);
            }
        }
        self.close();
        Ok(false)
    }

    /// The member name at the position; the position is then after the colon.
    fn name(&mut self) -> Result<&str, Fault> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax("a member name in quotes"));
        }
        let (start, end, has_escapes) = self.string_bounds()?;
        if self.peek() != Some(b':') {
            return Err(self.syntax("':'"));
        }
        self.position += 1;
        self.unescaped(start, end, has_escapes)
    }
}

impl Source for Reader<'_> {
    #[inline]
    fn kind(&mut self) -> Result<Kind, Fault> {
        match self.peek() {
            Some(b'"') => Ok(Kind::Scalar),
            Some(b'{') => Ok(Kind::Record),
            Some(b'[') => Ok(Kind::List),
            Some(b'n') if self.rest().starts_with(b"null") => Ok(Kind::Null),
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'-' => Ok(Kind::Scalar),
            _ => Err(self.syntax("a value")),
        }
    }

    #[inline]
    fn scalar(&mut self) -> Result<&str, Fault> {
        if self.rest().first() == Some(&b'"') { self.string() } else { self.bare() }
    }

    fn text(&mut self) -> Result<Cow<'_, str>, Fault> {
        match self.rest().first() {
            Some(b'{' | b'[') => Ok(Cow::Owned(raw::to_jsv(self.composite()?))),
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
        self.open().map(|()| true)
    }

    #[inline]
    fn next_member(&mut self, expected: Option<&Name>) -> Result<Member<'_>, Fault> {
        if let Some(name) = expected {
            let with_comma = name.json[self.style].as_bytes();
            let wanted = if self.is_first { &with_comma[1..] } else { with_comma };
            if self.rest().starts_with(wanted) {
                self.position += wanted.len();
                self.is_first = false;
                return Ok(Member::Expected);
            }
        }
        if !self.advance(b'}')? {
            return Ok(Member::End);
        }
        self.name().map(Member::Named)
    }

    fn open_map(&mut self) -> Result<Opened, Fault> {
        match self.peek() {
            Some(b'{') => self.open().map(|()| Opened::Items),
            Some(b'"') => Ok(Opened::Embedded(self.string()?.to_owned())),
            _ => self.skip().map(|()| Opened::Mismatch),
        }
    }

    fn open_list(&mut self) -> Result<Opened, Fault> {
        match self.kind()? {
            Kind::List => self.open().map(|()| Opened::Items),
            Kind::Scalar => Ok(Opened::Embedded(self.scalar()?.to_owned())),
            Kind::Null | Kind::Record => self.skip().map(|()| Opened::Mismatch),
        }
    }

    fn next_item(&mut self) -> Result<bool, Fault> {
        self.advance(b']')
    }
}
