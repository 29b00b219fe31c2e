//! XML bodies.

use wire::{Settings, xml};

use crate::record::{Everything, Part, ways};

/// Reads a body as a record and as a list, in every way.
pub(crate) fn xml(input: &[u8]) {
    for settings in ways() {
        let mut record = Everything::default();
        if xml::read(input, &mut record, &settings).is_ok() {
            is_read_back(&record, &settings);
        }
        let _refused = xml::read(input, &mut Vec::<Part>::new(), &settings);
    }
}

/// What is written is read back as the same value.
pub(crate) fn is_read_back(record: &Everything, settings: &Settings) {
    let mut written = Vec::new();
    xml::write(record, settings, &mut written);
    let mut again = Everything::default();
    let outcome = xml::read(&written, &mut again, &settings.strictly());
    assert_eq!(outcome, Ok(()), "{}", String::from_utf8_lossy(&written));
    assert_eq!(record, &again, "{}", String::from_utf8_lossy(&written));
}
