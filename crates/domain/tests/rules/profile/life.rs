//! The life of a profile: kept, put on file, preferred, marked, removed, forgotten.

use domain::attempt::DeclineReason;
use domain::facts::Halt;
use domain::ids::{MemberId, PaymentProfileId};
use domain::profile::{
    self, AcctToken, CountVaultDecline, DropLater, ForgetToken, PROFILE_TOKEN_FOR, PROFILES_MAX,
    PaymentProfile, ProfileOwner, ProfileState, TEMPORARY_FOR, TRIES_OF_CALLER, TRIES_OF_MEMBER,
    TryVault,
};
use domain::refusal::Code;
use domain::time::Span;
use domain::token::Secret;

use super::desk::{ANNA, CHAIN, Desk, GONE, JON, shown};
use crate::common::code;

/// What a member's profile answers to whoever names it by its number.
fn by_id(desk: &mut Desk, member: MemberId, id: PaymentProfileId) -> Result<(), Halt> {
    desk.ask(move |facts, now| profile::by_id(facts, CHAIN, member, id, now).map(|_| ()))
}

fn preferred(desk: &mut Desk) -> Result<PaymentProfileId, Halt> {
    desk.ask(|facts, now| profile::preferred(facts, CHAIN, ANNA, now).map(|found| found.id))
}

fn mark(desk: &mut Desk, id: PaymentProfileId, reason: DeclineReason) {
    desk.ask(move |facts, _| profile::mark(facts, CHAIN, id, reason)).unwrap();
}

#[test]
fn a_token_is_good_for_one_request() {
    // Proves that the same request finds what it led to, even late, and that another is refused.
    let mut desk = Desk::new();
    let vaulted = desk.vault(ProfileOwner::Member(ANNA), |_| ());
    let first = desk.import(&vaulted, None, 1).unwrap();
    assert!(first.is_new && !first.profile.temporary && first.profile.drop_at.is_none());
    assert_eq!(code(desk.import(&vaulted, None, 2)), Code::ProfileTokenAlreadyUsed);
    desk.till.pass(Span::hours(100));
    let again = desk.import(&vaulted, None, 1).unwrap();
    assert_eq!((again.profile.id, again.is_new), (first.profile.id, false));
    assert_eq!(desk.wallet(ANNA).profiles, [first.profile.id]);
}

#[test]
fn tokens_are_refused() {
    // Proves each reason not to take a token, and that nothing is on file after it.
    type Row = (ProfileOwner, Option<MemberId>, fn(&mut profile::ProfileTokenUse), Code);
    const OWN: ProfileOwner = ProfileOwner::Member(ANNA);
    let rows: [Row; 8] = [
        (OWN, Some(JON), |_| (), Code::ProfileTokenInvalid),
        (OWN, None, |token| token.secret = Secret([99; 16]), Code::ProfileTokenInvalid),
        (OWN, None, |token| token.id = PaymentProfileId(99), Code::ProfileTokenInvalid),
        (
            OWN,
            None,
            |token| token.expires_at = domain::time::Timestamp(0),
            Code::ProfileTokenExpired,
        ),
        (ProfileOwner::Stranger, None, |_| (), Code::ValidationFailed),
        (ProfileOwner::Stranger, Some(GONE), |_| (), Code::MemberInactive),
        (ProfileOwner::Stranger, Some(MemberId(9)), |_| (), Code::MemberNotFound),
        (ProfileOwner::Member(GONE), None, |_| (), Code::MemberInactive),
    ];
    for (number, (owner, member, change, expected)) in rows.into_iter().enumerate() {
        let mut desk = Desk::new();
        let vaulted = desk.vault(owner, |_| ());
        let mut token = shown(&vaulted, 1);
        change(&mut token);
        let found = desk.ask(move |facts, now| profile::import(facts, CHAIN, member, &token, now));
        assert_eq!(code(found), expected, "row {number}");
        assert!(desk.wallet(ANNA).profiles.is_empty() && desk.profile(vaulted.id) == *vaulted);
    }
}

#[test]
fn the_last_moment_of_a_token() {
    // Proves that a token is taken for five minutes and no longer.
    for (later, is_taken) in [(Span::ZERO, true), (Span::milliseconds(1), false)] {
        let mut desk = Desk::new();
        let vaulted = desk.vault(ProfileOwner::Stranger, |_| ());
        desk.till.pass(PROFILE_TOKEN_FOR);
        desk.till.now = desk.till.now.before(Span::milliseconds(1)).after(later);
        assert_eq!(desk.import(&vaulted, Some(ANNA), 1).is_ok(), is_taken);
    }
}

#[test]
fn the_newest_is_preferred() {
    // Proves that what stays becomes preferred, what is for one use does not, and that only what
    // is on file and the member's own can be chosen.
    let mut desk = Desk::new();
    assert_eq!(code(preferred(&mut desk)), Code::PreferredMethodMissing);
    let first = desk.on_file(|_| ());
    let second = desk.on_file(|_| ());
    assert_eq!(preferred(&mut desk).unwrap(), second.id);
    let gift = desk.on_file(|new| new.mask = "600649******1234".into());
    let once = desk.on_file(|new| new.temporary = true);
    assert!(gift.temporary && once.temporary && gift.drop_at.is_some());
    assert_eq!(preferred(&mut desk).unwrap(), second.id);
    desk.prefer(ANNA, first.id).unwrap();
    assert_eq!(preferred(&mut desk).unwrap(), first.id);
    for id in [gift.id, once.id] {
        assert_eq!(code(desk.prefer(ANNA, id)), Code::PaymentProfileRequired);
    }
    assert_eq!(code(desk.prefer(JON, first.id)), Code::AcctTokenInvalid);
    let vaulted = desk.vault(ProfileOwner::Stranger, |_| ());
    assert_eq!(code(desk.prefer(ANNA, vaulted.id)), Code::AcctTokenInvalid);
    assert_eq!(preferred(&mut desk).unwrap(), first.id);
}

#[test]
fn the_same_card_gives_way() {
    // Proves that a card is on file once: the new profile takes the place of the old one, the
    // preference with it, and the gateway is to be told of the old one.
    let mut desk = Desk::new();
    let same = |new: &mut profile::NewProfile| new.fingerprint = Some(1_000);
    let first = desk.on_file(same);
    let second = desk.on_file(same);
    let elsewhere = desk.on_file(|new| (new.fingerprint, new.gateway) = (Some(1_000), "b".into()));
    assert_eq!(desk.wallet(ANNA).profiles, [second.id, elsewhere.id]);
    let gone = desk.profile(first.id);
    assert_eq!((gone.state, gone.drop_at), (ProfileState::Removed, Some(desk.till.now)));
    assert_eq!(code(by_id(&mut desk, ANNA, first.id)), Code::AcctTokenInvalid);
}

#[test]
fn tokens_lead_to_their_owner_only() {
    // Proves that a number or a token is of no use for anybody else's profile, and a wrong secret
    // of none at all.
    let mut desk = Desk::new();
    let card = desk.on_file(|_| ());
    for (member, secret, is_found) in
        [(ANNA, card.secret, true), (JON, card.secret, false), (ANNA, Secret([77; 16]), false)]
    {
        let token = AcctToken { id: card.id, secret };
        let found =
            desk.ask(move |facts, now| profile::by_acct_token(facts, CHAIN, member, &token, now));
        match is_found {
            true => assert_eq!(found.unwrap().id, card.id),
            false => assert_eq!(code(found), Code::AcctTokenInvalid),
        }
    }
    assert_eq!(code(by_id(&mut desk, JON, card.id)), Code::AcctTokenInvalid);
}

#[test]
fn declines_mark_a_card() {
    // Proves which declines end a card, that a worse one counts after a lesser, and never the other
    // way round.
    use DeclineReason::{CardInvalid, HardAccount, HardExpiry, InsufficientFunds, Soft};
    use ProfileState::{NeedsExpiry, Unusable, Usable};
    for (reasons, expected) in [
        (&[Soft, InsufficientFunds][..], Usable),
        (&[HardExpiry], NeedsExpiry),
        (&[HardAccount], Unusable),
        (&[CardInvalid], Unusable),
        (&[HardExpiry, HardAccount], Unusable),
        (&[HardAccount, HardExpiry], Unusable),
        (&[HardExpiry, Soft], NeedsExpiry),
    ] {
        let mut desk = Desk::new();
        let card = desk.on_file(|_| ());
        for reason in reasons {
            mark(&mut desk, card.id, *reason);
        }
        assert_eq!(desk.profile(card.id).state, expected, "{reasons:?}");
        let is_good = expected == Usable;
        assert_eq!(by_id(&mut desk, ANNA, card.id).is_ok(), is_good);
        assert_eq!(preferred(&mut desk).is_ok(), is_good, "{reasons:?}");
    }
}

#[test]
fn removed_is_removed() {
    // Proves that what was removed pays no more and is preferred no more, that its token is kept
    // until the gateway was told, and that nobody removes another's.
    let mut desk = Desk::new();
    let card = desk.on_file(|_| ());
    assert_eq!(code(desk.remove(JON, card.id)), Code::AcctTokenInvalid);
    desk.remove(ANNA, card.id).unwrap();
    assert_eq!(code(preferred(&mut desk)), Code::PreferredMethodMissing);
    assert_eq!(code(desk.remove(ANNA, card.id)), Code::AcctTokenInvalid);
    let kept = desk.profile(card.id);
    assert_eq!((kept.due(), kept.token.is_some()), (Some(desk.till.now), true));
    desk.till.run(&DropLater { shard: CHAIN, id: card.id }).unwrap();
    assert!(desk.profile(card.id).due() > Some(desk.till.now));
    desk.till.run(&ForgetToken { shard: CHAIN, id: card.id }).unwrap();
    assert!(desk.profile(card.id).token.is_some(), "not due yet");
    desk.till.pass(Span::hours(1));
    desk.till.run(&ForgetToken { shard: CHAIN, id: card.id }).unwrap();
    let forgotten = desk.profile(card.id);
    assert_eq!((forgotten.token, forgotten.drop_at), (None, None));
}

#[test]
fn a_day_for_one_use() {
    // Proves that a card for one use pays for a day, and is gone from the wallet when its gateway
    // was told; and that one on file is not touched by what was due before it was.
    let mut desk = Desk::new();
    let once = desk.on_file(|new| new.temporary = true);
    let stays = desk.on_file(|_| ());
    assert!(by_id(&mut desk, ANNA, once.id).is_ok());
    desk.till.pass(TEMPORARY_FOR);
    assert_eq!(code(by_id(&mut desk, ANNA, once.id)), Code::AcctTokenInvalid);
    for id in [once.id, stays.id] {
        desk.till.run(&ForgetToken { shard: CHAIN, id }).unwrap();
    }
    assert_eq!(desk.wallet(ANNA).profiles, [stays.id]);
    assert!(desk.profile(stays.id).token.is_some());
}

#[test]
fn a_wallet_is_not_without_end() {
    // Proves the limit, and that a place is free again after a removal.
    let mut desk = Desk::new();
    let known: Vec<_> = (0..PROFILES_MAX).map(|_| desk.on_file(|_| ()).id).collect();
    let more = desk.vault(ProfileOwner::Member(ANNA), |_| ());
    assert_eq!(code(desk.import(&more, None, 1)), Code::SaveCardNotAllowed);
    desk.remove(ANNA, known[0]).unwrap();
    assert!(desk.import(&more, None, 1).is_ok());
    assert_eq!(desk.wallet(ANNA).profiles.len(), PROFILES_MAX);
}

#[test]
fn tries_are_counted() {
    // Proves that cards cannot be tried out at the vault: so many for a member, so many by a key,
    // and none that was declined too often.
    let attempt = |desk: &mut Desk, member, card| {
        desk.till.run(&TryVault { shard: CHAIN, member, tried_by: 5, card })
    };
    for (member, count) in [(Some(ANNA), TRIES_OF_MEMBER.count), (None, TRIES_OF_CALLER.count)] {
        let mut desk = Desk::new();
        for _ in 0..count {
            attempt(&mut desk, member, None).unwrap();
        }
        assert_eq!(code(attempt(&mut desk, member, None)), Code::TooManyRequests);
        desk.till.pass(Span::hours(1));
        assert!(attempt(&mut desk, member, None).is_ok());
    }
    let mut desk = Desk::new();
    assert_eq!(code(attempt(&mut desk, Some(GONE), None)), Code::MemberInactive);
    for _ in 0..10 {
        desk.till.run(&CountVaultDecline { shard: CHAIN, card: 8 }).unwrap();
    }
    assert_eq!(code(attempt(&mut desk, None, Some(8))), Code::TooManyRequests);
    assert!(attempt(&mut desk, None, Some(9)).is_ok());
}

#[test]
fn a_log_opens_nothing() {
    // Proves that a profile that is written to a log shows neither its token nor its secret.
    let mut desk = Desk::new();
    let card: PaymentProfile = PaymentProfile::clone(&desk.on_file(|_| ()));
    let text = format!("{card:?}");
    assert!(!text.contains("sandbox_multi") && text.contains("Secret(..)"), "{text}");
}
