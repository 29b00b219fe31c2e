//! CSV bodies.

use wire::{Settings, csv};

use crate::record::{Everything, Part, ways};

/// Reads a body as a list and as a record, in every way, and takes its first line apart.
pub(crate) fn csv(input: &[u8]) {
    for settings in ways() {
        let mut list = Vec::<Everything>::new();
        if csv::read(input, &mut list, &settings).is_ok() {
            is_read_back(&list, &settings);
        }
        let _refused = csv::read(input, &mut Everything::default(), &settings);
        let _refused = csv::read(input, &mut Vec::<Option<String>>::new(), &settings);
        let _refused = csv::read(input, &mut Vec::<Vec<Part>>::new(), &settings);
    }
    if let Ok(text) = std::str::from_utf8(input) {
        let _refused = csv::fields(text);
    }
}

/// What is written once is read as the same: the second writing is equal to the first. (The values
/// are not: an empty text is written as null is.)
pub(crate) fn is_read_back(list: &[Everything], settings: &Settings) {
    let list: Vec<_> = list.iter().map(Everything::without_last_nulls).collect();
    let mut first = Vec::new();
    csv::write(&list, settings, &mut first);
    let mut again = Vec::<Everything>::new();
    let outcome = csv::read(&first, &mut again, &settings.strictly());
    assert_eq!(outcome, Ok(()), "{}", String::from_utf8_lossy(&first));
    assert_eq!(list.len(), again.len());
    let mut second = Vec::new();
    csv::write(&again, settings, &mut second);
    assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
}
