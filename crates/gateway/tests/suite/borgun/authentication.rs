//! 3-D Secure with the gateway: the whole table of `MdStatus` (`payments.md` §1.8), the exponent
//! rule (§1.6), and every step between start and proof.

use domain::money::Currency;
use gateway::borgun::Borgun;
use gateway::{
    Authentication, CardToken, ChallengeAnswer, ChallengePage, Gateway as _, Source, SourceKind,
    TokenUse,
};
use serde_json::{Value, json};

use super::fake::Turn;
use super::{CARD, KEY, open, open_with};
use crate::support::{RETURN_URL, card, kind, krona, proven_card, request};

const ENROL: &str = "enr_000007ABCDEF";
const ENROLLMENT: &str = "POST /rpg/api/mpi/v2/enrollment";
const VALIDATION: &str = "POST /rpg/api/mpi/v2/validation";

/// `{"a":1}` in base64, as a bank's answer of 3-D Secure 2 begins.
const CRES: &str = "eyJhIjoxfQ";

fn token() -> Source {
    SourceKind::Token(CardToken::parse(TokenUse::Single, "ts_1").expect("it is one")).into()
}

/// What the bank says with this status.
fn says(status: &str) -> Value {
    json!({
        "ResultStatus": 0, "MdStatus": status, "MPIToken": "mpi_71ab", "XId": "x-1",
        "TxId": "t-1", "MD": "ZW5y", "RedirectToACSForm": "<form>acs</form>",
        "TDSMethodContent": "<iframe></iframe>",
    })
}

fn name(said: &Authentication) -> &'static str {
    match said {
        Authentication::Passed(_) => "passed",
        Authentication::Challenge(_) => "challenge",
        Authentication::Failed => "failed",
        Authentication::Unavailable(_) => "unavailable",
    }
}

async fn enrol(gateway: &Borgun, amount: i64) -> Authentication {
    gateway.enrol(&krona(ENROL, amount), &token(), RETURN_URL).await
}

async fn answer(gateway: &Borgun, said: &Authentication, text: &str) -> Authentication {
    gateway.authenticate(handle(said), Some(&ChallengeAnswer { text })).await
}

fn handle(said: &Authentication) -> &str {
    match said {
        Authentication::Challenge(challenge) => &challenge.handle,
        Authentication::Passed(passed) => &passed.handle,
        other => panic!("it has no handle: {other:?}"),
    }
}

fn page(said: &Authentication) -> &str {
    match said {
        Authentication::Challenge(challenge) => match &challenge.page {
            ChallengePage::Html(page) => page,
            ChallengePage::Url(url) => panic!("an address: {url}"),
        },
        other => panic!("no challenge: {other:?}"),
    }
}

fn proof(said: &Authentication) -> &str {
    match said {
        Authentication::Passed(passed) => passed.token.expose(),
        other => panic!("not passed: {other:?}"),
    }
}

#[tokio::test]
async fn the_bank_is_asked_in_the_gateways_form() {
    // Proves the whole request with a token and with a card, and its way back without a query.
    let (fake, gateway) = open().await;
    assert_eq!(proof(&enrol(&gateway, 5_000).await), "mpi_0");
    let body = json!({
        "CardDetails": { "PaymentType": "TokenSingle", "Token": "ts_1" },
        "PurchAmount": 5_000, "Exponent": 0, "Currency": "352", "TermUrl": RETURN_URL,
        "MD": "ZW5yXzAwMDAwN0FCQ0RFRg==", "Description": "Tickets",
        "TDS2ThreeDSMethodNotificationURL": RETURN_URL,
    });
    let seen = fake.seen();
    assert_eq!((seen.len(), seen[0].line.as_str(), &seen[0].body), (1, ENROLLMENT, &body));
    let _said = gateway.enrol(&krona(ENROL, 5_000), &card(CARD), RETURN_URL).await;
    let details = json!({
        "PaymentType": "Card", "PAN": CARD, "ExpYear": "2031", "ExpMonth": "12",
    });
    assert_eq!(fake.seen()[0].body["CardDetails"], details, "and no security code");
    let with_query = format!("{RETURN_URL}?x=1");
    let said = gateway.enrol(&krona(ENROL, 5_000), &token(), &with_query).await;
    assert_eq!(name(&said), "unavailable", "the gateway refuses it");
}

#[tokio::test]
async fn every_status_of_the_start_is_known() {
    // Proves the table for the first question: what is made of each status, and how often the bank
    // is asked when it says the same twice.
    let (fake, gateway) = open().await;
    for (statuses, expected, asked) in [
        ("1 2 3 4", "passed", 1),
        ("9 50", "challenge", 1),
        ("0 7 8", "failed", 1),
        ("5 6 91 92 93 94 95 96 97 99", "unavailable", 2),
        ("10 98 100 x", "unavailable", 1),
    ] {
        for status in statuses.split(' ') {
            fake.bank_says([says(status), says(status)]);
            assert_eq!(name(&enrol(&gateway, 5_000).await), expected, "{status}");
            assert_eq!(fake.lines(), vec![ENROLLMENT; asked], "{status}");
            fake.state().bank.clear();
        }
    }
}

#[tokio::test]
async fn a_bank_in_trouble_is_asked_once_more() {
    // Proves that the second answer counts, and that silence is asked again like trouble.
    for status in ["5", "6", "91", "92", "93", "94", "95", "96", "97", "99"] {
        let (fake, gateway) = open().await;
        fake.bank_says([says(status), says("9")]);
        assert_eq!(name(&enrol(&gateway, 5_000).await), "challenge", "{status}");
    }
    let lost = [Turn::LoseRequest, Turn::Say(500, json!({})), Turn::Garble("<html>")];
    for turn in lost {
        let (fake, gateway) = open().await;
        fake.next([turn.clone()]);
        assert_eq!(name(&enrol(&gateway, 5_000).await), "passed", "{turn:?}");
        fake.next([turn.clone(), turn.clone()]);
        assert_eq!(name(&enrol(&gateway, 5_000).await), "unavailable", "{turn:?}");
    }
}

#[tokio::test]
async fn the_second_question_has_the_other_exponent() {
    // Proves the exponent rule on the wire: krónur whole first, all others with two decimals, and
    // no second question where the sum cannot be told otherwise.
    let (fake, gateway) = open().await;
    for (code, minor_units, expected) in [
        ("ISK", 5_000, vec![(5_000, 0), (500_000, 2)]),
        ("EUR", 1_200, vec![(1_200, 2), (12, 0)]),
        ("EUR", 1_250, vec![(1_250, 2)]),
        ("JPY", 700, vec![(70_000, 2), (700, 0)]),
    ] {
        fake.bank_says([says("5"), says("5")]);
        let money = request(ENROL, minor_units, Currency::parse(code).expect("it is one"));
        let said = gateway.enrol(&money, &token(), RETURN_URL).await;
        assert_eq!(name(&said), "unavailable");
        let told = |body: &Value| (body["PurchAmount"].as_i64(), body["Exponent"].as_i64());
        let told: Vec<_> = fake.seen().iter().map(|seen| told(&seen.body)).collect();
        let expected: Vec<_> = expected.into_iter().map(|(a, b)| (Some(a), Some(b))).collect();
        assert_eq!(told, expected, "{code} {minor_units}");
        fake.state().bank.clear();
    }
    // A bank in trouble is told the same again.
    fake.bank_says([says("91"), says("1")]);
    enrol(&gateway, 5_000).await;
    let exponents: Vec<_> = fake.seen().iter().map(|it| it.body["Exponent"].clone()).collect();
    assert_eq!(exponents, [json!(0), json!(0)]);
}

#[tokio::test]
async fn a_challenge_is_finished_with_the_banks_answer() {
    // Proves both forms of the answer, every status of the end, and that the proof is the one that
    // was told at the start.
    for (text, member) in [(CRES, "CRes"), ("eJxVUttuwjAM", "PARes")] {
        let (fake, gateway) = open().await;
        fake.bank_says([says("9"), json!({ "MdStatus": 1, "CAVV": "AAAB" })]);
        let challenge = enrol(&gateway, 5_000).await;
        assert_eq!(page(&challenge), "<form>acs</form>");
        fake.seen();
        let passed = answer(&gateway, &challenge, text).await;
        assert_eq!(proof(&passed), "mpi_71ab");
        let seen = fake.seen();
        assert_eq!((seen.len(), seen[0].line.as_str()), (1, VALIDATION));
        assert_eq!(seen[0].body, json!({ member: text, "MD": "ZW5yXzAwMDAwN0FCQ0RFRg==" }));
        let later = gateway.authenticate(handle(&passed), None).await;
        assert_eq!(proof(&later), "mpi_71ab", "it tells the same whenever it is asked");
        assert!(fake.lines().is_empty(), "and asks nobody");
    }
    let (fake, gateway) = open().await;
    for (statuses, expected, asked) in [
        ("1 2 3 4", "passed", 1),
        ("0 7 8", "failed", 1),
        ("5 6 91 92 93 94 95 96 97 99", "unavailable", 2),
        ("9 50 98", "unavailable", 1),
    ] {
        for status in statuses.split(' ') {
            fake.bank_says([says("9")]);
            let challenge = enrol(&gateway, 5_000).await;
            fake.seen();
            fake.bank_says([says(status), says(status)]);
            assert_eq!(name(&answer(&gateway, &challenge, CRES).await), expected, "{status}");
            assert_eq!(fake.lines(), vec![VALIDATION; asked], "{status}");
            fake.state().bank.clear();
        }
    }
}

#[tokio::test]
async fn a_device_is_read_before_the_challenge() {
    // Proves the method step: the page that goes on by itself, the second question, and that both
    // its ends, a challenge and none, lead on.
    let (fake, gateway) = open().await;
    for (then, expected) in [("9", "challenge"), ("1", "passed"), ("0", "failed")] {
        fake.bank_says([says("50"), says(then)]);
        let method = enrol(&gateway, 5_000).await;
        let shown = page(&method);
        assert!(shown.contains("<iframe></iframe>") && shown.contains("value=\"method\""));
        assert!(shown.contains(&format!("action=\"{RETURN_URL}\"")), "{shown}");
        fake.seen();
        let next = answer(&gateway, &method, "method").await;
        assert_eq!(name(&next), expected, "{then}");
        let seen = fake.seen();
        let body = json!({ "XId": "x-1", "TxId": "t-1", "TDS2ThreeDSCompInd": "Y" });
        assert_eq!((seen.len(), seen[0].line.as_str(), &seen[0].body), (1, ENROLLMENT, &body));
        if then == "9" {
            fake.bank_says([says("1")]);
            assert_eq!(proof(&answer(&gateway, &next, CRES).await), "mpi_71ab");
        }
        fake.seen();
    }
}

#[tokio::test]
async fn nobody_is_asked_without_an_answer() {
    // Proves that looking changes nothing, that the answer of another step is none, and that a
    // handle of somebody else leads nowhere.
    let (fake, gateway) = open().await;
    fake.bank_says([says("9"), says("50")]);
    let (challenge, method) = (enrol(&gateway, 5_000).await, enrol(&gateway, 5_000).await);
    fake.seen();
    for said in [
        gateway.authenticate(handle(&challenge), None).await,
        answer(&gateway, &challenge, "method").await,
        gateway.authenticate(handle(&method), None).await,
        answer(&gateway, &method, CRES).await,
    ] {
        assert!(page(&said).contains("shown already"), "{said:?}");
    }
    let stranger = ChallengeAnswer { text: CRES };
    for wrong in ["", "x", "mpi_71ab", &handle(&challenge)[1..]] {
        let said = gateway.authenticate(wrong, Some(&stranger)).await;
        assert_eq!(name(&said), "unavailable", "{wrong}");
    }
    let (_other_fake, other) =
        open_with(|settings| settings.private_token = "another".to_owned().into()).await;
    assert_eq!(name(&answer(&other, &challenge, CRES).await), "unavailable");
    assert!(fake.lines().is_empty());
}

#[tokio::test]
async fn what_is_missing_is_no_proof() {
    // Proves that a yes without a token, and a challenge without a page, lead nowhere.
    let (fake, gateway) = open().await;
    for said in [
        json!({ "MdStatus": "1" }),
        json!({ "MdStatus": "1", "MPIToken": "" }),
        json!({ "MdStatus": "9", "MPIToken": "mpi_1" }),
        json!({ "MdStatus": "50", "MPIToken": "mpi_1", "RedirectToACSForm": "<form>" }),
        json!({ "MPIToken": "mpi_1" }),
        json!({}),
    ] {
        fake.bank_says([said.clone()]);
        assert_eq!(name(&enrol(&gateway, 5_000).await), "unavailable", "{said}");
    }
    let money = request(ENROL, 1, Currency::parse("KRW").expect("it is one"));
    assert_eq!(name(&gateway.enrol(&money, &token(), RETURN_URL).await), "unavailable");
}

#[tokio::test]
async fn a_proof_pays_once() {
    // Proves that the token of the start is what the payment shows, and good for one.
    let (fake, gateway) = open().await;
    fake.bank_says([says("9"), says("1")]);
    let challenge = enrol(&gateway, 5_000).await;
    let pay = async |key: &str| match answer(&gateway, &challenge, CRES).await {
        Authentication::Passed(passed) => {
            kind(&gateway.sale(&krona(key, 5_000), &proven_card(CARD, passed.token)).await)
        }
        other => panic!("not passed: {other:?}"),
    };
    assert_eq!(pay(KEY).await, "approved");
    let sent = fake.seen().pop().expect("it was sent").body;
    assert_eq!(sent["ThreeDSecure"], json!({ "DataType": "Token", "MpiToken": "mpi_71ab" }));
    fake.bank_says([json!({ "MdStatus": "1" })]);
    assert_eq!(pay("att_2_8_1_00000000000000ab").await, "not executed");
    assert_eq!(fake.kept(), [500_000]);
}
