//! What buyers hold: codes for the gate, printed tickets, calendar entries and letters.
//!
//! Pure functions from plain texts to bytes. Nothing here asks a store or sends anything, and the
//! same input gives the same bytes. Every sentence a buyer reads stands in one table for each
//! language ([`texts`]).

mod calendar;
mod clock;
mod mail;
mod markup;
mod occasion;
mod pdf;
mod qr;
pub mod texts;

pub use domain::language::Language;

pub use self::calendar::calendar;
pub use self::clock::moment;
pub use self::mail::address::{AddressError, MAIL_ADDRESS_LENGTH_MAX, MailAddress};
pub use self::mail::letters::{
    Move, Receipt, ReceiptLine, Refund, Unpaid, card_receipt, event_cancelled, instalment_unpaid,
    payment_link, refund_started, tickets,
};
pub use self::mail::{Attachment, Mail};
pub use self::occasion::{Admission, Occasion, Order, Seat};
pub use self::pdf::pdf;
pub use self::qr::{QR_TEXT_LENGTH_MAX, QrError, qr_png, qr_svg};
