//! Phones: codes and their tries, limits, what a token is good for, and saved cards.

use std::sync::Arc;

use domain::allowance::Allowance;
use domain::facts::Halt;
use domain::ids::PaymentCardId;
use domain::phone::{
    CODE_WITHIN, ConfirmCode, Confirmed, DEVICES_MAX, ForgetPaymentCard, Handle, NewPaymentCard,
    PAYMENT_CARDS_MAX, PaymentCard, Phone, PhoneNumber, RemovePaymentCard, RequestCode,
    RevokePhone, Revoked, SavePaymentCard, SavedToken, SmsCode, VERIFIED_FOR, device_hash,
};
use domain::refusal::Code;
use domain::time::Span;
use domain::token::Secret;

use crate::common::{Till, code};

const NUMBER: &str = "+3545551234";
const RIGHT: u64 = 123_456;

struct Desk {
    till: Till,
    secrets: u8,
}

impl Desk {
    fn new() -> Desk {
        Desk { till: Till::new(), secrets: 0 }
    }

    fn secret(&mut self) -> Secret {
        self.secrets += 1;
        Secret([self.secrets; 16])
    }

    fn request(&mut self, number: &str, device: &str) -> Result<Handle, Halt> {
        let command = RequestCode {
            number: PhoneNumber::parse(number).unwrap(),
            device: (!device.is_empty()).then(|| device_hash(device)),
            secret: self.secret(),
            code: SmsCode::of_random(RIGHT),
        };
        self.till.run(&command).map(|_| command.handle())
    }

    fn confirm(&mut self, handle: Handle, typed: &str) -> Result<Confirmed, Halt> {
        self.confirm_on(handle, typed, None, false)
    }

    fn confirm_on(
        &mut self,
        handle: Handle,
        typed: &str,
        device: Option<&str>,
        revoke_others: bool,
    ) -> Result<Confirmed, Halt> {
        let (code, device) = (SmsCode::parse(typed), device.map(device_hash));
        let secret = self.secret();
        self.till.run(&ConfirmCode { handle, code, device, revoke_others, secret })
    }

    /// A device that speaks for the phone from now on.
    fn verified(&mut self, device: &str, revoke_others: bool) -> Handle {
        self.till.pass(Span::hours(1));
        let handle = self.request(NUMBER, device).unwrap();
        let Ok(Confirmed::Verified { token, .. }) =
            self.confirm_on(handle, "123456", None, revoke_others)
        else {
            panic!("not verified");
        };
        token
    }

    fn phone(&self) -> &Phone {
        let hash = PhoneNumber::parse(NUMBER).unwrap().hash();
        self.till.find(Phone::key_of(hash)).unwrap()
    }

    fn is_good(&self, token: &Handle) -> bool {
        self.phone().verification(token, self.till.now).is_some()
    }

    fn save(&mut self, token: &str, fingerprint: Option<u128>) -> Result<PaymentCard, Halt> {
        let card = NewPaymentCard {
            gateway: "sandbox".into(),
            token: SavedToken(token.into()),
            mask: "424242******4242".into(),
            last_month: None,
            fingerprint,
        };
        self.till.run(&SavePaymentCard { phone: self.phone().hash, card })
    }
}

fn tries_left(confirmed: Result<Confirmed, Halt>) -> u8 {
    match confirmed {
        Ok(Confirmed::Wrong { tries_left }) => tries_left,
        other => panic!("not a wrong code: {other:?}"),
    }
}

/// A number is read as people write it, and nothing else is.
#[test]
fn numbers_are_read() {
    for (text, read) in [
        ("+354 555-1234", Some(NUMBER)),
        ("003545551234", Some(NUMBER)),
        ("3545551234", Some(NUMBER)),
        (" 3545551234 ", Some(NUMBER)),
        ("5551234", Some(NUMBER)),
        ("555 12 34", Some(NUMBER)),
        ("+4512345678", Some("+4512345678")),
        ("+123456789012345", Some("+123456789012345")),
        ("+1234567890123456", None),
        ("+123456", None),
        ("+0455512345", None),
        ("000455512345", None),
        ("555123", None),
        ("55512345", None),
        ("+354555123a", None),
        ("+354+5551234", None),
        ("+٣٥٤٥٥٥١٢٣٤", None),
        ("", None),
        ("+", None),
    ] {
        let number = PhoneNumber::parse(text);
        assert_eq!(number.as_ref().map(PhoneNumber::text), read, "{text:?}");
    }
}

/// Nothing that is printed tells a number or a code, and a handle is read back as it was written.
#[test]
fn secrets_are_not_printed() {
    let number = PhoneNumber::parse(NUMBER).unwrap();
    let command = RequestCode {
        number,
        device: None,
        secret: Secret([7; 16]),
        code: SmsCode::of_random(RIGHT),
    };
    let printed = format!("{command:?} {:?}", SavedToken("tok_secret".into()));
    for secret in ["555123", "123456", "tok_secret"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    let handle = command.handle();
    assert_eq!(Handle::parse(&handle.text()), Some(handle));
    assert_eq!((handle.text().len(), Handle::parse("tok")), (43, None));
}

/// The right code makes the device speak for the phone for 180 days; a code is good once.
#[test]
fn a_code_is_good_once() {
    let mut desk = Desk::new();
    let handle = desk.request(NUMBER, "phone").unwrap();
    let Ok(Confirmed::Verified { phone, token, expires_at }) = desk.confirm(handle, " 123456 ")
    else {
        panic!("not verified")
    };
    assert_eq!((phone.number.as_str(), phone.id.0), (NUMBER, 1));
    assert_eq!(expires_at, desk.till.now.after(VERIFIED_FOR));
    assert!(desk.is_good(&token));
    assert!(!desk.is_good(&handle), "the handle of the request is no token");
    assert_eq!(code(desk.confirm(handle, "123456")), Code::PhoneVerificationInvalid);
    desk.till.pass(VERIFIED_FOR);
    assert!(!desk.is_good(&token));
}

/// Five wrong codes close the request, whatever was typed; the right one comes too late then.
#[test]
fn tries_run_out() {
    let mut desk = Desk::new();
    let handle = desk.request(NUMBER, "phone").unwrap();
    for (typed, left) in [("123457", 4), ("", 3), ("12345", 2), ("1234567", 1), ("000000", 0)] {
        assert_eq!(tries_left(desk.confirm(handle, typed)), left, "{typed:?}");
    }
    assert_eq!(code(desk.confirm(handle, "123456")), Code::TooManyRequests);
    assert_eq!(desk.phone().verifications, []);
}

/// An unknown handle, one of another phone, a late one and an earlier one get the same answer and
/// use up no try; another device is told apart.
#[test]
fn what_is_not_waited_for_is_unknown() {
    let mut desk = Desk::new();
    let earlier = desk.request(NUMBER, "phone").unwrap();
    desk.till.pass(Span::seconds(60));
    let handle = desk.request(NUMBER, "phone").unwrap();
    let guessed = Handle { secret: Secret([99; 16]), ..handle };
    let elsewhere = Handle { phone: 7, ..handle };
    for unknown in [earlier, guessed, elsewhere] {
        let refused = desk.confirm(unknown, "123456").unwrap_err();
        assert_eq!(refused, domain::phone::unknown_request().into());
    }
    let other = desk.confirm_on(handle, "123456", Some("other"), false);
    assert_eq!(code(other), Code::PhoneVerificationDeviceMismatch);
    assert_eq!(desk.phone().request.as_ref().unwrap().tries_left, 5);
    desk.till.pass(CODE_WITHIN);
    let refused = desk.confirm(handle, "123456").unwrap_err();
    assert_eq!(refused, domain::phone::unknown_request().into());
}

/// One message a minute and five an hour, for a number and for a device each; devices without a
/// name share no allowance, and what is refused leaves nothing behind.
#[test]
fn messages_are_limited() {
    let mut desk = Desk::new();
    desk.request(NUMBER, "phone").unwrap();
    let before = desk.till.records.clone();
    assert_eq!(code(desk.request(NUMBER, "other")), Code::TooManyRequests);
    assert_eq!(code(desk.request("+3545550000", "phone")), Code::TooManyRequests);
    assert_eq!(desk.till.records, before);
    for _ in 1..5 {
        desk.till.pass(Span::seconds(60));
        desk.request(NUMBER, "phone").unwrap();
    }
    desk.till.pass(Span::minutes(55));
    assert_eq!(code(desk.request(NUMBER, "")), Code::TooManyRequests);
    desk.till.pass(Span::minutes(1));
    desk.request(NUMBER, "").unwrap();
    desk.request("+3545550000", "").unwrap();
    assert!(desk.till.all::<Allowance>().all(|allowance| allowance.tries.len() <= 5));
}

/// Devices speak side by side; each has one token, the owner can end the others, and there is a
/// limit to their number.
#[test]
fn devices_are_told_apart() {
    let mut desk = Desk::new();
    let (phone, tablet) = (desk.verified("phone", false), desk.verified("tablet", false));
    assert!(desk.is_good(&phone) && desk.is_good(&tablet));
    let anew = desk.verified("phone", false);
    assert_eq!([phone, tablet, anew].map(|token| desk.is_good(&token)), [false, true, true]);
    let watch = desk.verified("watch", true);
    assert_eq!([tablet, anew, watch].map(|token| desk.is_good(&token)), [false, false, true]);
    for number in 0..DEVICES_MAX {
        desk.verified(&format!("device {number}"), false);
    }
    assert!(!desk.is_good(&watch));
    assert_eq!(desk.phone().verifications.len(), DEVICES_MAX);
}

/// A revocation ends one, the others or all, and says how many.
#[test]
fn verifications_end() {
    let mut desk = Desk::new();
    let tokens = ["a", "b", "c"].map(|device| desk.verified(device, false));
    let phone = desk.phone().hash;
    let mut revoke = |revoked, ended, good: [bool; 3]| {
        assert_eq!(desk.till.run(&RevokePhone { phone, revoked, note: None }), Ok(ended));
        assert_eq!(tokens.map(|token| desk.is_good(&token)), good, "{revoked:?}");
    };
    revoke(Revoked::One(tokens[0]), 1, [false, true, true]);
    revoke(Revoked::One(tokens[0]), 0, [false, true, true]);
    revoke(Revoked::Others(tokens[1]), 1, [false, true, false]);
    revoke(Revoked::All, 1, [false; 3]);
    assert_eq!(desk.till.run(&RevokePhone { phone: 7, revoked: Revoked::All, note: None }), Ok(0));
}

/// The same card saved again keeps its number, whether its token or the card itself tells that;
/// the token it had is then to be refused. A phone has so many cards and no more.
#[test]
fn cards_are_saved() {
    let mut desk = Desk::new();
    desk.verified("phone", false);
    let first = desk.save("one", Some(1)).unwrap();
    assert_eq!(desk.save("one", Some(1)).unwrap(), first);
    let again = desk.save("two", Some(1)).unwrap();
    assert_eq!((again.id, again.token.0.as_str()), (first.id, "two"));
    let cards: Vec<_> =
        desk.phone().cards.iter().map(|card| (card.token.0.as_str(), card.removed)).collect();
    assert_eq!(cards, [("one", true), ("two", false)]);
    assert_eq!(desk.phone().card(first.id), Some(&again));
    for number in 2..PAYMENT_CARDS_MAX {
        desk.save(&format!("more {number}"), None).unwrap();
    }
    assert_eq!(code(desk.save("too many", None)), Code::SaveCardNotAllowed);
    let stranger = SavePaymentCard {
        phone: 7,
        card: NewPaymentCard {
            gateway: "sandbox".into(),
            token: SavedToken("x".into()),
            mask: String::new(),
            last_month: None,
            fingerprint: None,
        },
    };
    assert_eq!(code(desk.till.run(&stranger)), Code::PhoneVerificationInvalid);
}

/// A removed card is there no more, and is forgotten when its gateway was told; one that was not
/// removed is not forgotten.
#[test]
fn cards_are_removed() {
    let mut desk = Desk::new();
    desk.verified("phone", false);
    let card = desk.save("one", None).unwrap();
    let phone = desk.phone().hash;
    desk.till.run(&ForgetPaymentCard { phone, card: card.id }).unwrap();
    assert_eq!(desk.phone().card(card.id), Some(&card));
    let remove = RemovePaymentCard { phone, card: card.id };
    assert_eq!((desk.till.run(&remove), desk.till.run(&remove)), (Ok(true), Ok(false)));
    assert_eq!((desk.phone().card(card.id), desk.phone().cards.len()), (None, 1));
    desk.till.run(&ForgetPaymentCard { phone, card: card.id }).unwrap();
    assert_eq!(desk.phone().cards, []);
    let strange = RemovePaymentCard { phone: 7, card: PaymentCardId(1) };
    assert_eq!(desk.till.run(&strange), Ok(false));
}

/// A phone of the first version, which had a number only, can still be read.
#[test]
fn early_rows_are_read() {
    let row = r#"{"hash":7,"id":1,"number":"+3545551234"}"#;
    let phone: Arc<Phone> = Arc::new(serde_json::from_str(row).unwrap());
    assert_eq!((phone.request.is_none(), phone.cards.len()), (true, 0));
}
