//! What is left of a card (`payments.md` §5.2).

use std::fs;
use std::path::Path;

use serde_json::json;

use super::club::{ANNA, Club, IMPORT, VAULT, card};

const NUMBER: &str = "4111111111111111";
const SPELLINGS: [&str; 3] = [NUMBER, "4111 1111 1111 1111", "4111-1111-1111-1111"];

/// A security code that nothing else looks like.
const CODE: &str = "03975512";

fn holds(folder: &Path, text: &str) -> bool {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.is_file()).any(|path| {
        let bytes = fs::read(path).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[tokio::test]
async fn no_card_is_left_on_disk() {
    // Proves that neither the number, however it was written, nor either token of ours is in the
    // database, its log or the sandbox's log, and that no answer repeats the number.
    let club = Club::on_disk().await;
    let mut seen = Vec::new();
    for spelling in SPELLINGS {
        let (acct, token) = club.vaulted(&card(spelling, Some(ANNA))).await;
        let answer = club.send("POST", IMPORT, &json!({ "ProfileToken": token })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        seen.push(answer.text());
        let mut wrong = card(spelling, Some(ANNA));
        wrong["Cvc"] = json!(CODE);
        let refused = club.send("POST", VAULT, &wrong).await;
        assert_eq!(refused.status, 400);
        seen.push(refused.text());
        for text in [acct.as_str(), token.as_str()] {
            assert!(!holds(club.shop.folder(), text), "{text}");
        }
    }
    for text in SPELLINGS.iter().chain([&CODE]) {
        assert!(!holds(club.shop.folder(), text), "{text}");
        assert!(!seen.iter().any(|answer| answer.contains(text)), "{text}");
    }
    assert!(holds(club.shop.folder(), "411111******1111"), "the search finds what is there");
}
