//! Programs that end while they charge a payment of a contract, and what the next one makes of it
//! (`domain.md` §7.6).

use std::collections::HashMap;
use std::sync::Arc;

use domain::attempt::Next;
use domain::club::Date;
use domain::club::charge::{ChargeDue, TryWith};
use domain::club::contract::Contract;
use domain::club::instalment::InstalmentState;
use domain::club::life::Calendar;
use domain::ids::{ContractId, SaleId, Shard};
use domain::sale::{Buyer, Sale};
use domain::time::Span;
use domain::token::Secret;
use gateway::sandbox::terms;
use gateway::{CardToken, Gateway, Source, SourceKind, TokenUse};
use server::jobs::contracts::Collector;
use server::till::Till;
use store::{Clock, Store};

use super::charging::gold;
use super::stage::Stage;
use crate::shop::{NOON, Remains};

const GATEWAY: &str = "sandbox";

/// The number of the payment that falls due in June.
const NUMBER: u16 = 4;

/// The most looks of a janitor.
const LOOKS_MAX: usize = 100;

/// When a program ends.
#[derive(Clone, Copy, Debug)]
enum Killed {
    /// The try is written down, its call is not made.
    BeforeCall,
    /// The gateway has charged, and nobody has written it down.
    AfterCall,
}

#[tokio::test]
async fn a_program_that_ends_charges_once() {
    // Proves that a try which another program has begun is brought to its end by the next one: paid
    // where its call was made, tried again on its day where it was not, and charged once.
    for (killed, tries) in [(Killed::BeforeCall, 2), (Killed::AfterCall, 1)] {
        let stage = Stage::on_disk().await;
        let id = ContractId(gold(&stage).await.parse().unwrap());
        let chain = stage.chain;
        let remains = stage.shop.end().await;
        remains.clock.set(NOON.after(Span::hours(24 * 31)));
        let sale = die(&remains, (chain, id), killed).await;
        let store = remains.store();
        live(&remains, &store, (chain, sale)).await;
        let contract = store.read::<Contract>(Contract::key_of(chain, id)).await.unwrap().unwrap();
        let paid = contract.instalment(NUMBER).unwrap();
        let story = format!("{killed:?}: {paid:?}");
        assert_eq!((paid.state, paid.tries), (InstalmentState::Paid, tries), "{story}");
        assert_eq!(remains.charges(), [2_480, 500, 1_240], "{story}");
        let report = store.check().await.unwrap();
        assert_eq!((report.findings, report.open_attempts), (Vec::new(), 0), "{story}");
    }
}

/// Begins the try of the payment that has fallen due, and gets no further than it may.
async fn die(remains: &Remains, (shard, contract): (Shard, ContractId), killed: Killed) -> SaleId {
    let store = remains.store();
    let today = Date::parse("2027-06-01").unwrap();
    let calendar = Calendar { today, tomorrow_at: remains.clock.now().after(Span::hours(12)) };
    let (gateways, secret) = (vec![terms(GATEWAY)], Secret([1; 16]));
    let with = TryWith { gateways, secret, buyer: Buyer::default() };
    let begun = store.submit(ChargeDue { shard, contract, calendar, with }).await.unwrap();
    let (sale, Next::Call(call)) = begun.unwrap() else { panic!("nothing to call") };
    if matches!(killed, Killed::AfterCall) {
        let token = CardToken::parse(TokenUse::Multi, &call.token.as_ref().unwrap().0).unwrap();
        let source = Source::from(SourceKind::Token(token));
        let now = remains.clock.now();
        gateway::perform(&remains.sandbox(), &call, Some(&source), now).await;
    }
    store.close().await.unwrap();
    sale.id
}

/// The worker and the janitor of the next program look until the sale is settled, and on the
/// day on which a payment that was not made is tried again.
async fn live(remains: &Remains, store: &Store, (shard, sale): (Shard, SaleId)) {
    let sandbox: Arc<dyn Gateway> = Arc::new(remains.sandbox());
    let clock = Arc::clone(&remains.clock) as Arc<dyn Clock>;
    let gateways = HashMap::from([(GATEWAY.to_owned(), sandbox)]);
    let till = Till::new(store.clone(), Arc::clone(&clock), gateways, 2);
    let worker = Collector::new(store.clone(), till.clone(), clock);
    for _ in 0..LOOKS_MAX {
        worker.round().await.unwrap();
        let known = store.read::<Sale>(Sale::key_of(shard, sale)).await.unwrap().unwrap();
        let Some(due) = known.due() else { break };
        remains.clock.set(due.max(remains.clock.now()));
        till.resume(till.place().unwrap(), shard, sale).await;
    }
    remains.clock.set(NOON.after(Span::hours(24 * 34)));
    worker.round().await.unwrap();
}
