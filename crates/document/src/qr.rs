//! QR codes (ISO/IEC 18004), with error correction M, which a scratched screen survives.

use qrcode::{Color, EcLevel, QrCode};

/// The longest text of a code, in bytes: what the largest one holds at error correction M.
pub const QR_TEXT_LENGTH_MAX: usize = 2_331;

/// The empty border that readers need, in modules.
const QUIET_ZONE: usize = 4;

/// Pixels a module in a picture; a code of 45 modules becomes 424 pixels wide.
const PIXELS_PER_MODULE: usize = 8;

/// Why no code can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// The text does not fit.
    #[error(
        "the text is too long for a QR code; {max} bytes fit",
        max = QR_TEXT_LENGTH_MAX
    )]
    TooLong,
    /// The picture could not be written.
    #[error("the QR code could not be written as a picture")]
    Picture,
}

/// A code as dark and light modules, its quiet zone included.
pub(crate) struct Modules {
    /// Modules on each side.
    pub(crate) width: usize,
    inner_width: usize,
    colors: Vec<Color>,
}

/// A run of dark modules in one row.
pub(crate) struct Run {
    pub(crate) column: usize,
    pub(crate) row: usize,
    pub(crate) length: usize,
}

impl Modules {
    /// The code for a text.
    pub(crate) fn of(text: &str) -> Result<Modules, QrError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M);
        let code = code.map_err(|_| QrError::TooLong)?;
        let inner_width = code.width();
        let width = inner_width + 2 * QUIET_ZONE;
        Ok(Modules { width, inner_width, colors: code.into_colors() })
    }

    fn is_dark(&self, column: usize, row: usize) -> bool {
        let inner = |at: usize| at.checked_sub(QUIET_ZONE).filter(|at| *at < self.inner_width);
        let index = inner(column).zip(inner(row)).map(|(x, y)| y * self.inner_width + x);
        index.and_then(|index| self.colors.get(index)) == Some(&Color::Dark)
    }

    /// All that is dark, row by row, neighbours joined so that no seam shows between them.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for row in 0..self.width {
            for column in (0..self.width).filter(|column| self.is_dark(*column, row)) {
                match runs.last_mut() {
                    Some(run) if run.row == row && run.column + run.length == column => {
                        run.length += 1;
                    }
                    _ => runs.push(Run { column, row, length: 1 }),
                }
            }
        }
        runs
    }
}

/// A code as SVG: black on white, as large as the place it is put in.
///
/// # Errors
/// [`QrError::TooLong`] beyond [`QR_TEXT_LENGTH_MAX`].
pub fn qr_svg(text: &str) -> Result<String, QrError> {
    let modules = Modules::of(text)?;
    let dark = |run: &Run| format!("M{} {}h{}v1h-{}z", run.column, run.row, run.length, run.length);
    let path: String = modules.runs().iter().map(dark).collect();
    let width = modules.width;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {width}\" role=\"img\" \
         aria-label=\"QR\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" \
         d=\"M0 0h{width}v{width}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}

/// A code as PNG: black on white, one bit a pixel.
///
/// # Errors
/// [`QrError::TooLong`] beyond [`QR_TEXT_LENGTH_MAX`].
pub fn qr_png(text: &str) -> Result<Vec<u8>, QrError> {
    let modules = Modules::of(text)?;
    let side = u32::try_from(modules.width * PIXELS_PER_MODULE).map_err(|_| QrError::TooLong)?;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().map_err(|_| QrError::Picture)?;
    writer.write_image_data(&pixels(&modules)).map_err(|_| QrError::Picture)?;
    writer.finish().map_err(|_| QrError::Picture)?;
    Ok(bytes)
}

/// A module is as wide as a byte has bits, so each is one byte, in as many rows.
fn pixels(modules: &Modules) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(modules.width * modules.width * PIXELS_PER_MODULE);
    for row in 0..modules.width {
        let byte = |column| if modules.is_dark(column, row) { 0x00 } else { 0xff };
        let line: Vec<u8> = (0..modules.width).map(byte).collect();
        (0..PIXELS_PER_MODULE).for_each(|_| pixels.extend_from_slice(&line));
    }
    pixels
}
