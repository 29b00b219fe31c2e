//! JSV bodies.

use wire::{Settings, jsv};

use crate::record::{Everything, Part, ways};

/// Reads a body in every way, and as a single value.
pub(crate) fn jsv(input: &[u8]) {
    for settings in ways() {
        let mut record = Everything::default();
        if jsv::read(input, &mut record, &settings).is_ok() {
            is_read_back(&record.without_last_nulls(), &settings);
        }
        if let Ok(text) = std::str::from_utf8(input) {
            let _refused = jsv::read_value(text, &mut Vec::<Part>::new(), &settings);
        }
    }
}

/// What is written once is read as the same: the second writing is equal to the first.
fn is_read_back(record: &Everything, settings: &Settings) {
    let mut first = Vec::new();
    jsv::write(record, settings, &mut first);
    let mut again = Everything::default();
    let outcome = jsv::read(&first, &mut again, &settings.strictly());
    assert_eq!(outcome, Ok(()), "{}", String::from_utf8_lossy(&first));
    let mut second = Vec::new();
    jsv::write(&again, settings, &mut second);
    assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
}
