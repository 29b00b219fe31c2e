//! Moving a ticket to another event or phone, and what becomes of the difference.

use std::sync::Arc;

use domain::attempt::Next;
use domain::enrolment::ProofOwner;
use domain::idempotency::Marks;
use domain::sale::Sale;
use domain::transfer::{
    Choice, EndTransfer, Ending, MoveTicket, MoveToPhone, NoteTopup, PayTopup, QuoteTransfer,
    Route, SaleAddress, Transfer,
};
use store::SubmitError;
use store::testing::identity;

use super::{Clerk, Fact, KEY_FIRST, nothing, reference, secret};
use crate::gateway_model::card;
use crate::plan::{Place, What};
use crate::season;

impl Clerk<'_> {
    pub(super) async fn move_on(
        &self,
        seller: usize,
        what: What,
        choice: Choice,
    ) -> Result<Fact, SubmitError> {
        let sale = self.ticket().await?;
        let target_shard = self.node.life.world.plan.sellers[seller].shard;
        let source = self.node.offer(self.seller_of(sale.shard), sale.event).await?;
        let event = season::event_of(target_shard, what);
        let target = self.node.offer(seller, event).await?;
        let sellers = [sale.shard, target_shard];
        let card_seller = sale.card_sellers().find(|seller| !sellers.contains(seller));
        let from = SaleAddress { shard: sale.shard, id: sale.id };
        let route = Route { from, source, target, choice, card_seller };
        let quoted = self.node.store.submit(QuoteTransfer { route: route.clone() }).await?;
        let command = MoveTicket {
            route,
            expected_difference: quoted.quote.difference(),
            may_owe: true,
            reason: None,
            by: "office".into(),
            secret: secret(self.deed.number),
            session: secret(self.deed.number),
            identity: Some(identity(KEY_FIRST + u128::from(self.deed.number), 1)),
            earlier: None,
            note: self.note(),
        };
        let place = self.node.till.place().ok_or(SubmitError::Overloaded)?;
        let moved = self.node.store.submit(command).await?;
        self.node.life.pass(Place::Placed).await;
        let waits = moved.sale.issued_at.is_none();
        if moved.next != Next::Done {
            self.node.till.drive(place, moved.from, moved.next, None).await;
        }
        let id = moved.sale.id;
        Ok(if waits { Fact::Waits(id) } else { Fact::Replaced(id) })
    }

    pub(super) async fn pay_topup(&self) -> Result<Fact, SubmitError> {
        let transfer = self.transfer().await?;
        let place = self.node.till.place().ok_or(SubmitError::Overloaded)?;
        let command = PayTopup {
            transfer: transfer.address(),
            source: transfer.from.shard,
            session: transfer.session,
            instrument: self.node.instrument(self.seller_of(transfer.shard)),
            amount_guard: None,
            currency_guard: None,
            owner: ProofOwner::default(),
        };
        let placed = self.node.store.submit(command).await?;
        self.node.life.pass(Place::Placed).await;
        let payer = card(self.deed.payer());
        self.node.till.drive(place, placed.sale, placed.next, payer).await;
        Ok(Fact::Other)
    }

    pub(super) async fn note_topup(&self) -> Result<Fact, SubmitError> {
        let transfer = self.transfer().await?;
        let new = Sale::key_of(transfer.to.shard, transfer.to.id);
        let origin = self.node.store.read::<Sale>(new).await?.and_then(|sale| sale.origin);
        let command = NoteTopup {
            transfer: transfer.address(),
            source: transfer.from.shard,
            card_seller: origin.and_then(|origin| origin.card_seller),
            session: transfer.session,
            reference: reference(self.deed.number),
            amount: transfer.quote.difference(),
            by: "office".into(),
            is_trusted: true,
            note: self.note(),
        };
        let noted = self.node.store.submit(command).await?;
        Ok(Fact::Replaced(noted.to.id))
    }

    pub(super) async fn give_up(&self) -> Result<Fact, SubmitError> {
        let transfer = self.transfer().await?;
        let (source, why) = (transfer.from.shard, Ending::ByPerson(self.note()));
        let command = EndTransfer { transfer: transfer.address(), source, why };
        self.node.store.submit(command).await?;
        Ok(Fact::Other)
    }

    pub(super) async fn give_away(&self) -> Result<Fact, SubmitError> {
        let sale = self.ticket().await?;
        let key = Some(identity(KEY_FIRST + u128::from(self.deed.number), 1));
        let command = MoveToPhone {
            from: SaleAddress { shard: sale.shard, id: sale.id },
            offer: self.node.offer(self.seller_of(sale.shard), sale.event).await?,
            partner: sale.card_sellers().find(|seller| *seller != sale.shard),
            phone: format!("+35455500{:02}", self.deed.number % 100),
            phone_id: None,
            secret: secret(self.deed.number),
            marks: Marks { key, ..Marks::default() },
            note: self.note(),
        };
        let moved = self.node.store.submit(command).await?;
        Ok(Fact::Replaced(moved.sale.id))
    }

    async fn transfer(&self) -> Result<Arc<Transfer>, SubmitError> {
        let address = self.named.transfer.ok_or_else(nothing)?;
        let transfer = self.node.store.read::<Transfer>(Transfer::key_of(address)).await?;
        Ok(transfer.ok_or_else(nothing)?)
    }
}
