//! The list of means of paying in a request.

use domain::facts::Halt;
use domain::ids::PaymentProfileId;
use domain::profile::{
    self, AcctToken, METHODS_MAX, MethodAsked, Payer, PaymentMethod, ProfileOwner, Wanted,
    check_methods,
};
use domain::refusal::{Code, Refusal};
use domain::token::Secret;

use super::desk::{ANNA, CHAIN, Desk, shown};
use crate::common::code;

fn number(id: u32, cap: Option<i64>) -> MethodAsked {
    MethodAsked { profile: Some(PaymentProfileId(id)), cap, ..MethodAsked::default() }
}

fn preferred(cap: Option<i64>) -> MethodAsked {
    MethodAsked { use_preferred: true, cap, ..MethodAsked::default() }
}

fn told(found: Result<Vec<PaymentMethod>, Refusal>) -> Result<Vec<Option<i64>>, Code> {
    let caps = |methods: Vec<PaymentMethod>| methods.iter().map(|method| method.cap).collect();
    found.map(caps).map_err(|refusal| refusal.code)
}

/// What it is, a list, and the caps that come of it or why it is refused.
type Row<'a> = (&'a str, &'a [MethodAsked], Result<Vec<Option<i64>>, Code>);

#[test]
fn lists_are_checked() {
    // Proves what may stand in a list that is to pay 3.00, and the code for each that may not.
    let token = AcctToken { id: PaymentProfileId(1), secret: Secret([1; 16]) };
    let two = MethodAsked { acct_token: Some(token), ..preferred(None) };
    let keeps = MethodAsked { keeps_preference: true, ..preferred(None) };
    let many: Vec<_> = (1..).map(|id| number(id, None)).take(METHODS_MAX + 1).collect();
    let rows: &[Row] = &[
        ("none at all", &[], Err(Code::PaymentMethodRequired)),
        (
            "the caps reach",
            &[number(1, Some(100)), preferred(Some(200))],
            Ok(vec![Some(100), Some(200)]),
        ),
        ("a cap above all", &[number(1, Some(500))], Ok(vec![Some(500)])),
        ("one without cap", &[number(1, Some(1)), preferred(None)], Ok(vec![Some(1), None])),
        (
            "too little",
            &[number(1, Some(100)), preferred(Some(199))],
            Err(Code::PaymentMethodsInsufficient),
        ),
        ("no method", &[MethodAsked::default()], Err(Code::PaymentMethodAmbiguous)),
        ("two methods in one", &[two], Err(Code::PaymentMethodAmbiguous)),
        ("nothing to keep", &[keeps], Err(Code::ValidationFailed)),
        ("a cap of 0", &[number(1, Some(0))], Err(Code::InvalidAmount)),
        ("a cap below 0", &[number(1, Some(-5))], Err(Code::InvalidAmount)),
        (
            "the same twice",
            &[number(1, None), number(1, Some(5))],
            Err(Code::DuplicatePaymentMethod),
        ),
        ("preferred twice", &[preferred(None), preferred(None)], Err(Code::DuplicatePaymentMethod)),
        ("too many", &many, Err(Code::ValidationFailed)),
        (
            "caps beyond all numbers",
            &[number(1, Some(i64::MAX)), number(2, Some(i64::MAX))],
            Ok(vec![Some(i64::MAX), Some(i64::MAX)]),
        ),
    ];
    for (what, asked, expected) in rows {
        assert_eq!(told(check_methods(Some(asked), 300)), *expected, "{what}");
    }
    let none = check_methods(None, 300).unwrap();
    assert_eq!((none[0].wanted, none[0].cap, none.len()), (Wanted::Preferred, None, 1));
}

fn payers(desk: &mut Desk, asked: &[MethodAsked]) -> Result<Vec<Payer>, Halt> {
    let methods = check_methods(Some(asked), 300).unwrap();
    desk.ask(move |facts, now| profile::payers(facts, CHAIN, ANNA, &methods, now))
}

#[test]
fn methods_lead_to_profiles() {
    // Proves that each way of naming finds its profile, that a new one is put on file and would be
    // preferred unless that is declined, and that two names of one profile are told.
    let mut desk = Desk::new();
    let first = desk.on_file(|_| ());
    let second = desk.on_file(|_| ());
    let token = AcctToken { id: first.id, secret: first.secret };
    let by_token = MethodAsked { acct_token: Some(token), ..MethodAsked::default() };
    let found = payers(&mut desk, &[by_token, preferred(None)]).unwrap();
    let ids: Vec<_> = found.iter().map(|payer| payer.profile.id).collect();
    assert_eq!(ids, [first.id, second.id]);
    let twice = payers(&mut desk, &[number(second.id.0, None), preferred(None)]);
    assert_eq!(code(twice), Code::DuplicatePaymentMethod);
    for (keeps_preference, temporary, expected) in
        [(false, false, true), (true, false, false), (false, true, false)]
    {
        let owner = ProfileOwner::Stranger;
        let vaulted = desk.vault(owner, move |new| new.temporary = temporary);
        let profile_token = Some(shown(&vaulted, 1));
        let new = MethodAsked { profile_token, keeps_preference, ..MethodAsked::default() };
        let found = payers(&mut desk, &[new]).unwrap();
        assert_eq!(found[0].becomes_preferred, expected);
        assert_eq!(desk.wallet(ANNA).preferred, Some(second.id), "the sale decides");
    }
}

#[test]
fn a_refused_list_imports_nothing() {
    // Proves that a list whose second method is wrong leaves the first one's token as it was.
    let mut desk = Desk::new();
    let vaulted = desk.vault(ProfileOwner::Member(ANNA), |_| ());
    let profile_token = Some(shown(&vaulted, 1));
    let new = MethodAsked { profile_token, ..MethodAsked::default() };
    let found = payers(&mut desk, &[new, number(99, None)]);
    assert_eq!(code(found), Code::AcctTokenInvalid);
    assert!(desk.wallet(ANNA).profiles.is_empty());
    assert_eq!(desk.profile(vaulted.id).imported_by, None);
}
