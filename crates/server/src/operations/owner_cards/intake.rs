//! From the members of an order of season cards to what the rules understand (`domain.md` §2.1).

use contract::owner_cards::OwnerCardsOrderRequest;
use document::{MAIL_ADDRESS_LENGTH_MAX, MailAddress};
use domain::card::{CardHolder, CardType};
use domain::ids::{CardTypeId, Shard};
use domain::money::Currency;
use domain::phone::PhoneNumber;
use domain::refusal::{Code, Refusal};
use domain::sale::{Buyer, ORDER_CARDS_MAX};
use service::status::FieldError;

use crate::app::App;
use crate::operations::family::{Failure, wrong};
use crate::operations::origin::Origin;
use crate::text;

/// The longest `appMetaData`, in characters.
const APP_META_DATA_LENGTH_MAX: usize = 4_000;

/// The longest name of a holder, in characters.
const NAME_LENGTH_MAX: usize = 100;

/// The longest text of any other member, in characters.
const TEXT_LENGTH_MAX: usize = 255;

/// An order as far as it can be understood without the catalogue.
pub(super) struct Intake {
    pub(super) card_types: Vec<CardTypeId>,
    pub(super) holder: CardHolder,
    pub(super) buyer: Buyer,
}

/// Reads a request.
pub(super) fn read(request: &OwnerCardsOrderRequest) -> Result<Intake, Failure> {
    let ids = request.owner_card_type_ids.as_deref().unwrap_or_default();
    let mut problems = Vec::new();
    if ids.len() > ORDER_CARDS_MAX {
        problems.push(wrong("OwnerCardTypeIds", format!("{ORDER_CARDS_MAX} cards at most.")));
    }
    let device_id = line(&request.device_id, TEXT_LENGTH_MAX, "DeviceId", &mut problems);
    let app_meta_data = text::kept(request.app_meta_data.as_deref(), APP_META_DATA_LENGTH_MAX)
        .unwrap_or_else(|message| {
            problems.push(wrong("AppMetaData", message));
            None
        });
    let told = Told {
        phone: &None,
        holder_id: &request.holder_id,
        name: &request.holder_name,
        email: &request.holder_email,
    };
    let holder = CardHolder { device_id: device_id.clone(), ..holder(&told, "", &mut problems) };
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let number = |id: &i32| CardTypeId(u32::try_from(*id).unwrap_or(0));
    let buyer = Buyer { device_id, app_meta_data, ..Buyer::default() };
    Ok(Intake { card_types: ids.iter().map(number).collect(), holder, buyer })
}

/// A holder as somebody wrote it down.
pub(super) struct Told<'r> {
    pub(super) phone: &'r Option<String>,
    pub(super) holder_id: &'r Option<String>,
    pub(super) name: &'r Option<String>,
    pub(super) email: &'r Option<String>,
}

/// Reads a holder; whether anything of it is needed, the card type says. `path` stands before the
/// names of the members that are wrong.
pub(super) fn holder(told: &Told<'_>, path: &str, problems: &mut Vec<FieldError>) -> CardHolder {
    let field = |name: &str| format!("{path}{name}");
    let phone = line(told.phone, TEXT_LENGTH_MAX, &field("PhoneNumber"), problems);
    let number = phone.as_deref().and_then(PhoneNumber::parse);
    if phone.is_some() && number.is_none() {
        problems.push(wrong(&field("PhoneNumber"), "It is no phone number."));
    }
    let holder_id = line(told.holder_id, TEXT_LENGTH_MAX, &field("HolderId"), problems);
    if holder_id.as_deref().is_some_and(|id| !is_holder_id(id)) {
        let message = "A national id of 10 digits, or a member number of letters and digits.";
        problems.push(wrong(&field("HolderId"), message));
    }
    let name = line(told.name, NAME_LENGTH_MAX, &field("HolderName"), problems);
    let email = line(told.email, MAIL_ADDRESS_LENGTH_MAX, &field("HolderEmail"), problems);
    if let Some(Err(error)) = email.as_deref().map(MailAddress::parse) {
        problems.push(wrong(&field("HolderEmail"), error.to_string()));
    }
    let phone = number.map(|number| number.text().to_owned());
    CardHolder { phone, device_id: None, holder_id, name, email }
}

/// A text of one line as it may be stored.
fn line(
    value: &Option<String>,
    length_max: usize,
    field: &str,
    problems: &mut Vec<FieldError>,
) -> Option<String> {
    let text = text::kept_line(value.as_deref(), length_max);
    text.unwrap_or_else(|message| {
        problems.push(wrong(field, message));
        None
    })
}

/// A national id (10 digits, a dash allowed) or a member number. Its check digit is not looked at:
/// new ids have none (`domain.md` §2.1).
fn is_holder_id(text: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '-';
    text.chars().all(is_part) && text.chars().any(char::is_alphanumeric) && text.len() <= 40
}

impl Intake {
    /// Takes in whose phone it was ordered with.
    pub(super) fn told(&mut self, origin: &Origin) {
        self.buyer.phone = origin.phone_number();
        self.buyer.phone_id = origin.phone_id();
        self.holder.phone = origin.phone_number();
    }

    /// The currency of the order, by its first card.
    pub(super) async fn currency(&self, app: &App, shard: Shard) -> Result<Currency, Failure> {
        let first = self.card_types.first().copied().unwrap_or_default();
        let kind = app.store.read::<CardType>(CardType::key_of(shard, first)).await?;
        let message = format!("There is no card type {}.", first.0);
        let kind = kind.ok_or_else(|| Refusal::new(Code::CardTypeNotFound, message))?;
        Ok(kind.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::{Told, holder, is_holder_id};

    /// Forms are checked, check digits are not.
    #[test]
    fn forms_of_holders() {
        for id in ["0101302989", "010130-2989", "1234567890", "M-42", "félagi7"] {
            assert!(is_holder_id(id), "{id}");
        }
        for id in ["-", "12 34", "a@b", "<b>"] {
            assert!(!is_holder_id(id), "{id}");
        }
    }

    /// Proves that a holder has only an address that a letter can be sent to.
    #[test]
    fn addresses_of_holders() {
        let problems = |email: &str| {
            let (email, mut problems) = (Some(email.to_owned()), Vec::new());
            holder(
                &Told { phone: &None, holder_id: &None, name: &None, email: &email },
                "",
                &mut problems,
            );
            problems.len()
        };
        assert_eq!(problems("anna@example.org"), 0);
        for wrong in ["anna", "a@b@c.is", "á@example.org", "a@example.org, b@example.org"] {
            assert_eq!(problems(wrong), 1, "{wrong}");
        }
    }
}
