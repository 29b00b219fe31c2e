//! Codes that a gate reads.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::sale::Sale;
use domain::scan_code::{SealKey, check_code};

const KEY_ID: u8 = 4;
const SECRET: [u8; 32] = [1; 32];

/// Three admissions; what of a sale has no part in its codes is left at nothing.
const SALE: &str = r#"{"shard":7,"id":1,"secret":"AAAAAAAAAAAAAAAAAAAAAA","event":9,
    "state":"issued","changed_at":0,"placed_at":0,"currency":"ISK","total":0,"fee":0,
    "lines":[{"id":1,"ticket_type":1,"of_series":false,"count":3,"unit_price":0,"total":0}]}"#;

/// Whatever opens the gate is one of the three codes of the one sale that was sealed, also when
/// the input is taken for the bytes behind a code.
pub(crate) fn scan_code(input: &[u8]) {
    let key = SealKey::new(KEY_ID, &SECRET);
    let public = |id| (id == KEY_ID).then(|| key.public());
    let texts = [String::from_utf8_lossy(input).into_owned(), URL_SAFE_NO_PAD.encode(input)];
    for text in texts {
        if let Ok(admission) = check_code(&text, public) {
            assert_eq!(text.trim(), genuine(&key, admission.number), "a forged code is taken");
        }
    }
}

fn genuine(key: &SealKey, number: u8) -> String {
    assert!((1..=3).contains(&number), "there is no admission {number}");
    let sale: Sale = serde_json::from_str(SALE).expect("a sale");
    key.seal(&sale).code(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_is_a_genuine_code() {
        // Proves that the fuzzer begins at a code that opens the gate.
        let seed = include_str!("../../../fuzz/seeds/scan-code/genuine").trim();
        assert_eq!(seed, genuine(&SealKey::new(KEY_ID, &SECRET), 2));
    }
}
