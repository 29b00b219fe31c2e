//! From what is owed to the letter: written when it is sent, from what is stored then.

use std::sync::Arc;

use document::{Mail, MailAddress, Order, Receipt, ReceiptLine};
use domain::card::CardType;
use domain::catalogue::Organiser;
use domain::effect::MailContent;
use domain::facts::Key;
use domain::ids::{SaleId, Shard};
use domain::language::Language;
use domain::mailing::require_live;
use domain::record::Kind;
use domain::sale::{Goods, Sale};
use store::Fault;

use crate::tickets::{Tickets, price_text};

/// Writes letters.
#[derive(Clone)]
pub(crate) struct Writer {
    pub(crate) tickets: Tickets,
}

/// Why there is no letter.
#[derive(Debug)]
pub(crate) enum Unwritten {
    /// What it is about cannot be read now; later it may.
    Fault(Fault),
    /// There is nothing to tell any more, and why.
    Needless(&'static str),
}

impl From<Fault> for Unwritten {
    fn from(fault: Fault) -> Unwritten {
        Unwritten::Fault(fault)
    }
}

/// The name by which calendars know an order's event.
pub(crate) fn calendar_uid(sale: &Sale) -> String {
    format!("order-{}.{}@guichet", sale.shard.0, sale.id.0)
}

impl Writer {
    /// The letter that a seller owes.
    pub(crate) async fn write(
        &self,
        seller: Shard,
        to: &str,
        language: Language,
        content: MailContent,
    ) -> Result<Mail, Unwritten> {
        let to = MailAddress::parse(to).map_err(|_| Unwritten::Needless("no address"))?;
        match content {
            MailContent::Tickets { sale } => self.tickets(to, language, seller, sale).await,
            MailContent::CardReceipt { sale } => self.receipt(to, language, seller, sale).await,
            MailContent::RefundStarted { sale, amount } => {
                let (sale, order) = self.order(seller, sale, language).await?;
                Ok(document::refund_started(to, &order, &price_text(&sale, amount)))
            }
            MailContent::EventCancelled { sale } => {
                let (_, order) = self.order(seller, sale, language).await?;
                Ok(document::event_cancelled(to, &order))
            }
        }
    }

    async fn tickets(
        &self,
        to: MailAddress,
        language: Language,
        seller: Shard,
        sale: SaleId,
    ) -> Result<Mail, Unwritten> {
        let (sale, order) = self.order(seller, sale, language).await?;
        if require_live(&sale).is_err() {
            return Err(Unwritten::Needless("the tickets are not live any more"));
        }
        let written = document::tickets(to, &order, &calendar_uid(&sale), sale.changed_at);
        written.map_err(|_| Unwritten::Needless("a code does not fit"))
    }

    async fn receipt(
        &self,
        to: MailAddress,
        language: Language,
        seller: Shard,
        sale: SaleId,
    ) -> Result<Mail, Unwritten> {
        let sale = self.sale(seller, sale).await?;
        let Goods::Cards { types, .. } = &sale.goods else {
            return Err(Unwritten::Needless("the order has no season cards"));
        };
        let mut lines = Vec::new();
        for card in types {
            let key = Key::number(seller, Kind::CardType, card.card_type.0);
            let kind = self.tickets.store.read::<CardType>(key).await?;
            let name = kind.map(|kind| kind.name.clone()).unwrap_or_default();
            lines.push(ReceiptLine { name, price: price_text(&sale, card.price) });
        }
        let organiser = Key::number(seller, Kind::Organiser, 0);
        let organiser = self.tickets.store.read::<Organiser>(organiser).await?;
        let name = organiser.map(|organiser| organiser.name.clone()).unwrap_or_default();
        let (number, total) = (sale.id.0, price_text(&sale, sale.total));
        Ok(document::card_receipt(to, &Receipt { language, seller: name, number, lines, total }))
    }

    async fn order(
        &self,
        seller: Shard,
        sale: SaleId,
        language: Language,
    ) -> Result<(Arc<Sale>, Order), Unwritten> {
        let sale = self.sale(seller, sale).await?;
        let order = self.tickets.of(&sale, language).await?;
        Ok((sale, order.ok_or(Unwritten::Needless("there is no such event"))?))
    }

    async fn sale(&self, seller: Shard, sale: SaleId) -> Result<Arc<Sale>, Unwritten> {
        let found = self.tickets.store.read::<Sale>(Sale::key_of(seller, sale)).await?;
        found.ok_or(Unwritten::Needless("there is no such sale"))
    }
}
