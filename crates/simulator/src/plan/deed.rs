//! What is done with tickets after they were ordered, and what of a season is ordered.

use domain::ids::TicketTypeId;

use super::Script;

/// What an order is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The match of every shop.
    Match,
    /// The final, which costs more.
    Final,
    /// Numbered seats: the best there are, or those from this one on.
    Seats(Option<u16>),
    /// So many season cards.
    Cards(u8),
}

/// How a season card pays for an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CardUse {
    /// One of its free tickets an admission.
    Free,
    /// Its credit, as far as there is any.
    Credit,
}

/// Somebody does something with the ticket that came of an order, whatever it is by then.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    /// Its number in the run.
    pub(crate) number: u32,
    pub(crate) at_ms: u64,
    /// Which node is asked first.
    pub(crate) node: usize,
    /// The order.
    pub(crate) order: u32,
    pub(crate) act: Act,
    /// How the gateway treats the card of who pays.
    pub(crate) script: Script,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Everything is paid back.
    RefundWhole,
    /// The first admission is paid back.
    RefundFirst,
    /// So many minor units are paid back, and the ticket stays good.
    RefundAmount(i64),
    /// The ticket ends, and its money stays.
    Cancel,
    /// It moves to another event.
    Move { seller: usize, what: What, kind: Option<TicketTypeId>, seat: u16 },
    /// The difference of its last move is paid with a card.
    PayTopup,
    /// A person says that the difference was paid elsewhere.
    NoteTopup,
    /// A person gives its last move up.
    GiveUp,
    /// It goes to another phone.
    GiveAway,
    /// An admission goes in.
    Enter(u8),
    /// The organiser of an event is paid out.
    PayOut { seller: usize, what: What },
    /// An event is cancelled, and all its sales with it.
    CallOff { seller: usize, what: What, refunds: bool },
}

/// The first number of the cards of those who pay a difference.
const PAYER_FIRST: u32 = 10_000;

impl Deed {
    /// The card of who pays, as the gateway knows it.
    pub(crate) fn payer(&self) -> u32 {
        PAYER_FIRST + self.number
    }
}
