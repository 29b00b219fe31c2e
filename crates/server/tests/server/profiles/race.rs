//! Many at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use super::club::{ANNA, Club, IMPORT, good_card};

const CALLERS: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_token_makes_one_profile() {
    // Proves that a token shown 64 times at once by one request and by 64 others puts one card on
    // file, and that all those who sent the same request hear the same.
    for is_same in [true, false] {
        let club = Arc::new(Club::open().await);
        let (_, token) = club.vaulted(&good_card(Some(ANNA))).await;
        let mut callers = tokio::task::JoinSet::new();
        for number in 0..CALLERS {
            let (club, token) = (Arc::clone(&club), token.clone());
            callers.spawn(async move {
                // Two kinds of requests: with the owner named and without.
                let owner = (!is_same && number % 2 == 1).then_some(ANNA);
                let body = json!({ "ProfileToken": token, "NewOwnerId": owner });
                let answer = club.send("POST", IMPORT, &body).await;
                (answer.status, answer.text())
            });
        }
        let heard: Vec<_> = callers.join_all().await;
        let good: Vec<_> = heard.iter().filter(|(status, _)| *status == 200).collect();
        let texts: BTreeSet<_> = good.iter().map(|(_, text)| text).collect();
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert_eq!(good.len(), if is_same { CALLERS } else { CALLERS / 2 }, "{heard:?}");
        assert!(heard.iter().all(|(status, _)| [200, 409].contains(status)), "{heard:?}");
        let (wallets, profiles, _) = club.traces().await;
        assert_eq!(wallets[0].as_ref().map(|wallet| wallet.profiles.len()), Some(1));
        assert_eq!(profiles.len(), 1);
    }
}
