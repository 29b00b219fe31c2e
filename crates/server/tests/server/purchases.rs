//! The two operations that sell to the public, for what must hold of both.

use serde_json::{Value, json};

use crate::client::Request;
use crate::order::{GOOD_CARD, card, paid};
use crate::shop::Shop;

/// Something that is sold for 4 000 ISK.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purchase {
    /// One adult at the match.
    Tickets,
    /// Two season cards of which there are three.
    Cards,
}

impl Purchase {
    pub(crate) const ALL: [Purchase; 2] = [Purchase::Tickets, Purchase::Cards];

    /// The name that is signed.
    pub(crate) fn operation(self) -> &'static str {
        match self {
            Purchase::Tickets => "TicketOrder",
            Purchase::Cards => "OwnerCardsOrderRequest",
        }
    }

    pub(crate) fn path(self) -> &'static str {
        match self {
            Purchase::Tickets => "/ticketOrder",
            Purchase::Cards => "/OrderOwnerCards",
        }
    }

    /// A request that is paid by a good card.
    pub(crate) fn paid(self, shop: &Shop) -> Value {
        match self {
            Purchase::Tickets => paid(shop, "match", "adult", 1),
            Purchase::Cards => {
                let kind = shop.number("card_type", "limited");
                json!({ "ownerCardTypeIds": [kind, kind], "cardInfo": card(GOOD_CARD) })
            }
        }
    }

    /// The same, paid by that card.
    pub(crate) fn paid_by(self, shop: &Shop, number: &str) -> Value {
        let mut wanted = self.paid(shop);
        wanted["cardInfo"] = card(number);
        wanted
    }

    /// The same, paid by telephone.
    pub(crate) fn paid_by_phone(self, shop: &Shop, number: &str) -> Value {
        let mut wanted = self.paid(shop);
        wanted.as_object_mut().unwrap().remove("cardInfo");
        wanted["paymentPhoneNumber"] = json!(number);
        wanted
    }

    /// The request of a caller with that key.
    pub(crate) fn request(self, key: &str, wanted: &Value) -> Request {
        Request::post(&format!("{}.json", self.path())).key(key).json(wanted)
    }
}
