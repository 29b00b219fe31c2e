//! What members of clubs pay with: the life of a profile, the list of methods, the scope of keys.

mod desk;
mod life;
mod methods;
mod scope;

use domain::profile::{AccountClass, AccountType};

#[test]
fn brands_are_known_by_their_first_digits() {
    // Proves the published number, name and class of each kind, and that a mask without first
    // digits has no kind.
    for (mask, number, name, class) in [
        ("424242******4242", 1, "Visa", AccountClass::Card),
        ("510510******5100", 2, "MC", AccountClass::Card),
        ("222100******0009", 2, "MC", AccountClass::Card),
        ("272100******0009", -1, "Error", AccountClass::Card),
        ("601111******1117", 3, "Disc", AccountClass::Card),
        ("378282******0005", 4, "Amex", AccountClass::Card),
        ("305693******5904", 5, "Diners", AccountClass::Card),
        ("353011******0000", 6, "JCB", AccountClass::Card),
        ("675964******0004", 20, "Maestro", AccountClass::Card),
        ("620000******0005", 28, "UnionPay", AccountClass::Card),
        ("600649******1234", 42, "Factor4", AccountClass::GiftCard),
        ("******1234", -1, "Error", AccountClass::Card),
        ("", -1, "Error", AccountClass::Card),
        ("áááááá", -1, "Error", AccountClass::Card),
    ] {
        let kind = AccountType::of_mask(mask);
        assert_eq!((kind.number(), kind.name(), kind.class()), (number, name, class), "{mask}");
    }
}
