//! No card in any file (`payments.md` §5.2, §6.8 rule 10).

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::declared::{self, DOCUMENT, TICKET};
use crate::exchange::send;
use crate::program::{Program, guichet, until};
use crate::search::{files, holds, open_line};
use crate::secrets::{CARD, CARD_SPELLINGS, CODE, Sent, YEAR, requests};

/// Fewer would mean that most orders were refused for another reason than intended.
const TICKETS_MIN: usize = 10;

/// Fewer would mean that the declarations were not understood, or that nothing was stored.
const TAKEN_MIN: usize = 60;

#[test]
fn no_card_is_found_in_any_file() {
    // Proves that neither number nor code nor year of a card that was sent in every way, and in
    // every text member of every operation, is in the database, its log, the keys, the sandbox's
    // log or anything the program printed at its most talkative, while it runs and after its end.
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let demo = ["demo", "--log-level", "debug"];
    let program = Program::start("demo", folder.path(), &data, &demo);
    let (key, order) = until("the printed order", || open_line(&data, &program.printed()));
    let mut tickets = 0;
    for sent in requests(&order) {
        let answer = answer_to(&program, &key, &sent);
        let shown =
            format!("{} {} {}", sent.verb, sent.target, String::from_utf8_lossy(&sent.body));
        assert!((200..500).contains(&answer.status), "{shown}: {answer:?}");
        tickets += usize::from(answer.body.contains("Bought"));
    }
    assert!(tickets >= TICKETS_MIN, "only {tickets} tickets were bought");
    let taken = everywhere(&program, &key, &order);
    assert!(taken >= TAKEN_MIN, "only {taken} requests were taken");
    save(&program, &key);
    leave_at_club(&program, &key);
    pay_at_page(&program);
    assert_no_card("while it runs", folder.path());
    program.terminate();
    assert!(program.wait().success());
    assert!(guichet(&["check"], &data).status.success());
    assert_no_card("after its end", folder.path());
}

/// Sends the card in every text member that the program declares; answers with how many requests
/// did what they asked for.
fn everywhere(program: &Program, key: &str, order: &Value) -> usize {
    let document = send(program.address, "GET", DOCUMENT, &[], b"").json();
    let mut taken = 0;
    for mut request in declared::requests(&document, order) {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        if body.contains(TICKET) {
            request.body = body.replace(TICKET, &bought(program, key, order)).into_bytes();
        }
        let answer = answer_to(program, key, &request);
        assert!(answer.status < 500, "{} {}: {answer:?}", request.verb, request.target);
        taken += usize::from(answer.body.contains("\"message\":\"OK\""));
    }
    taken
}

/// The handle of a new ticket.
fn bought(program: &Program, key: &str, order: &Value) -> String {
    let headers = vec![("Content-Type", "application/json".to_owned())];
    let (target, body) = ("/ticketOrder.json".to_owned(), order.to_string().into_bytes());
    answer_to(program, key, &Sent { verb: "POST", target, headers, body }).token()
}

/// Saves the card for a phone. Its last month may be stored, so that is another one.
fn save(program: &Program, key: &str) {
    let ask = |target: &str, body: &Value| {
        let body = body.to_string().into_bytes();
        let headers = vec![("Content-Type", "application/json".to_owned())];
        let sent = Sent { verb: "POST", target: target.to_owned(), headers, body };
        answer_to(program, key, &sent).json()
    };
    let number = "+3545550101";
    let asked = ask("/phoneverification/request.json", &json!({ "fullPhoneNumber": number }));
    let shown = until("the code in the terminal", || {
        let printed = program.printed();
        let line = printed.lines().find(|line| line.starts_with("SMS to +3545550101: "))?;
        Some(line["SMS to +3545550101: ".len()..][..6].to_owned())
    });
    let confirm = json!({ "requestId": asked["token"], "code": shown });
    let verified = ask("/phoneverification/verification.json", &confirm);
    let method = json!({
        "paymentType": "Card", "pan": CARD, "expYear": "2046", "expMonth": "12", "cvc": CODE,
    });
    let card = json!({ "paymentMethod": method, "phoneVerificationNumber": verified["token"] });
    let saved = ask("/cardTokens/saveCard.json", &card);
    assert_eq!(saved["card"]["cardMask"], "378282******0005", "{verified} {saved}");
}

/// Leaves the card with the vault of the demo's chain, puts it on file, and pays a contract with
/// it. Its last month may be stored, so that is another one.
fn leave_at_club(program: &Program, key: &str) {
    let sale = until("the printed sale of a club", || {
        let printed = program.printed();
        let line = printed.lines().find(|line| line.trim().starts_with("-d '{\"ChainId\""))?;
        serde_json::from_str::<Value>(line.trim().strip_prefix("-d '")?.strip_suffix('\'')?).ok()
    });
    let ask = |target: &str, body: &Value| {
        let headers = vec![("Content-Type", "application/json".to_owned())];
        let (target, body) = (format!("/clubs/sales/{target}"), body.to_string().into_bytes());
        answer_to(program, key, &Sent { verb: "POST", target, headers, body }).json()
    };
    let card = json!({
        "ChainId": sale["ChainId"], "MemberId": sale["MemberId"], "CardNumber": CARD,
        "ExpMonth": "12", "ExpYear": "2046", "Cvc": CODE,
    });
    let left = ask("paymentprofile/vault.json", &card);
    let token = &left["ProfileToken"];
    let import = json!({ "ChainId": sale["ChainId"], "ProfileToken": token });
    let kept = ask("paymentprofile/import.json", &import);
    assert!(kept["PaymentProfile"]["AcctToken"].is_string(), "{left} {kept}");
    let sold = ask("contract/sold.json", &sale);
    assert_eq!(sold["Success"], true, "{sold}");
}

/// Pays the demo's order with the card at its page.
fn pay_at_page(program: &Program) {
    let path = until("the printed page of an order", || {
        let printed = program.printed();
        let line = printed.lines().find(|line| line.contains("/pay/"))?;
        Some(line[line.find("/pay/")?..].trim().to_owned())
    });
    let form = |body: &str| {
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        send(program.address, "POST", &path, &headers, body.as_bytes())
    };
    form("act=begin");
    let page = send(program.address, "GET", &path, &[], b"").body;
    let secret = page.split("name=\"clientSecret\" value=\"").nth(1).unwrap();
    let secret = secret.split('"').next().unwrap();
    let card = format!("clientSecret={secret}&pan={CARD}&expMonth=12&expYear={YEAR}&cvc={CODE}");
    form(&format!("act=pay&{card}"));
    let paid = send(program.address, "GET", &path, &[("Accept-Language", "en")], b"").body;
    assert!(paid.contains("It is paid"), "{paid}");
    let leaked = send(program.address, "GET", &format!("{path}?{card}"), &[], b"");
    assert_eq!(leaked.status, 400, "{leaked:?}");
}

fn answer_to(program: &Program, key: &str, sent: &Sent) -> crate::exchange::Answer {
    let bearer = format!("Bearer {key}");
    let mut headers = vec![("Authorization", bearer.as_str())];
    headers.extend(sent.headers.iter().map(|(name, value)| (*name, value.as_str())));
    send(program.address, sent.verb, &sent.target, &headers, &sent.body)
}

fn assert_no_card(when: &str, folder: &Path) {
    let files = files(folder);
    let named = |end: &str| files.iter().any(|file| file.ends_with(end));
    for end in ["data/guichet.db", "data/sandbox.log", "demo.out", "demo.err"] {
        assert!(named(end), "{when}: no {end} in {files:?}");
    }
    let mut found = Vec::new();
    for file in &files {
        let text = fs::read(file).unwrap();
        let secrets = CARD_SPELLINGS.into_iter().chain([CODE, YEAR]);
        found.extend(secrets.filter(|secret| holds(&text, secret)).map(|secret| (file, secret)));
    }
    assert!(found.is_empty(), "{when}: {found:?}");
}
