//! A card's number and code appear nowhere but on the way to the gateway.

use crate::support::{FORMS, Till, card_with_code, charge, exchange, krona, options, start_server};
use gateway::{ChallengeAnswer, TokenUse};

/// A number and a code that appear in no other test data.
const NUMBER: &str = "4929182736455029";
const CODE: &str = "739";

#[tokio::test]
async fn no_file_result_or_debug_text_tells_a_card() {
    // Proves it for every verb and for the errors of bad bodies, in both forms.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let card = card_with_code(NUMBER, CODE);
        let gateway = &till.gateway;
        let mut printed = vec![format!("{card:?}")];
        for (key, amount) in [("a", 500), ("b", 666), ("c", 667), ("a", 501)] {
            printed.push(format!("{:?}", gateway.sale(&krona(key, amount), &card).await));
        }
        printed.push(format!("{:?}", gateway.authorize(&krona("d", 5), &card).await));
        printed.push(format!("{:?}", gateway.refund(&krona("e", 5), &charge("a")).await));
        let saved = gateway.tokenize(&krona("f", 5), &card, TokenUse::Multi).await;
        printed.push(format!("{saved:?}"));
        let answer = ChallengeAnswer { text: "proof-739" };
        printed.push(format!("{answer:?}"));
        let log = std::fs::read_to_string(&till.log).unwrap();
        assert!(!log.contains(NUMBER), "{form:?}: {log}");
        for mut line in till.log_lines() {
            // The hash of a random token may have any three digits in it.
            line.request.token = None;
            printed.push(format!("{line:?}"));
        }
        for text in printed {
            assert!(!text.contains(NUMBER) && !text.contains(CODE), "{form:?}: {text}");
        }
    }
}

#[tokio::test]
async fn an_error_does_not_quote_what_it_could_not_read() {
    // Proves it for a body whose card is in the wrong place.
    let folder = tempfile::tempdir().unwrap();
    let (address, server) = start_server(options(folder.path())).await;
    let body = format!(r#"{{"key":"k","operation":"{NUMBER}","money":"{CODE}"}}"#);
    let answer = exchange(address, "POST", "/v1/charges", &body).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(!answer.contains(NUMBER) && !answer.contains(CODE), "{answer}");
    server.abort();
}
