//! Printed tickets, opened by another library.

use document::{Language, pdf};
use lopdf::{Document, Object};

use crate::sample::order;

/// The texts of a page, from top to bottom, as the page's encoding reads them.
fn texts(document: &Document, page: u32) -> Vec<String> {
    let id = document.get_pages()[&page];
    let content = document.get_and_decode_page_content(id).unwrap();
    let shown = content.operations.iter().filter(|operation| operation.operator == "Tj");
    let text = |operation: &lopdf::content::Operation| match &operation.operands[..] {
        [Object::String(bytes, _)] => bytes.iter().copied().map(latin).collect(),
        other => panic!("{other:?}"),
    };
    shown.map(text).collect()
}

/// Windows-1252, as far as it is used here.
fn latin(byte: u8) -> char {
    match byte {
        0x96 => '–',
        0x85 => '…',
        byte => char::from(byte),
    }
}

fn count_of(document: &Document, page: u32, operator: &str) -> usize {
    let id = document.get_pages()[&page];
    let content = document.get_and_decode_page_content(id).unwrap();
    content.operations.iter().filter(|operation| operation.operator == operator).count()
}

/// Proves that every admission has a page that says what, when, where, whose and which, in the
/// language asked for and with every letter of Icelandic.
#[test]
fn a_page_an_admission() {
    let document = Document::load_mem(&pdf(&order(Language::Icelandic)).unwrap()).unwrap();
    assert_eq!(document.get_pages().len(), 2);
    assert_eq!(
        texts(&document, 1),
        [
            "Íþróttafélagið Þór",
            "Þór – Ægir, bikarúrslit",
            "sunnudagur 2. maí 2027 kl. 16:00",
            "Laugardalsvöllur, Reykjavík",
            "Sýndu þennan kóða við innganginn. Hann gildir fyrir einn gest.",
            "Fullorðnir",
            "Nafn: Anna Gestsdóttir",
            "Sæti: hólf Á, röð 12, númer 1",
            "Miði 1 af 2 · Pöntun: 17 · Greitt: 8000 ISK",
        ]
    );
    assert!(texts(&document, 2).contains(&"Sæti: hólf Á, röð 12, númer 2".to_owned()));
    assert!(!texts(&document, 2).iter().any(|line| line.contains("Anna")));
    assert!(count_of(&document, 1, "re") > 300, "the code is drawn");
}

/// Proves that the page has another language, and that the code is on it.
#[test]
fn english_pages() {
    let document = Document::load_mem(&pdf(&order(Language::English)).unwrap()).unwrap();
    let texts = texts(&document, 1);
    assert_eq!(texts[2], "Sunday 2 May 2027 at 16:00");
    assert!(texts.contains(&"Name: Anna Gestsdóttir".to_owned()), "{texts:?}");
    let other = Document::load_mem(&pdf(&order(Language::Icelandic)).unwrap()).unwrap();
    assert_eq!(count_of(&document, 1, "re"), count_of(&other, 1, "re"), "the same code");
    assert_ne!(count_of(&document, 1, "re"), count_of(&document, 2, "re"), "another code");
}

/// Proves that names of any length and in any writing leave the page whole, and that a parenthesis
/// in a name stays one.
#[test]
fn any_name_fits() {
    let mut order = order(Language::English);
    order.occasion.name = "Úrslit ".repeat(60);
    order.occasion.venue = None;
    order.admissions[0].holder = Some("Łucja (漢) \\) Tj \u{0}".to_owned());
    let document = Document::load_mem(&pdf(&order).unwrap()).unwrap();
    let texts = texts(&document, 1);
    assert!(texts.contains(&"Name: Lucja (?) \\) Tj ?".to_owned()), "{texts:?}");
    let title: Vec<_> = texts.iter().filter(|text| text.contains("Úrslit")).collect();
    assert_eq!(title.len(), 3);
    assert!(title[2].ends_with('…'), "{title:?}");
    order.admissions.clear();
    assert_eq!(Document::load_mem(&pdf(&order).unwrap()).unwrap().get_pages().len(), 0);
}
