//! From what is owed to the letter: written when it is sent, from what is stored then.

use std::sync::Arc;

use document::{Mail, MailAddress, Move, Order, Receipt, ReceiptLine, Refund, Unpaid};
use domain::card::CardType;
use domain::catalogue::Organiser;
use domain::club::contract::Contract;
use domain::effect::MailContent;
use domain::facts::Key;
use domain::ids::{CardTypeId, ContractId, SaleId, Shard};
use domain::language::Language;
use domain::mailing::require_live;
use domain::money::Money;
use domain::pass::PassType;
use domain::record::Kind;
use domain::sale::{Goods, Sale, SaleState};
use domain::transfer::{Transfer, TransferAddress, TransferState};
use hmac::Hmac;
use sha2::Sha256;
use store::Fault;

use crate::http::PublicUrl;
use crate::tickets::{Tickets, occasion_of, price_text};
use crate::topup::{handle, payment_link};

/// The event is not in the catalogue any more.
const NO_EVENT: Unwritten = Unwritten::Needless("there is no such event");

/// Writes letters.
#[derive(Clone)]
pub(crate) struct Writer {
    pub(crate) tickets: Tickets,
    /// Makes the handles of payment links.
    pub(crate) link_key: Hmac<Sha256>,
    /// What links begin with.
    pub(crate) links_url: PublicUrl,
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
                self.refund(to, language, seller, sale, amount).await
            }
            MailContent::EventCancelled { sale } => {
                let (sale, order) = self.order(seller, sale, language).await?;
                Ok(document::event_cancelled(to, &order, goes_back(&sale)))
            }
            MailContent::InstalmentUnpaid { contract, amount, .. } => {
                self.instalment_unpaid(to, language, (seller, contract), amount).await
            }
            MailContent::PaymentLink { transfer } => {
                let address = TransferAddress { shard: seller, id: transfer };
                self.payment_link(to, language, address).await
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
            let name = self.card_name(seller, card.card_type).await?;
            lines.push(ReceiptLine { name, price: price_text(&sale, card.price) });
        }
        let (number, total) = (sale.id.0, price_text(&sale, sale.total));
        let seller = self.seller_name(seller).await?;
        Ok(document::card_receipt(to, &Receipt { language, seller, number, lines, total }))
    }

    async fn refund(
        &self,
        to: MailAddress,
        language: Language,
        seller: Shard,
        sale: SaleId,
        amount: i64,
    ) -> Result<Mail, Unwritten> {
        let sale = self.sale(seller, sale).await?;
        let (number, amount) = (sale.id.0, price_text(&sale, amount));
        let (goods, seller) = (self.goods(&sale).await?, self.seller_name(seller).await?);
        Ok(document::refund_started(to, &Refund { language, seller, goods, number, amount }))
    }

    /// What asks a member for another means of paying.
    async fn instalment_unpaid(
        &self,
        to: MailAddress,
        language: Language,
        (seller, contract): (Shard, ContractId),
        amount: i64,
    ) -> Result<Mail, Unwritten> {
        let key = Contract::key_of(seller, contract);
        let contract = self.tickets.store.read::<Contract>(key).await?;
        let contract = contract.ok_or(Unwritten::Needless("there is no such contract"))?;
        let terms = &contract.terms;
        let goods = terms.package_name.clone();
        let money = Money::new(amount, terms.currency);
        let amount = format!("{} {}", money.text(), terms.currency.code());
        let (contract, seller) = (contract.id.0, self.seller_name(seller).await?);
        Ok(document::instalment_unpaid(to, &Unpaid { language, seller, goods, contract, amount }))
    }

    /// The names of what was bought, each once.
    async fn goods(&self, sale: &Sale) -> Result<String, Unwritten> {
        match &sale.goods {
            Goods::Admissions => {
                let offer = self.tickets.catalogue.offer(sale.event).await?;
                Ok(offer.map(|offer| offer.event.name.clone()).unwrap_or_default())
            }
            Goods::Order { .. } => Ok(String::new()),
            Goods::Contract { contract } | Goods::Instalment { contract, .. } => {
                let key = Contract::key_of(sale.shard, *contract);
                let contract = self.tickets.store.read::<Contract>(key).await?;
                Ok(contract.map(|it| it.terms.package_name.clone()).unwrap_or_default())
            }
            Goods::Pass { pass_type, .. } => {
                let key = Key::number(sale.shard, Kind::PassType, pass_type.0);
                let kind = self.tickets.store.read::<PassType>(key).await?;
                Ok(kind.map(|kind| kind.name.clone()).unwrap_or_default())
            }
            Goods::Cards { types, .. } => {
                let mut names: Vec<String> = Vec::new();
                for card in types {
                    let name = self.card_name(sale.shard, card.card_type).await?;
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                Ok(names.join(", "))
            }
        }
    }

    /// The link with which the difference of a transfer is paid, while it can be.
    async fn payment_link(
        &self,
        to: MailAddress,
        language: Language,
        address: TransferAddress,
    ) -> Result<Mail, Unwritten> {
        let key = Transfer::key_of(address);
        let transfer = self.tickets.store.read::<Transfer>(key).await?;
        let transfer = transfer.filter(|it| it.state == TransferState::AwaitingTopup);
        let transfer = transfer.ok_or(Unwritten::Needless("nothing is to be paid any more"))?;
        let sale = self.sale(transfer.to.shard, transfer.to.id).await?;
        let catalogue = &self.tickets.catalogue;
        let from = catalogue.offer(transfer.from_event).await?;
        let (from, target) = from.zip(catalogue.offer(transfer.to_event).await?).ok_or(NO_EVENT)?;
        let handle = handle(&self.link_key, &transfer, &sale);
        let offer = Move {
            language,
            from: occasion_of(&from),
            to: occasion_of(&target),
            amount: price_text(&sale, transfer.quote.difference()),
            url: payment_link(self.links_url.as_str(), &handle),
            expires_at: transfer.expires_at.unwrap_or(transfer.requested_at),
        };
        Ok(document::payment_link(to, &offer))
    }

    async fn card_name(&self, seller: Shard, kind: CardTypeId) -> Result<String, Unwritten> {
        let key = Key::number(seller, Kind::CardType, kind.0);
        let kind = self.tickets.store.read::<CardType>(key).await?;
        Ok(kind.map(|kind| kind.name.clone()).unwrap_or_default())
    }

    async fn seller_name(&self, seller: Shard) -> Result<String, Unwritten> {
        let key = Key::number(seller, Kind::Organiser, 0);
        let organiser = self.tickets.store.read::<Organiser>(key).await?;
        Ok(organiser.map(|organiser| organiser.name.clone()).unwrap_or_default())
    }

    async fn order(
        &self,
        seller: Shard,
        sale: SaleId,
        language: Language,
    ) -> Result<(Arc<Sale>, Order), Unwritten> {
        let sale = self.sale(seller, sale).await?;
        let order = self.tickets.of(&sale, language).await?;
        Ok((sale, order.ok_or(NO_EVENT)?))
    }

    async fn sale(&self, seller: Shard, sale: SaleId) -> Result<Arc<Sale>, Unwritten> {
        let found = self.tickets.store.read::<Sale>(Sale::key_of(seller, sale)).await?;
        found.ok_or(Unwritten::Needless("there is no such sale"))
    }
}

/// Whether what was paid is on its way back, or is there: an earlier refund of a part promises
/// nothing of the rest.
fn goes_back(sale: &Sale) -> bool {
    sale.owed() > 0 || matches!(sale.state, SaleState::Returning | SaleState::Returned)
}
