//! Writing XML (`servicestack.md` §4).
//!
//! Elements carry declared names whatever the name style, base members come first, and null is
//! said with `i:nil`. Nothing is indented.
//!
//! Every value has an element of its own, opened by what announces the value (a member, an item, a
//! key, or the beginning of the document) and closed when the value is complete.

use crate::date::{write_integer, write_iso};
use crate::meta::{MemberMeta, TypeMeta, ValueType};
use crate::settings::DurationHandler;
use crate::sink::{MemberOrder, Sink};
use crate::{DateTime, Decimal, Guid, NameStyle, Settings, TimeSpan, duration, number};
use base64::prelude::{BASE64_STANDARD, Engine};
use std::borrow::Cow;

/// The namespace that service models declare for their types.
pub const TYPES_NAMESPACE: &str = "http://schemas.servicestack.net/types";

const INSTANCE_NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const ARRAYS_NAMESPACE: &str = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";

/// Writes one document.
#[derive(Debug)]
pub struct Writer<'o> {
    settings: Settings,
    out: &'o mut Vec<u8>,
    /// The open elements, outermost first.
    open: Vec<Element>,
    /// The last start tag still lacks its `>`, so that an empty element can close itself.
    is_tag_open: bool,
    /// The open lists and dictionaries, innermost last.
    collections: Vec<Collection>,
    /// The prefix of the arrays' namespace, and how many elements are open where it is declared.
    arrays: Option<(String, usize)>,
}

#[derive(Debug)]
struct Element {
    name: Cow<'static, str>,
    /// Closing it also closes the entry it stands in.
    is_entry_value: bool,
}

#[derive(Debug)]
struct Collection {
    /// Element name of an item or entry.
    item: Cow<'static, str>,
    /// What stands before `Key` and `Value`.
    prefix: String,
}

impl<'o> Writer<'o> {
    /// A writer that appends to `out`.
    pub fn new(out: &'o mut Vec<u8>, settings: &Settings) -> Self {
        out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>");
        let (open, collections) = (Vec::new(), Vec::new());
        Self { settings: *settings, out, open, is_tag_open: false, collections, arrays: None }
    }

    fn push(&mut self, parts: &[&str]) {
        for part in parts {
            self.out.extend_from_slice(part.as_bytes());
        }
    }

    fn start(&mut self, name: Cow<'static, str>, is_entry_value: bool) {
        self.finish_tag();
        self.push(&["<", &name]);
        self.open.push(Element { name, is_entry_value });
        self.is_tag_open = true;
    }

    /// Opens the document's element if the value at hand is the whole document.
    fn start_root(&mut self, value: &ValueType) {
        if self.open.is_empty() {
            self.start_root_named(element_name(value), namespace_of(value));
        }
    }

    fn start_root_named(&mut self, name: Cow<'static, str>, namespace: &str) {
        self.start(name, false);
        self.attribute("xmlns:i", INSTANCE_NAMESPACE);
        self.attribute("xmlns", namespace);
        self.arrays = (namespace == ARRAYS_NAMESPACE).then(|| (String::new(), 1));
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.push(&[" ", name, "=\"", value, "\""]);
    }

    fn finish_tag(&mut self) {
        if std::mem::take(&mut self.is_tag_open) {
            self.push(&[">"]);
        }
    }

    /// Closes the element of a value that is complete.
    fn end(&mut self) {
        let Some(element) = self.open.pop() else { return };
        if std::mem::take(&mut self.is_tag_open) {
            self.push(&[" />"]);
        } else {
            self.push(&["</", &element.name, ">"]);
        }
        let innermost = self.open.len();
        self.arrays = self.arrays.take().filter(|(_, declared_at)| *declared_at <= innermost);
        if element.is_entry_value {
            self.end();
        }
    }

    /// A whole scalar whose text needs no escapes.
    fn scalar(&mut self, value: &ValueType, write: impl FnOnce(&mut Vec<u8>)) {
        self.start_root(value);
        self.finish_tag();
        write(self.out);
        self.end();
    }

    /// The prefix of the namespace that items of built-in types live in. It is declared here unless
    /// an element around has done so.
    fn arrays_prefix(&mut self, is_built_in: bool) -> String {
        if !is_built_in {
            return String::new();
        }
        if let Some((prefix, _)) = &self.arrays {
            return prefix.clone();
        }
        let depth = self.open.len();
        self.attribute(&format!("xmlns:d{depth}p1"), ARRAYS_NAMESPACE);
        let prefix = format!("d{depth}p1:");
        self.arrays = Some((prefix.clone(), depth));
        prefix
    }

    fn escaped(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.push(&["&amp;"]),
                '<' => self.push(&["&lt;"]),
                '>' => self.push(&["&gt;"]),
                '\t' | '\n' => self.push(&[letter.encode_utf8(&mut [0; 4])]),
                control if control.is_control() => {
                    self.push(&[&format!("&#x{:X};", u32::from(control))]);
                }
                other => self.push(&[other.encode_utf8(&mut [0; 4])]),
            }
        }
    }
}

impl Sink for Writer<'_> {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn member_order(&self) -> MemberOrder {
        MemberOrder::BaseFirstAlphabetical
    }

    fn begin_record(&mut self, meta: &'static TypeMeta) {
        if self.open.is_empty() {
            self.start_root_named(meta.name.into(), TYPES_NAMESPACE);
        }
    }

    fn member(&mut self, member: &'static MemberMeta) {
        self.start(member.name.in_style(NameStyle::Pascal).into(), false);
    }

    fn null_member(&mut self, member: &'static MemberMeta) {
        self.member(member);
        self.null(&member.value);
    }

    fn end_record(&mut self, _: &'static TypeMeta) {
        self.end();
    }

    fn begin_list(&mut self, item: &'static ValueType) {
        if self.open.is_empty() {
            let name = format!("ArrayOf{}", element_name(item));
            self.start_root_named(name.into(), namespace_of(item));
        }
        let prefix = self.arrays_prefix(is_built_in(item));
        let name = element_name(item);
        let item = if prefix.is_empty() { name } else { (prefix + &name).into() };
        self.collections.push(Collection { item, prefix: String::new() });
    }

    fn item(&mut self, _: usize) {
        if let Some(name) = self.collections.last().map(|collection| collection.item.clone()) {
            self.start(name, false);
        }
    }

    fn end_list(&mut self) {
        self.collections.pop();
        self.end();
    }

    fn begin_map(&mut self, key: &'static ValueType, value: &'static ValueType) {
        let entry = format!("KeyValueOf{}{}", element_name(key), element_name(value));
        if self.open.is_empty() {
            self.start_root_named(format!("ArrayOf{entry}").into(), ARRAYS_NAMESPACE);
        }
        let prefix = self.arrays_prefix(true);
        self.collections.push(Collection { item: (prefix.clone() + &entry).into(), prefix });
    }

    fn begin_key(&mut self, index: usize) {
        self.item(index);
        if let Some(prefix) = self.collections.last().map(|collection| collection.prefix.clone()) {
            self.start((prefix + "Key").into(), false);
        }
    }

    fn end_key(&mut self) {
        if let Some(prefix) = self.collections.last().map(|collection| collection.prefix.clone()) {
            self.start((prefix + "Value").into(), true);
        }
    }

    fn end_map(&mut self) {
        self.end_list();
    }

    fn null(&mut self, absent: &'static ValueType) {
        self.start_root(absent);
        match absent {
            ValueType::List(item) => self.arrays_prefix(is_built_in(item)),
            ValueType::Map(..) => self.arrays_prefix(true),
            _ => String::new(),
        };
        self.attribute("i:nil", "true");
        self.end();
    }

    fn text(&mut self, value: &str) {
        self.start_root(&ValueType::String);
        self.finish_tag();
        self.escaped(value);
        self.end();
    }

    fn boolean(&mut self, value: bool) {
        let text: &[u8] = if value { b"true" } else { b"false" };
        self.scalar(&ValueType::Boolean, |out| out.extend_from_slice(text));
    }

    fn integer(&mut self, value: i64) {
        self.scalar(&ValueType::Int64, |out| write_integer(out, value));
    }

    fn decimal(&mut self, value: Decimal) {
        self.scalar(&ValueType::Decimal, |out| number::write_decimal(out, value));
    }

    fn double(&mut self, value: f64) {
        self.scalar(&ValueType::Double, |out| match value {
            f64::INFINITY => out.extend_from_slice(b"INF"),
            f64::NEG_INFINITY => out.extend_from_slice(b"-INF"),
            finite => number::write_double(out, finite),
        });
    }

    fn date_time(&mut self, value: DateTime) {
        self.scalar(&ValueType::DateTime, |out| write_date(out, value));
    }

    fn time_span(&mut self, value: TimeSpan) {
        self.scalar(&ValueType::TimeSpan, |out| {
            duration::write(out, value, DurationHandler::DurationFormat);
        });
    }

    fn guid(&mut self, value: Guid) {
        self.scalar(&ValueType::Guid, |out| write_dashed(out, value));
    }

    fn bytes(&mut self, value: &[u8]) {
        self.scalar(&ValueType::Bytes, |out| {
            out.extend_from_slice(BASE64_STANDARD.encode(value).as_bytes());
        });
    }

    fn enumeration(&mut self, meta: &'static TypeMeta, number: i32) {
        if self.open.is_empty() {
            self.start_root_named(meta.name.into(), TYPES_NAMESPACE);
        }
        match meta.enum_members.iter().find(|member| member.number == number) {
            Some(member) => self.text(member.text()),
            None => self.integer(i64::from(number)),
        }
    }
}

/// Whether lists of the type live in the arrays' namespace: it belongs to XML Schema, or is a
/// dictionary or a list of such types.
fn is_built_in(value: &ValueType) -> bool {
    match value {
        ValueType::Nullable(inner) | ValueType::List(inner) => is_built_in(inner),
        ValueType::Record(_) | ValueType::Enum(_) => false,
        _ => true,
    }
}

fn namespace_of(value: &ValueType) -> &'static str {
    if is_built_in(value) { ARRAYS_NAMESPACE } else { TYPES_NAMESPACE }
}

/// The element name of an item of that type.
fn element_name(value: &ValueType) -> Cow<'static, str> {
    match value {
        ValueType::Boolean => "boolean".into(),
        ValueType::Int32 => "int".into(),
        ValueType::Int64 => "long".into(),
        ValueType::Double => "double".into(),
        ValueType::Decimal => "decimal".into(),
        ValueType::DateTime => "dateTime".into(),
        ValueType::TimeSpan => "duration".into(),
        ValueType::Guid => "guid".into(),
        ValueType::String | ValueType::Secret => "string".into(),
        ValueType::Bytes => "base64Binary".into(),
        ValueType::Enum(meta) | ValueType::Record(meta) => meta().name.into(),
        ValueType::Nullable(inner) => element_name(inner),
        ValueType::List(item) => format!("ArrayOf{}", element_name(item)).into(),
        ValueType::Map(key, value) => {
            format!("ArrayOfKeyValueOf{}{}", element_name(key), element_name(value)).into()
        }
    }
}

/// `2020-01-02T03:04:05.678Z`: only the fraction digits that are needed.
fn write_date(out: &mut Vec<u8>, value: DateTime) {
    const FRACTION_START: usize = "2020-01-02T03:04:05".len();
    const FRACTION_END: usize = FRACTION_START + ".0000000".len();
    let mut text = Vec::with_capacity(FRACTION_END + "+00:00".len());
    write_iso(&mut text, value);
    let fraction = &text[FRACTION_START..FRACTION_END];
    let last_digit = fraction.iter().rposition(|digit| !matches!(digit, b'0' | b'.'));
    out.extend_from_slice(&text[..FRACTION_START]);
    out.extend_from_slice(&fraction[..last_digit.map_or(0, |last| last + 1)]);
    out.extend_from_slice(&text[FRACTION_END..]);
}

fn write_dashed(out: &mut Vec<u8>, value: Guid) {
    let digits = value.digits();
    for (index, range) in [0..8, 8..12, 12..16, 16..20, 20..32].into_iter().enumerate() {
        if index > 0 {
            out.push(b'-');
        }
        out.extend_from_slice(&digits[range]);
    }
}

#[cfg(test)]
mod tests {
    use crate::xml::Writer;
    use crate::{Bytes, DateTime, Guid, Map, Settings, TimeSpan, Value, Zone};

    /// What the writer makes of a value, without the declaration and the root's namespaces.
    fn written(value: &impl Value) -> String {
        let mut out = Vec::new();
        value.write(&mut Writer::new(&mut out, &Settings::default()));
        let text = String::from_utf8(out).unwrap();
        let declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
        let root = text.strip_prefix(declaration).unwrap();
        let instance = " xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"";
        assert_eq!(root.matches(instance).count(), 1, "{root}");
        let arrays = " xmlns=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\"";
        root.replace(instance, "").replace(arrays, "")
    }

    fn check(value: &impl Value, expected: &str) {
        assert_eq!(written(value), expected);
    }

    /// Proves the text of every scalar.
    #[test]
    fn scalars_follow_xml_schema() {
        check(&true, "<boolean>true</boolean>");
        check(&String::from("a<b>&\u{1}\r"), "<string>a&lt;b&gt;&amp;&#x1;&#xD;</string>");
        check(&String::new(), "<string></string>");
        check(&f64::INFINITY, "<double>INF</double>");
        check(&Bytes(vec![1, 2, 255]), "<base64Binary>AQL/</base64Binary>");
        check(&TimeSpan::from_ticks(36_000_000_000), "<duration>PT1H</duration>");
        let guid = Guid::parse("a0eebc999c0b4ef8bb6d6bb9bd380a11").unwrap();
        check(&guid, "<guid>a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11</guid>");
    }

    /// Proves that dates show no more fraction than they have.
    #[test]
    fn dates_are_trimmed() {
        check(&DateTime::MIN, "<dateTime>0001-01-01T00:00:00</dateTime>");
        let of = |ticks| DateTime::from_ticks(ticks, Zone::Utc).unwrap();
        check(&of(1_000_000), "<dateTime>0001-01-01T00:00:00.1Z</dateTime>");
        check(&of(100_000_000), "<dateTime>0001-01-01T00:00:10Z</dateTime>");
    }

    /// Proves the names of items and entries, and how nothing looks.
    #[test]
    fn collections_name_their_items() {
        check(&vec![1, 2], "<ArrayOfint><int>1</int><int>2</int></ArrayOfint>");
        check(&Vec::<i32>::new(), "<ArrayOfint />");
        check(&vec![vec![1], vec![]], {
            "<ArrayOfArrayOfint><ArrayOfint><int>1</int></ArrayOfint><ArrayOfint />\
             </ArrayOfArrayOfint>"
        });
        check(&vec![Some(String::new()), None], {
            "<ArrayOfstring><string></string><string i:nil=\"true\" /></ArrayOfstring>"
        });
        let map: Map<String, Option<i32>> = [("a".to_owned(), Some(1))].into_iter().collect();
        check(&map, {
            "<ArrayOfKeyValueOfstringint><KeyValueOfstringint><Key>a</Key><Value>1</Value>\
             </KeyValueOfstringint></ArrayOfKeyValueOfstringint>"
        });
    }
}
