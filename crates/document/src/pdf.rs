//! The printed ticket: a page for each admission, the size of a folded sheet (A5), which is also
//! easy to read on a phone.

mod letters;
mod page;

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Filter, Finish as _, Name, Pdf, Rect, Ref, TextStr};

use self::page::{HEIGHT, WIDTH, content};
use crate::occasion::Order;
use crate::qr::QrError;
use crate::texts;

/// The fonts, which every reader of PDF brings along, so that none has to be embedded.
const FONTS: [(Name<'static>, Name<'static>); 2] =
    [(page::REGULAR, Name(b"Helvetica")), (page::BOLD, Name(b"Helvetica-Bold"))];

/// The admissions of an order, a page each.
///
/// # Errors
/// [`QrError`] when a code cannot be drawn.
pub fn pdf(order: &Order) -> Result<Vec<u8>, QrError> {
    let contents: Result<Vec<_>, _> =
        order.admissions.iter().map(|admission| content(order, admission)).collect();
    let mut numbers = Numbers::default();
    let (catalog, tree, info) = (numbers.next(), numbers.next(), numbers.next());
    let fonts = FONTS.map(|(name, base)| (name, base, numbers.next()));
    let pages: Vec<_> =
        contents?.into_iter().map(|bytes| (numbers.next(), numbers.next(), bytes)).collect();
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree).lang(TextStr(texts::of(order.language).tag));
    pdf.document_info(info).title(TextStr(&order.occasion.name)).producer(TextStr("Guichet"));
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(pages.iter().map(|(page, ..)| *page)).count(count);
    for (_, base, font) in fonts {
        pdf.type1_font(font).base_font(base).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for (id, stream, bytes) in &pages {
        let mut page = pdf.page(*id);
        page.parent(tree).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(*stream);
        let mut resources = page.resources();
        resources.fonts().pairs(fonts.iter().map(|(name, _, font)| (*name, *font)));
        resources.finish();
        page.finish();
        pdf.stream(*stream, &packed(bytes)).filter(Filter::FlateDecode);
    }
    Ok(pdf.finish())
}

/// A code is a thousand rectangles, which say much the same.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Nothing that is written into memory fails.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

/// Numbers for the objects of a file.
#[derive(Default)]
struct Numbers {
    last: i32,
}

impl Numbers {
    fn next(&mut self) -> Ref {
        self.last += 1;
        Ref::new(self.last)
    }
}
