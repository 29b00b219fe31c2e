//! Reading XML. More than the original accepts: members may come in any order and in any
//! namespace, and what the elements of items and the root are called does not matter.

use crate::meta::Name;
use crate::source::{Kind, Member, Opened, Source, document_text};
use crate::{Fault, NameStyle, limits};
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::borrow::Cow;
use zeroize::Zeroizing;

/// What comes after the start tag or value that was read last.
#[derive(Debug)]
enum Next<'a> {
    Unread,
    /// The start tag of an element inside the one that is open.
    Start(BytesStart<'a>),
    /// The end tag of the one that is open.
    End,
}

/// A record, list or dictionary that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    RecordOrList,
    Map,
    /// A dictionary in one of whose entries the reading position is.
    MapEntry,
}

/// An XML document being read.
pub struct Reader<'a> {
    parser: quick_xml::Reader<&'a [u8]>,
    next: Next<'a>,
    /// The start tag of the value at hand.
    tag: BytesStart<'a>,
    is_nil: bool,
    /// Text before [`Reader::next`], which may be a secret.
    text: Zeroizing<String>,
    /// The key of the dictionary entry at hand.
    key: String,
    frames: Vec<Frame>,
    /// Open elements, those that are passed over included.
    elements: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the root element of a document; a byte-order mark is passed over.
    ///
    /// # Errors
    /// If the document is longer than [`limits::BODY_LENGTH_MAX`], not UTF-8, or does not begin
    /// with an element. Text after the root is an error when the root ends.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Fault> {
        let mut parser = quick_xml::Reader::from_str(document_text(bytes)?);
        parser.config_mut().expand_empty_elements = true;
        parser.config_mut().check_comments = true;
        let mut reader = Self {
            parser,
            next: Next::Unread,
            tag: BytesStart::new(""),
            is_nil: false,
            text: Zeroizing::default(),
            key: String::new(),
            frames: Vec::new(),
            elements: 0,
        };
        reader.begin_root()?;
        Ok(reader)
    }

    fn begin_root(&mut self) -> Result<(), Fault> {
        let mut event = self.event()?;
        if matches!(event, Event::Decl(_)) {
            event = self.event()?;
        }
        loop {
            match event {
                Event::Start(tag) => return self.begin(tag),
                Event::Text(text) if is_blank(&text.xml10_content()) => {}
                _ => return Err(self.syntax("the root element")),
            }
            event = self.event()?;
        }
    }

    fn syntax(&self, expected: &'static str) -> Fault {
        let position = usize::try_from(self.parser.buffer_position()).unwrap_or(usize::MAX);
        Fault::Syntax { position, expected }
    }

    /// The next event that is no comment and may occur in a document of this form.
    fn event(&mut self) -> Result<Event<'a>, Fault> {
        loop {
            let event = self.parser.read_event().map_err(|error| match error {
                quick_xml::Error::IllFormed(_) => self.syntax("XML whose tags match"),
                _ => self.syntax("well-formed XML"),
            })?;
            match &event {
                Event::Comment(_) => continue,
                Event::DocType(_) => return Err(self.syntax("no document type")),
                Event::PI(_) => return Err(self.syntax("no processing instruction")),
                Event::Start(_) => self.elements += 1,
                Event::End(_) => self.elements -= 1,
                _ => {}
            }
            return Ok(event);
        }
    }

    /// Nothing but blanks and comments may follow the root.
    fn finish(&mut self) -> Result<(), Fault> {
        loop {
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::Text(text) if is_blank(&text.xml10_content()) => {}
                _ => return Err(self.syntax("the end of the document")),
            }
        }
    }

    /// Takes a start tag as that of the value at hand.
    fn begin(&mut self, tag: BytesStart<'a>) -> Result<(), Fault> {
        self.is_nil = false;
        for (count, attribute) in tag.attributes().enumerate() {
            let attribute = attribute.map_err(|_| self.syntax("well-formed attributes"))?;
            if count == limits::ATTRIBUTES_MAX {
                return Err(self.syntax("fewer attributes"));
            }
            let is_true = matches!(attribute.value.trim(), "true" | "1");
            self.is_nil |= is_true && attribute.key.local_name().as_ref() == "nil";
        }
        (self.tag, self.next) = (tag, Next::Unread);
        Ok(())
    }

    /// Reads to the next tag, unless that has been done.
    fn look(&mut self) -> Result<(), Fault> {
        if !matches!(self.next, Next::Unread) {
            return Ok(());
        }
        self.text.clear();
        loop {
            match self.event()? {
                Event::Start(tag) => self.next = Next::Start(tag),
                Event::End(_) => self.next = Next::End,
                Event::Text(text) => {
                    self.text.push_str(&text.xml10_content());
                    continue;
                }
                Event::CData(text) => {
                    self.text.push_str(&text.xml10_content());
                    continue;
                }
                Event::GeneralRef(reference) => {
                    let letter = self.referred(&reference)?;
                    self.text.push(letter);
                    continue;
                }
                _ => return Err(self.syntax("the end of an element")),
            }
            break;
        }
        if self.elements == 0 { self.finish() } else { Ok(()) }
    }

    fn referred(&self, reference: &BytesRef<'_>) -> Result<char, Fault> {
        let name = reference.xml10_content();
        let number = match name.strip_prefix('#') {
            Some(digits) => match digits.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => digits.parse::<u32>(),
            },
            None => return entity(&name).ok_or_else(|| self.syntax("one of the five entities")),
        };
        let letter = number.ok().and_then(char::from_u32);
        letter.ok_or_else(|| self.syntax("the number of a character"))
    }

    /// Opens the value at hand; `false` if it is a text, which has then been passed over.
    fn open(&mut self, frame: Frame) -> Result<bool, Fault> {
        self.look()?;
        if matches!(self.next, Next::End) && !is_blank(&self.text) {
            self.next = Next::Unread;
            return Ok(false);
        }
        if self.frames.len() == limits::DEPTH_MAX {
            let Fault::Syntax { position, .. } = self.syntax("") else { return Ok(false) };
            return Err(Fault::TooDeep { position });
        }
        self.frames.push(frame);
        Ok(true)
    }

    /// Goes to the next element inside the open one, or behind the end of that.
    fn next_element(&mut self) -> Result<bool, Fault> {
        self.look()?;
        if !is_blank(&self.text) {
            return Err(self.syntax("an element"));
        }
        match std::mem::replace(&mut self.next, Next::Unread) {
            Next::Start(tag) => self.begin(tag).map(|()| true),
            Next::End | Next::Unread => Ok(false),
        }
    }

    fn next_in_frame(&mut self) -> Result<bool, Fault> {
        let is_there = self.next_element()?;
        if !is_there {
            self.frames.pop();
        }
        Ok(is_there)
    }

    /// Goes to the value of the next entry, and reads its key. The original writes and reads the
    /// key first, too.
    fn next_entry(&mut self) -> Result<bool, Fault> {
        if self.frames.last() == Some(&Frame::MapEntry) && self.next_element()? {
            return Err(self.syntax("one Key and one Value in each entry"));
        }
        self.frames.pop();
        self.frames.push(Frame::Map);
        if !self.next_in_frame()? {
            return Ok(false);
        }
        self.frames.pop();
        self.frames.push(Frame::MapEntry);
        self.begin_part("Key")?;
        let key = self.scalar()?.to_owned();
        self.key = key;
        self.begin_part("Value").map(|()| true)
    }

    fn begin_part(&mut self, name: &str) -> Result<(), Fault> {
        if self.next_element()? && self.tag.local_name().as_ref() == name {
            return Ok(());
        }
        Err(self.syntax("a Key and then a Value in each entry"))
    }
}

impl Source for Reader<'_> {
    /// An element without content may be anything that is empty.
    fn kind(&mut self) -> Result<Kind, Fault> {
        if self.is_nil {
            return Ok(Kind::Null);
        }
        self.look()?;
        Ok(if matches!(self.next, Next::Start(_)) { Kind::Record } else { Kind::Scalar })
    }

    fn scalar(&mut self) -> Result<&str, Fault> {
        self.look()?;
        if matches!(self.next, Next::Start(_)) {
            return Err(self.syntax("a text without elements in it"));
        }
        self.next = Next::Unread;
        Ok(&self.text)
    }

    fn text(&mut self) -> Result<Cow<'_, str>, Fault> {
        self.scalar().map(Cow::Borrowed)
    }

    fn skip(&mut self) -> Result<(), Fault> {
        self.look()?;
        let is_over = matches!(self.next, Next::End);
        self.next = Next::Unread;
        // Of the elements open now, the innermost two are the one read ahead and the value itself.
        let outside = self.elements.saturating_sub(2);
        while !is_over && self.elements > outside {
            if matches!(self.event()?, Event::Eof) {
                return Err(self.syntax("the end of an element"));
            }
        }
        if !is_over && self.elements == 0 { self.finish() } else { Ok(()) }
    }

    fn open_record(&mut self) -> Result<bool, Fault> {
        self.open(Frame::RecordOrList)
    }

    fn next_member(&mut self, expected: Option<&Name>) -> Result<Member<'_>, Fault> {
        if matches!(self.frames.last(), Some(Frame::Map | Frame::MapEntry)) {
            return Ok(if self.next_entry()? { Member::Named(&self.key) } else { Member::End });
        }
        if !self.next_in_frame()? {
            return Ok(Member::End);
        }
        let name = self.tag.name().local_name().into_inner();
        if expected.is_some_and(|expected| expected.in_style(NameStyle::Pascal) == name) {
            return Ok(Member::Expected);
        }
        Ok(Member::Named(name))
    }

    fn open_map(&mut self) -> Result<Opened, Fault> {
        Ok(if self.open(Frame::Map)? { Opened::Items } else { Opened::Mismatch })
    }

    fn open_list(&mut self) -> Result<Opened, Fault> {
        Ok(if self.open(Frame::RecordOrList)? { Opened::Items } else { Opened::Mismatch })
    }

    fn next_item(&mut self) -> Result<bool, Fault> {
        self.next_in_frame()
    }
}

/// The character of one of the five entities that XML itself knows.
fn entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}
