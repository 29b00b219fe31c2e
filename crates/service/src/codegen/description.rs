//! Descriptions as comments, in the forms that several languages share. None is written where the
//! options ask for none.

use super::generator::SourceFile;
use super::source::Source;
use super::text::{in_block_comment, one_line};

/// `/** @description text */`.
pub(super) fn tagged(file: &SourceFile<'_>, text: Option<&str>, out: &mut Source) {
    let text = file.description(text).map(in_block_comment);
    out.lines(text.map(|text| format!("/** @description {text} */")));
}

/// `/**`, `* text` and `*/` on lines of their own.
pub(super) fn block(file: &SourceFile<'_>, text: Option<&str>, out: &mut Source) {
    if let Some(text) = file.description(text) {
        out.lines(["/**", &format!("* {}", in_block_comment(text)), "*/"]);
    }
}

/// `/// text`.
pub(super) fn line(file: &SourceFile<'_>, text: Option<&str>, out: &mut Source) {
    out.lines(file.description(text).map(|text| format!("/// {}", one_line(text))));
}
