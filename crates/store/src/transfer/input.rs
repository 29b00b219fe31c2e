//! The lines of a stream as they come in: counted, bounded, and taken into the digest.

use std::io::{BufRead, Read as _};

use sha2::{Digest as _, Sha256};

use super::TransferError;

/// The longest line: an order has at most 50 admissions, so a line is a few kilobytes.
const LINE_LENGTH_MAX: u64 = 4 << 20;

/// A stream that is being read.
pub(super) struct Input<'a> {
    from: &'a mut dyn BufRead,
    /// The last line, with its end.
    line: Vec<u8>,
    /// How many lines there were.
    number: u64,
    /// How many bytes.
    length: u64,
}

impl<'a> Input<'a> {
    pub(super) fn new(from: &'a mut dyn BufRead) -> Input<'a> {
        Input { from, line: Vec::new(), number: 0, length: 0 }
    }

    /// The next line, which must be there and whole.
    pub(super) fn next(&mut self) -> Result<&[u8], TransferError> {
        self.line.clear();
        let mut bounded = (&mut *self.from).take(LINE_LENGTH_MAX);
        let length = bounded.read_until(b'\n', &mut self.line)?;
        self.number += 1;
        self.length += length as u64;
        if self.line.last() == Some(&b'\n') {
            return Ok(&self.line);
        }
        Err(self.broken("it is not whole, so the file was cut off"))
    }

    pub(super) fn broken(&self, problem: impl Into<String>) -> TransferError {
        TransferError::Broken { line: self.number, problem: problem.into() }
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Takes the last line into a digest.
    pub(super) fn digest_into(&self, digest: &mut Sha256) {
        digest.update(&self.line);
    }

    /// Whether nothing follows.
    pub(super) fn is_at_end(&mut self) -> Result<bool, TransferError> {
        Ok(self.from.fill_buf()?.is_empty())
    }
}
