//! Rights that make admissions cheaper or free (`domain.md` §3.2, §3.3, §3.6 rule 3): codes of
//! campaigns for their lines, then a team pass for one of the others, then a season card, a
//! federation's card or the club itself for the rest.

use super::card_use::CardUser;
use super::{Entitlement, Line, Sale};
use crate::card::{Card, CardAddress};
use crate::catalogue::Event;
use crate::facts::{Facts, Halt, Key};
use crate::ids::{LineId, PassId};
use crate::pass::Pass;
use crate::pricing::LineRequest;
use crate::record::word;
use crate::refusal::{Code, Refusal};
use crate::special_ticket::SpecialTicket;
use crate::time::Timestamp;

/// What an order claims instead of paying.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// A team pass; it pays for one admission.
    pub pass: Option<PassId>,
    /// Who gives the admissions that neither a pass nor a code pays for.
    pub free: Option<FreeFrom>,
}

/// Who gives admissions for nothing (`freeTicketFromTypeId`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FreeFrom {
    /// A season card: one of its free tickets an admission, whatever that would cost.
    OwnerCard(CardAddress),
    /// A federation's card, one admission a card and event. Whether the person has that card is
    /// not known here: the gate sees it. What is proved is that the event lets cards of that kind
    /// in, and that nobody came with the same card before.
    FederationCard {
        /// The federation's name of the card's kind.
        card_type: String,
    },
    /// The club itself, through its office.
    GiveAway {
        /// What for.
        campaign: Option<String>,
    },
}

impl Rights {
    /// The season card among them.
    pub(super) fn card(&self) -> Option<CardAddress> {
        match self.free {
            Some(FreeFrom::OwnerCard(card)) => Some(card),
            _ => None,
        }
    }

    /// The rows that [`Sale::entitle`] looks at, to be loaded beforehand.
    pub(super) fn keys(&self, event: &Event, keys: &mut Vec<Key>) {
        keys.extend(self.pass.map(|pass| Pass::key_of(event.organiser, pass)));
        keys.extend(self.card().map(Card::key_of));
    }
}

/// What the rules of rights need to know beside the sale.
#[derive(Clone, Copy)]
pub(super) struct Entitling<'a> {
    pub(super) event: &'a Event,
    pub(super) user: CardUser<'a>,
    pub(super) now: Timestamp,
}

impl Sale {
    /// Uses the rights for the sale's lines, and sets what these cost then. The unit price of a
    /// line stays what one would pay without; only a campaign has a price of its own.
    ///
    /// # Errors
    /// [`Code::SpecialTicketInvalid`], [`Code::SpecialTicketUsed`], [`Code::TeamPassNotValid`],
    /// [`Code::OwnerCardNotFound`], [`Code::OwnerCardNotValid`], [`Code::OwnerCardNotAllowed`],
    /// [`Code::OwnerCardUsedUp`], [`Code::OwnerCardEventLimit`], [`Code::HolderInfoRequired`],
    /// [`Code::Forbidden`].
    pub(super) fn entitle(
        &mut self,
        rights: &Rights,
        requests: &[LineRequest],
        with: &Entitling<'_>,
        facts: &mut Facts<'_>,
    ) -> Result<(), Halt> {
        for (index, request) in requests.iter().enumerate() {
            if let Some(code) = request.special {
                self.use_special(index, code, facts)?;
            }
        }
        if let Some(pass) = rights.pass {
            self.use_pass(pass, with, facts)?;
        }
        match &rights.free {
            Some(FreeFrom::OwnerCard(card)) => self.use_free_tickets(*card, with, facts),
            Some(FreeFrom::FederationCard { card_type }) => {
                self.use_federation_card(card_type, with, facts)
            }
            Some(FreeFrom::GiveAway { campaign }) => self.be_given(campaign.as_deref(), with),
            None => Ok(()),
        }
    }

    fn use_special(
        &mut self,
        index: usize,
        code: Option<u128>,
        facts: &mut Facts<'_>,
    ) -> Result<(), Halt> {
        let invalid = || {
            let message = "This code is not good for this ticket.";
            Refusal::new(Code::SpecialTicketInvalid, message)
        };
        let hash = code.ok_or_else(invalid)?;
        let special = facts.edit::<SpecialTicket>(SpecialTicket::key_of(self.shard, hash))?;
        let (event, sale) = (self.event, self.id);
        let line = &mut self.lines[index];
        let special = special.filter(|special| special.is_for(event, line.ticket_type));
        let special = special.ok_or_else(invalid)?;
        if special.used_by.is_some() {
            let message = "This code was used before.";
            return Err(Refusal::new(Code::SpecialTicketUsed, message).into());
        }
        if line.count > special.count {
            let message = format!("This code is good for {} admissions.", special.count);
            return Err(Refusal::new(Code::SpecialTicketInvalid, message).into());
        }
        special.used_by = Some(sale);
        line.unit_price = special.price;
        line.total = special.price * i64::from(line.count);
        let (line, campaign) = (line.id, Some(special.campaign.clone()));
        self.entitlements.push(Entitlement::SpecialTicket { hash, line, campaign });
        Ok(())
    }

    fn use_pass(
        &mut self,
        id: PassId,
        with: &Entitling<'_>,
        facts: &mut Facts<'_>,
    ) -> Result<(), Halt> {
        let refuse = |message: &str| Halt::from(Refusal::new(Code::TeamPassNotValid, message));
        let pass = facts.edit::<Pass>(Pass::key_of(self.shard, id))?;
        let pass = pass.filter(|pass| with.user.may_use(pass.phone.as_deref()));
        let pass = pass.ok_or_else(|| refuse("There is no such team pass of this phone."))?;
        if with.event.series != Some(pass.series) {
            return Err(refuse("The pass is for events of another series."));
        }
        let fits = |line: &&Line| {
            line.ticket_type == pass.ticket_type && line.count == 1 && !self.is_covered(line.id)
        };
        let Some(line) = self.lines.iter().find(fits).map(|line| line.id) else {
            return Err(refuse("The pass gives one admission of its own type; order that."));
        };
        pass.take(self.event, self.id)?;
        self.cover(|candidate| candidate.id == line);
        self.entitlements.push(Entitlement::Pass { pass: id, line });
        Ok(())
    }

    fn use_free_tickets(
        &mut self,
        address: CardAddress,
        with: &Entitling<'_>,
        facts: &mut Facts<'_>,
    ) -> Result<(), Halt> {
        let card = with.user.find(address, facts, with.now)?;
        if with.event.owner_cards_not_allowed {
            let message = "This event takes no free tickets from owner cards.";
            return Err(Refusal::new(Code::OwnerCardNotAllowed, message).into());
        }
        let count = self.uncovered().map(|line| line.count).sum();
        if count == 0 {
            return Ok(());
        }
        if let Some(card) = facts.edit::<Card>(Card::key_of(address))? {
            card.take_tickets(self.event, count, with.now)?;
        }
        self.cover_rest();
        let card_type = card.card_type;
        self.entitlements.push(Entitlement::FreeTickets { card: address, card_type, count });
        Ok(())
    }

    fn use_federation_card(
        &mut self,
        card_type: &str,
        with: &Entitling<'_>,
        facts: &mut Facts<'_>,
    ) -> Result<(), Halt> {
        let allowed = with.event.rules.federation_cards.as_deref().unwrap_or_default();
        let mut known = allowed.split(',').map(str::trim).filter(|known| !known.is_empty());
        if !known.any(|known| known.eq_ignore_ascii_case(card_type)) {
            let message = "This event lets no federation cards of this kind in.";
            return Err(Refusal::new(Code::OwnerCardNotAllowed, message).into());
        }
        let holder = self.federation_card_holder()?;
        let special = SpecialTicket::of_federation_card(with.event, card_type, &holder);
        let hash = special.hash;
        let known = facts.look::<SpecialTicket>(SpecialTicket::key_of(self.shard, hash))?;
        if known.is_some_and(|known| known.used_by.is_some()) {
            let message = "This federation card was used for this event before.";
            return Err(Refusal::new(Code::OwnerCardEventLimit, message).into());
        }
        facts.put(SpecialTicket { used_by: Some(self.id), ..special });
        self.cover_rest();
        let card_type = card_type.to_owned();
        self.entitlements.push(Entitlement::FederationCard { hash, card_type });
        Ok(())
    }

    /// Whose federation card it is: the holder of the one admission it gives.
    fn federation_card_holder(&self) -> Result<String, Refusal> {
        let mut lines = self.uncovered();
        let (Some(Line { count: 1, holders, .. }), None) = (lines.next(), lines.next()) else {
            let message = "A federation card gives one admission; order the others apart.";
            return Err(Refusal::new(Code::OwnerCardEventLimit, message));
        };
        let holder = holders.first().and_then(|holder| holder.holder_id.as_deref());
        let holder = holder.map(str::trim).filter(|holder| !holder.is_empty());
        holder.map(str::to_owned).ok_or_else(|| {
            let message = "A federation card is good for its holder; send the holder's holderId.";
            Refusal::new(Code::HolderInfoRequired, message)
        })
    }

    fn be_given(&mut self, campaign: Option<&str>, with: &Entitling<'_>) -> Result<(), Halt> {
        if !with.user.by_office {
            let message = "Only the club itself gives tickets away.";
            return Err(Refusal::new(Code::Forbidden, message).into());
        }
        self.cover_rest();
        let campaign = campaign.map(str::to_owned);
        self.entitlements.push(Entitlement::GiveAway { campaign });
        Ok(())
    }

    /// Whether a code or a pass pays for a line.
    #[must_use]
    pub fn is_covered(&self, id: LineId) -> bool {
        self.entitlements.iter().any(|entitlement| match entitlement {
            Entitlement::Pass { line, .. } | Entitlement::SpecialTicket { line, .. } => *line == id,
            _ => false,
        })
    }

    fn uncovered(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| !self.is_covered(line.id))
    }

    fn cover_rest(&mut self) {
        let open: Vec<LineId> = self.uncovered().map(|line| line.id).collect();
        self.cover(|line| open.contains(&line.id));
    }

    fn cover(&mut self, which: impl Fn(&Line) -> bool) {
        self.lines.iter_mut().filter(|line| which(line)).for_each(|line| line.total = 0);
    }
}

impl SpecialTicket {
    /// What stands for one federation card at one event, so that it is used once. Dashes and
    /// spaces in the holder's number do not matter.
    fn of_federation_card(event: &Event, card_type: &str, holder: &str) -> SpecialTicket {
        let number = holder.chars().filter(|c| c.is_alphanumeric());
        let number: String = number.flat_map(char::to_uppercase).collect();
        let kind = card_type.to_uppercase();
        SpecialTicket {
            shard: event.organiser,
            hash: word("federation card", &format!("{}\n{kind}\n{number}", event.id.0)),
            campaign: format!("federation card {card_type}"),
            event: Some(event.id),
            ticket_type: None,
            price: 0,
            count: 1,
            used_by: None,
        }
    }
}
