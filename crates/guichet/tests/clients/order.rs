//! What every `order` script prints, whatever its language.

/// The same lines from every client: what is lost in one of them is missed here.
pub(crate) const PRINTED: &str = "\
signed in: anna, TeamAdmin, Agent
event: Hekla – Esja, 2037-05-02T19:15:00, 64.146582 -21.928001
price: 12.35 EUR
from its start: 1, before: 0
bought: Bought, 12.35 EUR, 1 x Adult
a cent less: 409 PriceChanged
batch: Bought, Bought
batch with a broken order: 400 ValidationFailed
  Order.EventId: Name the event to order for.
  after 0 of the batch
broken order: 400 ValidationFailed
  Order.EventId: Name the event to order for.
nobody: 401 Unauthorized
signed in: bert, MobileApp
somebody else: 403 Forbidden
nowhere: 404 404
with a new token: Bought
asked for: a token
";

/// The sales that are stored afterwards: the refused price is none.
pub(crate) const BUYS: u32 = 1;
