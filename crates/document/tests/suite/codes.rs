//! Codes that a reader reads.

use document::{QR_TEXT_LENGTH_MAX, QrError, qr_png, qr_svg};

use crate::sample::CODE;

/// What a reader makes of a picture whose pixels are black or white.
fn decoded(side: usize, is_black: impl Fn(usize, usize) -> bool) -> String {
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
        if is_black(x, y) { 0 } else { 255 }
    });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

fn decoded_png(bytes: &[u8]) -> String {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let side = usize::try_from(frame.width).unwrap();
    decoded(side, |x, y| pixels[y * frame.line_size + x / 8] & (0x80 >> (x % 8)) == 0)
}

/// Paints the rectangles of a path such as `M4 4h7v1h-7z`, four pixels a unit.
fn decoded_svg(svg: &str) -> String {
    const SCALE: usize = 4;
    let width: usize = between(svg, "viewBox=\"0 0 ", " ").parse().unwrap();
    let path = between(svg, "/><path d=\"", "\"");
    let mut dark = vec![false; width * width];
    for run in path.split('M').filter(|run| !run.is_empty()) {
        let (column, rest) = run.split_once(' ').unwrap();
        let (row, rest) = rest.split_once('h').unwrap();
        let (length, _) = rest.split_once('v').unwrap();
        let [column, row, length] = [column, row, length].map(|it| it.parse::<usize>().unwrap());
        dark[row * width + column..][..length].fill(true);
    }
    decoded(width * SCALE, |x, y| dark[y / SCALE * width + x / SCALE])
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).unwrap().1.split_once(after).unwrap().0
}

/// Proves that a reader reads what was written, whatever it is, from a picture and from a drawing.
#[test]
fn codes_are_read_back() {
    for text in ["1", CODE, "þðæö & <svg>", &"x".repeat(300)] {
        assert_eq!(decoded_png(&qr_png(text).unwrap()), text);
        assert_eq!(decoded_svg(&qr_svg(text).unwrap()), text);
    }
}

/// Proves that a text that does not fit is refused, and the longest one is not.
#[test]
fn codes_have_an_end() {
    let longest = "x".repeat(QR_TEXT_LENGTH_MAX);
    assert!(qr_svg(&longest).is_ok());
    let longer = longest + "x";
    assert_eq!(qr_svg(&longer), Err(QrError::TooLong));
    assert_eq!(qr_png(&longer), Err(QrError::TooLong));
}
