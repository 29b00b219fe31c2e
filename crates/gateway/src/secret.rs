//! Card data that exists only while it is needed (`payments.md` §5).
//!
//! None of these types can be printed, cloned, compared, serialised or stored: `Debug` shows a
//! mask, the text is on the heap so that a move leaves no copy behind, and it is wiped on drop.
//! The text itself is reachable only for the gateways of this crate.

mod buyer;
mod card;
mod expiry;
mod fingerprint;
mod number;
mod proof;
mod security_code;
mod source;
mod token;

pub use buyer::BuyerSecret;
pub use card::Card;
pub use expiry::{Expiry, YearMonth};
pub use fingerprint::{Fingerprint, FingerprintKey};
pub use number::CardNumber;
pub use proof::{CRYPTOGRAM_LENGTH_MAX, Cryptogram, MPI_TOKEN_LENGTH_MAX, MpiToken, Proof};
pub use security_code::SecurityCode;
pub use source::{Keep, Source, SourceKind};
pub use token::{CardToken, TOKEN_LENGTH_MAX};

pub(crate) use number::luhn_sum_of;
