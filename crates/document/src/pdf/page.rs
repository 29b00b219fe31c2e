//! One page: the event above, the code in the middle, whose it is below.

use pdf_writer::{Content, Name, Str};

use super::letters::lines;
use crate::clock::moment;
use crate::occasion::{Admission, Order};
use crate::qr::{Modules, QrError};
use crate::texts::{self, fill};

/// The page's width in points (A5).
pub(super) const WIDTH: f32 = 420.0;

/// The page's height in points.
pub(super) const HEIGHT: f32 = 595.0;

/// The name of the font for running text.
pub(super) const REGULAR: Name<'static> = Name(b"F1");

/// The name of the font for what stands out.
pub(super) const BOLD: Name<'static> = Name(b"F2");

const MARGIN: f32 = 36.0;

/// The code's side: 8 cm, which any camera reads at arm's length.
const CODE_SIDE: f32 = 227.0;

/// How far down the code may begin, so that what stands below it has room.
const CODE_TOP_MIN: f32 = 430.0;

/// Lines between one text and the next.
const LINE_HEIGHT: f32 = 1.25;

/// How a text is set.
struct Style {
    font: Name<'static>,
    size: u16,
    lines_max: usize,
    gray: f32,
}

const SMALL: Style = Style { font: REGULAR, size: 10, lines_max: 1, gray: 0.3 };
const TITLE: Style = Style { font: BOLD, size: 20, lines_max: 3, gray: 0.0 };
const NORMAL: Style = Style { font: REGULAR, size: 12, lines_max: 1, gray: 0.0 };
const STRONG: Style = Style { font: BOLD, size: 12, lines_max: 2, gray: 0.0 };

/// The drawing of one admission.
pub(super) fn content(order: &Order, admission: &Admission) -> Result<Vec<u8>, QrError> {
    let modules = Modules::of(&admission.code)?;
    let mut page = Page { content: Content::new(), top: HEIGHT - MARGIN };
    let (texts, occasion) = (texts::of(order.language), &order.occasion);
    page.text(&SMALL, &occasion.organiser);
    page.text(&TITLE, &occasion.name);
    page.text(&NORMAL, &moment(texts, occasion.starts_at, &occasion.time_zone));
    page.text(&NORMAL, occasion.venue.as_deref().unwrap_or_default());
    page.code(&modules);
    page.text(&SMALL, texts.gate_hint);
    let fact = |name: &str, value: &str| format!("{name}: {value}");
    page.text(&STRONG, &admission.ticket_type);
    if let Some(holder) = &admission.holder {
        page.text(&STRONG, &fact(texts.label_holder, holder));
    }
    if let Some(seat) = &admission.seat {
        page.text(&STRONG, &fact(texts.label_seat, &seat.text(texts)));
    }
    let (number, count) = (admission.number.to_string(), order.admission_count.to_string());
    let place = fill(texts.ticket_of, &[("number", &number), ("count", &count)]);
    let bought = fact(texts.label_order, &order.number.to_string());
    let paid = fact(texts.label_price, &order.price);
    page.text(&SMALL, &[place, bought, paid].join(" \u{b7} "));
    Ok(page.content.finish().into_vec())
}

/// A page that is filled from above.
struct Page {
    content: Content,
    /// Where the next thing begins, in points from below.
    top: f32,
}

impl Page {
    fn text(&mut self, style: &Style, text: &str) {
        let size = f32::from(style.size);
        let width_max = u32::from(TEXT_WIDTH) * 1_000 / u32::from(style.size);
        self.content.set_fill_gray(style.gray);
        for line in lines(text, style.font == BOLD, width_max, style.lines_max) {
            self.top -= size * LINE_HEIGHT;
            let content = self.content.begin_text().set_font(style.font, size);
            content.next_line(MARGIN, self.top).show(Str(&line)).end_text();
        }
    }

    /// The code, in squares rather than as a picture, so that any printer draws it sharply.
    fn code(&mut self, modules: &Modules) {
        let top = (self.top - f32::from(NORMAL.size)).min(CODE_TOP_MIN);
        let side = CODE_SIDE / points(modules.width);
        let left = (WIDTH - CODE_SIDE) / 2.0;
        self.content.set_fill_gray(0.0);
        for run in modules.runs() {
            let below = top - points(run.row + 1) * side;
            let x = left + points(run.column) * side;
            self.content.rect(x, below, points(run.length) * side, side);
        }
        self.content.fill_nonzero();
        self.top = top - CODE_SIDE;
    }
}

/// Room for texts between the margins, in points.
const TEXT_WIDTH: u16 = 348;

/// A count of modules; codes have fewer than 200.
fn points(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::MAX, f32::from)
}
