//! Documents in CSV, XML and JSON Lines: what is read, what is refused, and what is shown.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall stop")]

mod dto_support;

use dto_support::{Color, Sub, T2};
use service::Dto;
use service::dto::AnyDto;
use service::dto::wire::{NameStyle, Problems, Settings, Value, csv, json, jsonl, xml};
use service::types::Map;

/// A class whose first list is its table.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(data_contract)]
struct Page {
    /// A number.
    total: i32,
    /// A record, which is no list.
    first: Option<Sub>,
    /// The list.
    results: Option<Vec<Sub>>,
}

/// A class with `[DataContract]` and no list.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(data_contract)]
struct Single {
    /// A number.
    total: i32,
    /// The record.
    first: Option<Sub>,
}

/// A class with a base.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
struct Child {
    /// The base.
    #[dto(base)]
    base: Sub,
    /// A list in a list.
    grid: Option<Vec<Option<Vec<i32>>>>,
    /// Records by name.
    by_name: Option<Map<String, Option<Sub>>>,
}

fn sub(name: &str, age: i32) -> Sub {
    Sub { name: Some(name.to_owned()), age }
}

fn written(write: impl Fn(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

fn in_csv(value: &impl Value, settings: &Settings) -> String {
    written(|out| csv::write(value, settings, out))
}

fn in_jsonl(value: &impl Value) -> String {
    written(|out| jsonl::write(value, &Settings::named(NameStyle::Camel), out))
}

fn in_json(value: &impl Value) -> String {
    written(|out| json::write(value, &Settings::default(), out))
}

fn from_csv<V: Value>(text: &str, settings: &Settings) -> Result<V, Problems> {
    let mut value = V::default();
    csv::read(text.as_bytes(), &mut value, settings).map(|()| value)
}

fn from_xml<V: Value>(text: &str) -> Result<V, Problems> {
    let mut value = V::default();
    xml::read(text.as_bytes(), &mut value, &Settings::default().strictly()).map(|()| value)
}

#[test]
fn csv_and_json_lines_show_the_same_list() {
    // Proves which member of a wrapper is shown, and that name styles reach what is in a cell and
    // in a line, but no header.
    let page = Page { total: 2, first: Some(sub("x", 9)), results: Some(vec![sub("a", 1)]) };
    let camel = Settings::named(NameStyle::Camel);
    assert_eq!(in_csv(&page, &camel), "Name,Age\r\na,1\r\n");
    assert_eq!(in_jsonl(&page), "{\"name\":\"a\",\"age\":1}\n");
    assert_eq!(in_csv(&Page::default(), &camel), "Name,Age\r\n");
    assert_eq!(in_jsonl(&Page::default()), "");
    let single = Single { total: 2, first: Some(sub("x", 9)) };
    assert_eq!(in_csv(&single, &camel), "Name,Age\r\nx,9\r\n");
    assert_eq!(in_jsonl(&single), "{\"name\":\"x\",\"age\":9}\n");
    let child = Child { grid: Some(vec![Some(vec![1])]), ..Child::default() };
    assert_eq!(in_csv(&child, &camel), "Grid,ByName,Name,Age\r\n\"[[1]]\",,,0\r\n");
    let nested = Child { by_name: Some([("k".into(), Some(sub("n", 1)))].into()), ..child };
    assert!(in_csv(&nested, &camel).contains("\"{k:{name:n,age:1}}\""));
}

#[test]
fn a_row_has_every_cell_whatever_is_left_out_elsewhere() {
    // Proves that `ExcludeDefaultValues` moves no cell into another column.
    let settings = Settings { exclude_default_values: true, ..Settings::default() };
    assert_eq!(in_csv(&vec![sub("a", 0)], &settings), "Name,Age\r\na,0\r\n");
    assert_eq!(in_csv(&Single::default(), &settings), "");
    let t2 = T2 { l: Some(vec![sub("a", 0)]), h: Color::Blue, ..T2::default() };
    assert!(in_csv(&t2, &settings).contains(",Blue,"));
    assert!(in_csv(&t2, &settings).contains("\"[{Name:a}]\""));
}

#[test]
fn any_sink_writes_a_table() {
    // Proves that samples and errors, which know no type when compiling, can be written.
    let page: Box<dyn AnyDto> =
        Box::new(Page { results: Some(vec![sub("a", 1)]), ..Page::default() });
    let text = written(|out| page.write_to(&mut csv::Writer::new(out, &Settings::default())));
    assert_eq!(text, "Name,Age\r\na,1\r\n");
}

#[test]
fn csv_rows_become_records() {
    // Proves the ways a table is read: rows, one row, the list of a wrapper, cells, keys.
    let lenient = Settings::default();
    let table = "AGE,unknown,name\n1,{x,\"a\nb\"\n\n,,\"\"\n";
    let rows = vec![sub("a\nb", 1), sub("", 0)];
    assert_eq!(from_csv::<Vec<Sub>>(table, &lenient), Ok(rows.clone()));
    assert_eq!(from_csv::<Sub>(table, &lenient), Ok(rows[0].clone()));
    let page = Page { results: Some(rows), ..Page::default() };
    assert_eq!(from_csv::<Page>(table, &lenient), Ok(page));
    assert_eq!(from_csv::<Page>("Name", &lenient).unwrap().results, Some(vec![]));
    assert_eq!(from_csv::<Vec<i32>>("1,2\r\n3", &lenient), Ok(vec![1, 2, 3]));
    let entries: Map<String, i32> = [("a".into(), 1), ("b".into(), 2)].into();
    assert_eq!(from_csv("a,b\n1,2", &lenient), Ok(entries));
    assert_eq!(from_csv::<Vec<Sub>>("", &lenient), Ok(vec![]));
    assert_eq!(from_csv::<Sub>("\n", &Settings::default().strictly()), Ok(Sub::default()));
    let mut known: Box<dyn AnyDto> = Box::new(Sub::default());
    let document = csv::Document::new(table.as_bytes()).unwrap();
    let mut reader = csv::Reader::of_record(&document, known.meta(), &lenient).unwrap();
    known.read_from(&mut reader, &lenient).unwrap();
    assert_eq!(*known.into_any().downcast::<Sub>().unwrap(), sub("a\nb", 1));
}

#[test]
fn strict_csv_drops_nothing() {
    // Proves that where writing operations read, an unreadable cell is named and nothing is lost.
    let strict = Settings::default().strictly();
    let error = |text: &str| from_csv::<Vec<T2>>(text, &strict).unwrap_err().to_string();
    assert!(error("A,B\n,1\n,x\n").starts_with("'[1].B' must be"), "{}", error("A,B\n,1\n,x\n"));
    assert!(error("A,L\n,\"[{Age:x}]\"").starts_with("'[0].L[0].Age' must be"));
    assert!(error("A,B\n1,2,3").starts_with("at byte 8"), "{}", error("A,B\n1,2,3"));
    assert!(error("A,C\n1,[a]b").starts_with("at byte 9"), "{}", error("A,C\n1,[a]b"));
    assert!(error("A\n\"b").starts_with("at byte 2"));
    let second_row = from_csv::<Sub>("Name\na\nb", &strict).unwrap_err();
    assert!(second_row.to_string().starts_with("at byte 7"), "{second_row}");
}

#[test]
fn xml_is_read_in_any_order_and_namespace() {
    // Proves that members are found by their names alone, and what nothing looks like.
    let document = "\u{feff}<?xml version='1.0'?><!-- a --><p:T2 xmlns:p='x'>\n<p:B>5</p:B>\
        <K>1.50</K><A>x &lt;&#x41;&#66;<![CDATA[<&]]></A><p:unknown><A/>y</p:unknown>\
        <E><Name/></E><C><string>a</string><string nil='1'/><x></x></C>\
        <D><kv><Key>k</Key><Value>v</Value></kv></D><O i:nil='true'/></p:T2><!-- b -->";
    let value = from_xml::<T2>(document).unwrap();
    assert_eq!(in_json(&value), {
        let expected = T2 {
            a: Some("x <AB<&".into()),
            b: 5,
            c: Some(vec![Some("a".into()), None, Some(String::new())]),
            d: Some([("k".into(), Some("v".into()))].into()),
            e: Some(Sub { name: Some(String::new()), age: 0 }),
            k: Some("1.50".parse().unwrap()),
            ..T2::default()
        };
        in_json(&expected)
    });
}

#[test]
fn xml_nests_lists_and_dictionaries_in_one_namespace() {
    // Proves the published form of members with collections, and that it is read back.
    let child = Child {
        base: sub("n", 1),
        grid: Some(vec![Some(vec![1]), None]),
        by_name: Some([("k".into(), Some(sub("m", 2)))].into()),
    };
    let text = written(|out| xml::write(&child, &Settings::default(), out));
    let arrays = "xmlns:d2p1=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\"";
    assert!(
        text.contains(&format!(
            "<Age>1</Age><Name>n</Name><ByName {arrays}><d2p1:KeyValueOfstringSub>\
         <d2p1:Key>k</d2p1:Key><d2p1:Value><Age>2</Age><Name>m</Name></d2p1:Value>\
         </d2p1:KeyValueOfstringSub></ByName>\
         <Grid {arrays}><d2p1:ArrayOfint><d2p1:int>1</d2p1:int></d2p1:ArrayOfint>\
         <d2p1:ArrayOfint i:nil=\"true\" /></Grid></Child>"
        )),
        "{text}"
    );
    assert_eq!(from_xml::<Child>(&text).unwrap(), child);
    let list = vec![sub("a", 1), sub("b", 2)];
    let text = written(|out| xml::write(&list, &Settings::default(), out));
    assert!(text.contains("<ArrayOfSub xmlns:i="), "{text}");
    assert_eq!(from_xml::<Vec<Sub>>(&text).unwrap(), list);
}

#[test]
fn xml_that_could_do_harm_is_refused() {
    // Proves that document types, instructions, other entities, and what is not well-formed end
    // the reading, with a place and a reason.
    let refused = |text: &str, reason: &str| {
        let error = from_xml::<T2>(text).unwrap_err().to_string();
        assert!(error.starts_with("at byte") && error.contains(reason), "{text}: {error}");
    };
    refused("<!DOCTYPE T2 [<!ENTITY a \"b\">]><T2/>", "no document type");
    refused("<?php x?><T2/>", "no processing instruction");
    refused("<T2><A>&a;</A></T2>", "one of the five entities");
    refused("<T2><A>&#xD800;</A></T2>", "the number of a character");
    refused("<T2><A>x</B></T2>", "XML whose tags match");
    refused("<T2><A>x</A>", "the end of an element");
    refused("<T2/><T2/>", "the end of the document");
    refused("<T2>x<A/></T2>", "an element");
    refused("<T2><A><B/></A></T2>", "a text without elements");
    refused("<T2><D><kv><Value/></kv></D></T2>", "a Key and then a Value");
    refused("<T2 a='1' a='2'/>", "well-formed attributes");
    refused("", "the root element");
    let many: String = (0..65).map(|number| format!(" a{number}='1'")).collect();
    refused(&format!("<T2{many}/>"), "fewer attributes");
    let deep = "<Parts><Part>".repeat(40);
    let error = from_xml::<Tree>(&format!("<Tree>{deep}")).unwrap_err().to_string();
    assert!(error.contains("nest deeper than 64"), "{error}");
    let wrong = from_xml::<T2>("<T2><B>x</B><L><Sub><Age>y</Age></Sub></L></T2>").unwrap_err();
    assert!(wrong.to_string().contains("'B' must be"), "{wrong}");
    assert!(wrong.to_string().contains("'L[0].Age' must be"), "{wrong}");
}

/// A class in itself.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
struct Tree {
    /// More of the same.
    parts: Option<Vec<Tree>>,
}

#[test]
fn json_lines_become_records() {
    // Proves that a list takes every line, and a record the first.
    let mut list = Vec::<Sub>::new();
    let body = b"{\"name\":\"a\"}\n\n{\"NAME\":\"b\",\"age\":2}";
    jsonl::read_list(body, &mut list, &Settings::default()).unwrap();
    assert_eq!(list, [sub("a", 0), sub("b", 2)]);
    let mut record = Sub::default();
    jsonl::read(body, &mut record, &Settings::default()).unwrap();
    assert_eq!(record, sub("a", 0));
}
