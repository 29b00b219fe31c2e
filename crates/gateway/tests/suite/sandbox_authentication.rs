//! 3-D Secure at the sandbox, in both forms: who is asked, what proves it, and for what it is good.

use crate::support::{
    CHALLENGE_CARD, FORMS, GOOD_CARD, Till, card, enrolled, exchange, handle_of, kind, krona,
    options, passed, phone, proven_card, start_server,
};
use domain::language::Language;
use gateway::{
    Authentication, ChallengeAnswer, ChallengePage, Cryptogram, Gateway as _, MpiToken, Proof,
    Source, SourceKind, TokenUse,
};

const DECLINED_AFTER_CHALLENGE: &str = "4000008400001629";

/// The kind of an authentication without its texts.
fn name(authentication: &Authentication) -> &'static str {
    match authentication {
        Authentication::Passed(_) => "passed",
        Authentication::Challenge(_) => "challenge",
        Authentication::Failed => "failed",
        Authentication::Unavailable(_) => "unavailable",
    }
}

async fn ask(till: &Till, handle: &str, answer: Option<&str>) -> Authentication {
    let answer = answer.map(|text| ChallengeAnswer { text });
    till.gateway.authenticate(handle, answer.as_ref()).await
}

#[tokio::test]
async fn each_card_is_asked_as_its_row_says() {
    // Proves the answer to an enrolment, and that none of them moves money.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        for (number, expected) in [
            (GOOD_CARD, "passed"),
            ("4000000000000002", "passed"),
            ("4000000000000119", "unavailable"),
            (CHALLENGE_CARD, "challenge"),
            (DECLINED_AFTER_CHALLENGE, "challenge"),
        ] {
            let answer = enrolled(&till, &format!("e{number}"), 5_000, number).await;
            assert_eq!(name(&answer), expected, "{form:?} {number}");
        }
        assert!(till.log_lines().iter().all(|line| line.moved() == 0), "{form:?}");
    }
}

#[tokio::test]
async fn a_challenge_ends_once() {
    // Proves passing, failing, asking without an answer, a second answer, and unknown names.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        for (key, first, expected) in [("a", "ok", "passed"), ("b", "fail", "failed")] {
            let challenged = enrolled(&till, key, 5_000, CHALLENGE_CARD).await;
            let handle = handle_of(&challenged);
            assert_eq!(name(&ask(&till, handle, None).await), "challenge", "{form:?}");
            for answer in [Some(first), Some("ok"), Some("fail"), None] {
                let came = ask(&till, handle, answer).await;
                assert_eq!(name(&came), expected, "{form:?} {key} {answer:?}");
            }
        }
        assert_eq!(name(&ask(&till, "nobody", Some("ok")).await), "failed", "{form:?}");
        assert_eq!(name(&ask(&till, "no/body", Some("ok")).await), "failed", "{form:?}");
    }
}

#[tokio::test]
async fn a_proof_is_good_for_one_charge_of_its_card_and_amount() {
    // Proves every way to misuse one, and both challenge cards with a right one.
    let failed = "declined AuthenticationFailed";
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        for (key, number, amount, expected) in [
            ("right", CHALLENGE_CARD, 5_000, "approved"),
            ("declined", DECLINED_AFTER_CHALLENGE, 5_000, "declined Soft"),
            ("amount", CHALLENGE_CARD, 5_001, failed),
            ("other", CHALLENGE_CARD, 5_000, "approved"),
        ] {
            let challenged = enrolled(&till, &format!("e{key}"), 5_000, number).await;
            let handle = handle_of(&challenged);
            let token = passed(&till, handle).await;
            let again = MpiToken::parse(token.expose()).unwrap();
            if key == "other" {
                let wrong = proven_card(GOOD_CARD, MpiToken::parse(token.expose()).unwrap());
                let charged = till.gateway.sale(&krona("wrong", amount), &wrong).await;
                assert_eq!(kind(&charged), failed, "{form:?}: another card");
                continue;
            }
            let charged = till.gateway.sale(&krona(key, amount), &proven_card(number, token)).await;
            assert_eq!(kind(&charged), expected, "{form:?} {key}");
            let used = proven_card(number, again);
            let twice = till.gateway.sale(&krona(&format!("{key}2"), amount), &used).await;
            assert_eq!(kind(&twice), failed, "{form:?} {key}: used twice");
        }
        let made_up = proven_card(CHALLENGE_CARD, MpiToken::parse("made_up").unwrap());
        let charged = till.gateway.sale(&krona("made_up", 5_000), &made_up).await;
        assert_eq!(kind(&charged), failed, "{form:?}: made up");
    }
}

#[tokio::test]
async fn an_unpassed_challenge_proves_nothing() {
    // Proves that the token of a challenge that was left, or failed, does not pay.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let passed_one = enrolled(&till, "a", 5_000, CHALLENGE_CARD).await;
        let token = passed(&till, handle_of(&passed_one)).await;
        let left = enrolled(&till, "b", 5_000, CHALLENGE_CARD).await;
        let forged = token.expose().replace(|_: char| true, "0");
        assert_eq!(name(&left), "challenge");
        let source = proven_card(CHALLENGE_CARD, MpiToken::parse(&forged).unwrap());
        let charged = till.gateway.sale(&krona("c", 5_000), &source).await;
        assert_eq!(kind(&charged), "declined AuthenticationFailed", "{form:?}");
    }
}

#[tokio::test]
async fn a_wallet_and_a_token_pay_too() {
    // Proves that a cryptogram stands for a challenge, that a card kept once pays with its proof,
    // and that a disabled token does not pay.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let gateway = &till.gateway;
        let cryptogram = Cryptogram::parse("2", "AAABBB==", "").unwrap();
        let wallet = Source { proof: Some(Proof::Cryptogram(cryptogram)), ..card(CHALLENGE_CARD) };
        assert_eq!(kind(&gateway.sale(&krona("w", 5), &wallet).await), "approved", "{form:?}");

        let single = TokenUse::Single;
        let kept = gateway.tokenize(&krona("t", 0), &card(CHALLENGE_CARD), single).await.unwrap();
        let token = Source::from(SourceKind::Token(kept.token));
        let back = "https://app.example.org/back";
        let challenged = gateway.enrol(&krona("e", 900), &token, back).await;
        let proof = passed(&till, handle_of(&challenged)).await;
        let token = Source { proof: Some(Proof::ThreeDSecure(proof)), ..token };
        assert_eq!(kind(&gateway.sale(&krona("s", 900), &token).await), "approved", "{form:?}");

        let multi = TokenUse::Multi;
        let kept = gateway.tokenize(&krona("m", 0), &card(GOOD_CARD), multi).await.unwrap();
        let once = gateway.tokenize(&krona("o", 0), &card(GOOD_CARD), single).await.unwrap();
        let once = Source::from(SourceKind::Token(once.token));
        let again = gateway.tokenize(&krona("o2", 0), &once, multi).await.unwrap();
        assert_eq!(again.card_mask, "424242******4242");
        let spent = gateway.tokenize(&krona("o3", 0), &once, multi).await.unwrap_err();
        assert_eq!(kind(&spent), "declined CardInvalid", "{form:?}: a token used up");
        gateway.disable_token(&krona("d", 0), &kept.token).await.unwrap();
        let disabled = Source::from(SourceKind::Token(kept.token));
        let charged = gateway.sale(&krona("x", 5), &disabled).await;
        assert_eq!(kind(&charged), "declined CardInvalid", "{form:?}");
        assert_eq!(
            name(&gateway.enrol(&krona("p", 5), &phone("+3545550001"), back).await),
            "failed"
        );
    }
}

#[tokio::test]
async fn the_page_asks_in_both_languages_and_escapes() {
    // Proves what the holder's browser is shown, by the process and by the till itself.
    let folder = tempfile::tempdir().unwrap();
    let (address, server) = start_server(options(folder.path())).await;
    let terms = crate::support::sandbox_terms();
    let client = gateway::sandbox::SandboxClient::new(address, terms.clone());
    let back = "https://app.example.org/b?a=\"><script>";
    let challenged = client.enrol(&krona("e", 12_500), &card(CHALLENGE_CARD), back).await;
    let Authentication::Challenge(challenge) = challenged else { panic!("{challenged:?}") };
    let ChallengePage::Url(url) = challenge.page else { panic!("no address") };
    let path = url.strip_prefix(&format!("http://{address}")).expect("it is the sandbox's own");
    let page = exchange(address, "GET", path, "").await;
    assert!(page.contains("Ert það þú") && page.contains("12500 ISK"), "{page}");
    assert!(page.contains("content-security-policy: default-src 'none'"), "{page}");
    assert!(!page.contains("<script") && !page.contains(CHALLENGE_CARD), "{page}");
    assert!(exchange(address, "GET", "/challenge/none", "").await.starts_with("HTTP/1.1 404"));
    server.abort();
    let _ = server.await;

    let sandbox = gateway::sandbox::Sandbox::open(&options(folder.path()), terms).unwrap();
    let page = sandbox.challenge_page(&challenge.handle, Language::English).expect("a page");
    assert!(page.contains("Is it you") && page.contains("name=\"cres\" value=\"ok\""), "{page}");
    assert_eq!(sandbox.challenge_page("none", Language::English), None);
}
