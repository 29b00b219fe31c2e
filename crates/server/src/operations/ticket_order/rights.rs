//! What an order claims instead of paying (`domain.md` §3.2: `teamPassId`, `freeTicket…`).

use contract::ticket_order::Ticket;
use domain::card::CardAddress;
use domain::ids::{CardId, NumberKind, PassId, Shard};
use domain::refusal::{Code, Refusal};
use domain::sale::{FreeFrom, Rights};
use service::status::FieldError;

use super::intake::TEXT_LENGTH_MAX;
use crate::app::App;
use crate::operations::Call;
use crate::operations::family::{Failure, wrong};
use crate::text;

/// Where a free ticket comes from, by its published name (`freeTicketFromTypeId`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    OwnerCard,
    StoreCredit,
    FederationCard,
    TeamPass,
    GiveAway,
}

/// The published names, read in any case.
const ORIGINS: [(&str, Origin); 5] = [
    ("ownerCard", Origin::OwnerCard),
    ("storeCredit", Origin::StoreCredit),
    ("ksiCard", Origin::FederationCard),
    ("teamPass", Origin::TeamPass),
    ("giveAway", Origin::GiveAway),
];

/// What an order claims, as far as it can be understood without the store.
#[derive(Clone, Debug, Default)]
pub(super) struct Read {
    origin: Option<Origin>,
    /// The number of a card; 0 for one that is claimed and not named.
    card: u32,
    pass: Option<PassId>,
    /// What it is from, in words.
    from: Option<String>,
}

/// The same in the terms of the rules.
#[derive(Clone, Debug, Default)]
pub(super) struct Claimed {
    pub(super) rights: Rights,
    /// The card whose credit is used first.
    pub(super) credit: Option<CardAddress>,
}

/// Reads the members. A card alone means its free tickets; a number in words is a number.
pub(super) fn read(order: &Ticket, problems: &mut Vec<FieldError>) -> Read {
    let mut read = |value: &Option<String>, name: &str| {
        text::kept_line(value.as_deref(), TEXT_LENGTH_MAX).unwrap_or_else(|message| {
            problems.push(wrong(name, message));
            None
        })
    };
    let from = read(&order.free_ticket_from_id, "Order.FreeTicketFromId");
    let named = read(&order.free_ticket_from_type_id, "Order.FreeTicketFromTypeId");
    let card = number(order.free_ticket_card_id);
    let origin = named.map(|named| {
        let known = ORIGINS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&named));
        if known.is_none() {
            let names = ORIGINS.map(|(name, _)| name).join(", ");
            problems.push(wrong("Order.FreeTicketFromTypeId", format!("It is one of {names}.")));
        }
        known.map(|(_, origin)| *origin)
    });
    let origin = origin.flatten().or(card.map(|_| Origin::OwnerCard));
    let in_words = from.as_deref().and_then(|text| text.parse().ok()).unwrap_or(0);
    let pass = number(order.team_pass_id);
    let pass = pass.or((origin == Some(Origin::TeamPass)).then_some(in_words)).map(PassId);
    Read { origin, card: card.unwrap_or(in_words), pass, from }
}

/// A published number; 0 means none, and a negative one is nobody's.
fn number(id: Option<i32>) -> Option<u32> {
    id.filter(|id| *id != 0).map(|id| u32::try_from(id).unwrap_or(0))
}

impl Read {
    /// Finds where the card lies. One that nobody issued is looked for with the seller, who does
    /// not have it, so that it is refused in its turn.
    ///
    /// # Errors
    /// [`Code::OwnerScopeDenied`] for a card of a club outside the caller's scope.
    pub(super) async fn locate(
        &self,
        app: &App,
        call: &Call<'_>,
        seller: Shard,
    ) -> Result<Claimed, Failure> {
        let mut claimed = Claimed::default();
        claimed.rights.pass = self.pass;
        match self.origin {
            Some(Origin::OwnerCard) => {
                let card = self.card_address(app, call, seller).await?;
                claimed.rights.free = Some(FreeFrom::OwnerCard(card));
            }
            Some(Origin::StoreCredit) => {
                claimed.credit = Some(self.card_address(app, call, seller).await?);
            }
            Some(Origin::FederationCard) => {
                let card_type = self.from.clone().unwrap_or_default();
                claimed.rights.free = Some(FreeFrom::FederationCard { card_type });
            }
            Some(Origin::GiveAway) => {
                let campaign = self.from.clone();
                claimed.rights.free = Some(FreeFrom::GiveAway { campaign });
            }
            Some(Origin::TeamPass) | None => {}
        }
        Ok(claimed)
    }

    async fn card_address(
        &self,
        app: &App,
        call: &Call<'_>,
        seller: Shard,
    ) -> Result<CardAddress, Failure> {
        let shard = app.store.shard_of(NumberKind::Card, self.card).await?.unwrap_or(seller);
        if !call.may_act_for(shard) {
            let message = "This card belongs to an organiser outside your scope.";
            return Err(Refusal::new(Code::OwnerScopeDenied, message).into());
        }
        Ok(CardAddress { shard, id: CardId(self.card) })
    }
}
