//! Codes at the gate.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::ids::SaleId;
use domain::scan_code::{Admission, ScanError, SealKey, check_code};

use crate::common::{CHILD, Club, EVENT, SHARD};

const KEY_ID: u8 = 4;

fn key() -> SealKey {
    SealKey::new(KEY_ID, &[1; 32])
}

fn check_at_gate(code: &str) -> Result<Admission, ScanError> {
    check_code(code, |id| (id == KEY_ID).then(|| key().public()))
}

/// The code of one admission of a sale of three.
fn code(number: u8) -> String {
    let mut club = Club::new();
    let sale = club.place(&club.order(&[(CHILD, 3)])).unwrap().sale;
    key().seal(&sale).code(number)
}

/// The same code with one byte changed.
fn spoilt(code: &str, index: usize) -> String {
    let mut bytes = URL_SAFE_NO_PAD.decode(code).unwrap();
    bytes[index] ^= 0x40;
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Every admission of the order has a code of its own, the same one each time.
#[test]
fn each_admission_has_its_code() {
    for number in 1..=3 {
        let expected = Admission { shard: SHARD, sale: SaleId(1), event: EVENT, number };
        assert_eq!(check_at_gate(&code(number)), Ok(expected));
        assert_eq!(code(number), code(number));
    }
    assert_eq!(code(1).len(), 107);
}

/// Numbers that the order does not have open nothing.
#[test]
fn other_numbers_are_forged() {
    for number in [0, 4, 255] {
        assert_eq!(check_at_gate(&code(number)), Err(ScanError::Forged), "{number}");
    }
}

/// No byte of a code can be changed.
#[test]
fn every_byte_counts() {
    for index in 0..80 {
        let expected = match index {
            0 => ScanError::UnknownVersion,
            1 => ScanError::UnknownKey,
            _ => ScanError::Forged,
        };
        assert_eq!(check_at_gate(&spoilt(&code(1), index)), Err(expected), "byte {index}");
    }
}

/// What is no code of ours is unreadable; blanks around it are the scanner's.
#[test]
fn nonsense_is_unreadable() {
    for text in ["", "x", "ünreadable", &code(1)[..106], &format!("{}A", code(1))] {
        assert_eq!(check_at_gate(text), Err(ScanError::Unreadable), "{text}");
    }
    assert!(check_at_gate(&format!(" {}\n", code(1))).is_ok());
}

/// A code sealed with another key is forged, though it names this one.
#[test]
fn another_key_does_not_open() {
    let stranger = SealKey::new(KEY_ID, &[2; 32]).public();
    assert_eq!(check_code(&code(1), |_| Some(stranger)), Err(ScanError::Forged));
}
