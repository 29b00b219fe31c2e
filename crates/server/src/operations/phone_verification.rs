//! `/phoneverification/…`: proving that a device speaks for a phone (`domain.md` §1.5).

mod confirm;
mod outbox;
mod request;
mod revoke;

use contract::phone_verification as declared;
use domain::phone::{PhoneNumber, device_hash};
use service::status::FieldError;

use super::family::wrong;
use super::handlers::{Handler, handler};
use crate::text;

/// The longest name of a device, in characters (`domain.md` §1.7).
const DEVICE_LENGTH_MAX: usize = 255;

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(declared::request::PHONE_VERIFICATION_REQUEST, request::serve),
    handler!(declared::confirm::PHONE_VERIFICATION_CONFIRM, confirm::serve),
    handler!(declared::revoke::PHONE_VERIFICATION_REVOKE, revoke::serve),
    handler!(declared::outbox::SMS_OUTBOX, outbox::serve),
];

/// A device, if the request names one.
fn device(name: Option<&str>) -> Result<Option<u128>, FieldError> {
    let name = text::checked_line(name, DEVICE_LENGTH_MAX);
    let name = name.map_err(|message| wrong("DeviceId", message))?;
    Ok(name.as_deref().map(device_hash))
}

/// A telephone number that must be there.
fn number(text: Option<&str>) -> Result<PhoneNumber, FieldError> {
    PhoneNumber::parse(text.unwrap_or_default()).ok_or_else(|| {
        let message = "It must be a telephone number: + and 7 to 15 digits with the country in \
                       front, or the seven digits of an Icelandic one.";
        wrong("FullPhoneNumber", message)
    })
}
