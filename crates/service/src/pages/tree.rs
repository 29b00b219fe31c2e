//! A JSON document as nested lists and tables, drawn on the server.

use wire::source::{Kind, Member, Opened};
use wire::{Fault, Settings, Source, TypeMeta, ValueType, json};

use super::html::Html;

/// Values in one drawing: a page of more is no use to anybody.
const VALUES_MAX: usize = 20_000;

/// Columns of one table; wider lists of records are drawn one record below the other.
const COLUMNS_MAX: usize = 12;

const NULL: &str = "null";
const EMPTY: &str = "empty";

/// What stands for a secret.
const MASK: &str = "not shown";

/// A value as it is drawn.
pub(super) enum Node {
    /// Null, or a list or record without contents; the word that says so.
    Nothing(&'static str),
    Scalar(String),
    /// Something that must not be shown.
    Secret,
    List(Vec<Node>),
    Record(Vec<(String, Node)>),
}

/// What may be drawn of a document.
pub(super) struct Filter<'f> {
    /// The type of the document. Members it does not have are left out, because nobody knows
    /// whether they are secret; `None` draws everything.
    pub(super) meta: Option<&'f TypeMeta>,
    /// Members of the document that are secret as a whole, by declared name.
    pub(super) secret_members: &'f [&'f str],
}

/// Reads a document for drawing. `None` for one that is unreadable or too large.
pub(super) fn read(document: &[u8], filter: &Filter<'_>) -> Option<Node> {
    let mut reader = json::Reader::new(document, &Settings::default()).ok()?;
    let mut reading = Reading { reader: &mut reader, values_left: VALUES_MAX };
    let root = filter.meta.map(Known::Root);
    reading.value(root.as_ref(), filter.secret_members).ok()
}

/// What is known of a value's type.
enum Known<'k> {
    /// The document itself.
    Root(&'k TypeMeta),
    /// A member, item or entry.
    Value(&'k ValueType),
}

struct Reading<'r, 'd> {
    reader: &'r mut json::Reader<'d>,
    values_left: usize,
}

impl Reading<'_, '_> {
    /// The depth is bounded by the reader.
    fn value(&mut self, known: Option<&Known<'_>>, secret: &[&str]) -> Result<Node, Fault> {
        self.values_left = self.values_left.checked_sub(1).ok_or(Fault::TooManyItems)?;
        match self.reader.kind()? {
            Kind::Null => self.reader.skip().map(|()| Node::Nothing(NULL)),
            Kind::Scalar if known.is_some_and(is_composite) => self.left_out(),
            Kind::Scalar => Ok(Node::Scalar(self.reader.scalar()?.to_owned())),
            Kind::List => self.list(known),
            Kind::Record => self.record(known, secret),
        }
    }

    fn list(&mut self, known: Option<&Known<'_>>) -> Result<Node, Fault> {
        let item = known.map(item_of);
        let mut items = Vec::new();
        if self.reader.open_list()? == Opened::Items {
            while self.reader.next_item()? {
                items.push(match item {
                    Some(None) => self.left_out()?,
                    Some(Some(item)) => self.typed(item)?,
                    None => self.value(None, &[])?,
                });
            }
        }
        Ok(if items.is_empty() { Node::Nothing(EMPTY) } else { Node::List(items) })
    }

    fn record(&mut self, known: Option<&Known<'_>>, secret: &[&str]) -> Result<Node, Fault> {
        let mut members = Vec::new();
        if self.reader.open_record()? {
            while let Member::Named(name) = self.reader.next_member(None)? {
                let name = name.to_owned();
                match known {
                    None => members.push((name, self.value(None, &[])?)),
                    Some(known) => match member_of(known, &name, secret) {
                        Found::Secret => members.push((name, self.left_out()?)),
                        Found::Value(value) => members.push((name, self.typed(value)?)),
                        Found::Nothing => self.reader.skip()?,
                    },
                }
            }
        }
        Ok(if members.is_empty() { Node::Nothing(EMPTY) } else { Node::Record(members) })
    }

    fn typed(&mut self, value: &ValueType) -> Result<Node, Fault> {
        if matches!(value, ValueType::Secret) {
            return self.left_out();
        }
        self.value(Some(&Known::Value(value)), &[])
    }

    fn left_out(&mut self) -> Result<Node, Fault> {
        let is_null = self.reader.kind()? == Kind::Null;
        self.reader.skip()?;
        Ok(if is_null { Node::Nothing(NULL) } else { Node::Secret })
    }
}

/// What a member turned out to be.
enum Found<'k> {
    Value(&'k ValueType),
    Secret,
    /// A member that the type does not have.
    Nothing,
}

/// Whether the type is a list or record; a text in its place may hold any of its members.
fn is_composite(known: &Known<'_>) -> bool {
    let Known::Value(value) = known else { return true };
    matches!(value, ValueType::List(_) | ValueType::Map(..) | ValueType::Record(_))
}

/// The type of the items, if it is a list.
fn item_of<'k>(known: &Known<'k>) -> Option<&'k ValueType> {
    match known {
        Known::Value(ValueType::List(item)) => Some(item),
        _ => None,
    }
}

fn member_of<'k>(known: &Known<'k>, name: &str, secret: &[&str]) -> Found<'k> {
    let meta = match known {
        Known::Root(meta) => *meta,
        Known::Value(ValueType::Record(meta)) => meta(),
        Known::Value(ValueType::Map(_, value)) => return Found::Value(value),
        Known::Value(_) => return Found::Nothing,
    };
    // In the loosest style, which knows every spelling that a request may use.
    let settings = Settings::named(wire::NameStyle::Snake);
    match meta.find(name, &settings).and_then(|index| meta.member(index)) {
        Some(member) if secret.contains(&member.name.declared) => Found::Secret,
        Some(member) => Found::Value(&member.value),
        None => Found::Nothing,
    }
}

/// Draws a value. `caption` names it where it becomes a table.
pub(super) fn draw<'p>(node: &Node, caption: &str, page: &'p mut Html) -> &'p mut Html {
    match node {
        Node::Nothing(word) => page.wrap("<span class=\"quiet\">", word, "</span>"),
        Node::Secret => page.wrap("<span class=\"quiet\">", MASK, "</span>"),
        Node::Scalar(text) => page.text(text),
        Node::Record(members) => draw_record(members, page),
        Node::List(items) => match columns(items) {
            Some(columns) => draw_table(items, &columns, caption, page),
            None => draw_list(items, caption, page),
        },
    }
}

fn draw_record<'p>(members: &[(String, Node)], page: &'p mut Html) -> &'p mut Html {
    page.markup("<dl>\n");
    for (name, value) in members {
        page.wrap("<dt>", name, "</dt><dd>");
        draw(value, name, page);
        page.markup("</dd>\n");
    }
    page.markup("</dl>\n")
}

fn draw_list<'p>(items: &[Node], caption: &str, page: &'p mut Html) -> &'p mut Html {
    page.markup("<ol>\n");
    for item in items {
        page.markup("<li>");
        draw(item, caption, page);
        page.markup("</li>\n");
    }
    page.markup("</ol>\n")
}

/// The names of all members, in the order they come, if the items are records of plain values.
fn columns(items: &[Node]) -> Option<Vec<&str>> {
    let mut columns: Vec<&str> = Vec::new();
    for item in items {
        let Node::Record(members) = item else { return None };
        for (name, value) in members {
            if matches!(value, Node::List(_) | Node::Record(_)) {
                return None;
            }
            if !columns.contains(&name.as_str()) {
                columns.push(name);
            }
            if columns.len() > COLUMNS_MAX {
                return None;
            }
        }
    }
    Some(columns)
}

fn draw_table<'p>(
    items: &[Node],
    columns: &[&str],
    caption: &str,
    page: &'p mut Html,
) -> &'p mut Html {
    page.table(caption, columns);
    for item in items {
        let Node::Record(members) = item else { continue };
        page.markup("<tr>");
        for column in columns {
            page.markup("<td>");
            if let Some((_, value)) = members.iter().find(|(name, _)| name == column) {
                draw(value, column, page);
            }
            page.markup("</td>");
        }
        page.markup("</tr>\n");
    }
    page.end_table()
}
