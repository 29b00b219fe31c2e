//! What `guichet check` says of wallets that do not hold together.

use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::ids::{MemberId, PaymentProfileId, Shard};
use domain::profile::{PaymentProfile, Wallet};
use domain::time::Timestamp;

use super::club::{ANNA, Club};
use crate::order::GOOD_CARD;

/// Breaks what is stored of Anna.
struct Break {
    chain: Shard,
    id: PaymentProfileId,
    how: fn(&mut Wallet, &mut PaymentProfile),
}

impl Command for Break {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.chain)
    }

    fn keys(&self, _now: Timestamp, _keys: &mut Vec<Key>) {}

    fn decide(&self, facts: &mut Facts<'_>, _now: Timestamp) -> Result<(), Halt> {
        let wallet_key = Wallet::key_of(self.chain, MemberId(ANNA));
        let profile_key = PaymentProfile::key_of(self.chain, self.id);
        let mut wallet = facts.look::<Wallet>(wallet_key)?.unwrap().clone();
        let mut profile = facts.look::<PaymentProfile>(profile_key)?.unwrap().clone();
        (self.how)(&mut wallet, &mut profile);
        facts.put(wallet);
        facts.put(profile);
        Ok(())
    }
}

#[tokio::test]
async fn broken_wallets_are_found() {
    // Proves that each way in which wallet and profile may contradict each other is told.
    type Row = (fn(&mut Wallet, &mut PaymentProfile), &'static str);
    let rows: [Row; 6] = [
        (|wallet, _| wallet.profiles.push(PaymentProfileId(99)), "which is not theirs"),
        (|wallet, _| wallet.preferred = Some(PaymentProfileId(99)), "which is not in it"),
        (|wallet, _| wallet.profiles.clear(), "not in their wallet"),
        (|_, profile| profile.temporary = true, "which is for one use"),
        (|_, profile| profile.token = None, "has no token"),
        (|_, profile| profile.owner = domain::profile::ProfileOwner::Stranger, "not theirs"),
    ];
    for (how, expected) in rows {
        let club = Club::open().await;
        let id = PaymentProfileId(club.on_file(GOOD_CARD).await.parse().unwrap());
        assert_eq!(club.shop.check().await.findings, Vec::<String>::new());
        club.shop.store().submit(Break { chain: club.chain, id, how }).await.unwrap();
        let findings = club.shop.check().await.findings.join(" ");
        assert!(findings.contains(expected), "{expected}: {findings}");
    }
}
