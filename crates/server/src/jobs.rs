//! What runs beside the requests: the janitor and the outbox.

pub(crate) mod janitor;
pub(crate) mod outbox;
