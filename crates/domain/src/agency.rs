//! Agencies: resellers that place orders for customers and have them paid (`domain.md` §5).
//!
//! An agency is a seller: it has a shard and an [`Organiser`](crate::catalogue::Organiser) record,
//! which says its name, its gateway and the platform's share. What only agencies have lies beside
//! it in the same shard: the [`Agency`] itself, its [`Customer`]s and their [`CustomerOrder`]s. An
//! order is paid by a [`Sale`](crate::sale::Sale) like everything else.

mod change;
mod customer;
mod named;
mod order;
mod payment_link;
mod place;
mod save_customer;
mod settle;
mod subscription;
mod uid;

use serde::{Deserialize, Serialize};

pub use self::change::{ChangeOrder, OrderChange};
pub use self::customer::{Customer, CustomerCode, CustomerDetails, CustomerNamed};
pub use self::order::{
    Address, CustomerOrder, LINES_MAX, OrderLine, OrderState, PAYMENTS_MAX, QUANTITY_MAX,
    TAX_BASIS_POINTS_MAX,
};
pub use self::payment_link::{OfferPaymentLink, PaymentLink};
pub use self::place::PlaceCustomerOrder;
pub use self::save_customer::{SaveCustomer, SavedCustomer};
pub(crate) use self::settle::{failed, paid, refunded, refuses};
pub use self::subscription::{
    Interval, PaidPeriod, RENEWALS_MAX, Recurring, Renewal, Subscription, SubscriptionAnswer,
    SubscriptionCall, SubscriptionEvent, SubscriptionStanding, SubscriptionState, SubscriptionStep,
    SubscriptionTold, SubscriptionVerb,
};
pub use self::uid::Uid;
use crate::facts::Key;
use crate::ids::Shard;
use crate::money::Currency;
use crate::record::Kind;

/// What an agency has beside its organiser record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// The seller's shard; also its published number (`AgentId`).
    pub shard: Shard,
    /// The number that people know it by (`AgentNumber`).
    pub number: String,
    /// The currency of all its orders.
    pub currency: Currency,
    /// To whom the tax in its orders is owed: the last part of the name of its account.
    pub tax_jurisdiction: String,
}

impl Agency {
    /// Where it lives.
    #[must_use]
    pub fn key_of(shard: Shard) -> Key {
        Key::number(shard, Kind::Agency, 0)
    }
}
