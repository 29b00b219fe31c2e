//! Bodies of JSON Lines.

use wire::jsonl;

use crate::record::{Everything, ways};

/// Reads a body as a list and as a record, in every way.
pub(crate) fn jsonl(input: &[u8]) {
    for settings in ways() {
        let mut list = Vec::<Everything>::new();
        if jsonl::read_list(input, &mut list, &settings).is_ok() {
            let mut written = Vec::new();
            jsonl::write(&list, &settings, &mut written);
            let lines = jsonl::lines(&written).map(|lines| lines.len());
            assert_eq!(lines, Ok(list.len()), "{}", String::from_utf8_lossy(&written));
            let mut again = Vec::<Everything>::new();
            let outcome = jsonl::read_list(&written, &mut again, &settings.strictly());
            assert_eq!(outcome, Ok(()), "{}", String::from_utf8_lossy(&written));
        }
        let _refused = jsonl::read(input, &mut Everything::default(), &settings);
    }
}
