//! From the members of a request to what the rules understand (`domain.md` §6.1).

use std::net::IpAddr;

use contract::contract_sold::PaymentMethodDto;
use domain::club::PromoCode;
use domain::ids::{PlanId, StaffId};
use domain::profile::METHODS_MAX;
use rust_decimal::Decimal;
use service::status::FieldError;

use crate::operations::clubs::PROMO_CODE_LENGTH_MAX;
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, office};
use crate::text;

/// The longest list of addresses that is looked at, in bytes.
const ADDRESSES_LENGTH_MAX: usize = 1_024;

/// The header in which programs name the end user's address.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Everything that is wrong with the form of a request, member by member.
#[derive(Default)]
pub(in crate::operations::clubs) struct Problems(Vec<FieldError>);

impl Problems {
    /// The promo code, by its hash.
    pub(in crate::operations::clubs) fn promo(&mut self, code: Option<&str>) -> Option<u128> {
        let code = text::checked_line(code, PROMO_CODE_LENGTH_MAX).unwrap_or_else(|message| {
            self.0.push(wrong("PromoCode", message));
            None
        });
        code.as_deref().map(PromoCode::hash_of)
    }

    /// Looks whether a store is named; which, is looked at later.
    pub(in crate::operations::clubs) fn needs_store(&mut self, store: Option<i32>) {
        if store.is_none() {
            self.0.push(wrong("StoreId", "Name the store."));
        }
    }

    /// Looks whether it is said what is paid.
    pub(in crate::operations::clubs) fn needs_amount(&mut self, amount: Option<Decimal>) {
        if amount.is_none() {
            self.0.push(wrong("PaymentAmount", "Say what is paid today, tax included."));
        }
    }

    /// Looks how long the list is.
    pub(in crate::operations::clubs) fn methods(&mut self, sent: Option<&[PaymentMethodDto]>) {
        if sent.is_some_and(|methods| methods.len() > METHODS_MAX) {
            self.0.push(wrong("PaymentMethods", format!("{METHODS_MAX} entries at most.")));
        }
    }

    /// A failure that names all of them, if there are any.
    pub(in crate::operations::clubs) fn check(self) -> Result<(), Failure> {
        if self.0.is_empty() { Ok(()) } else { Err(Failure::invalid(self.0)) }
    }
}

/// The plan that is named; 0 names none.
pub(in crate::operations::clubs) fn plan(number: Option<i32>) -> Option<PlanId> {
    number.filter(|number| *number != 0).map(|number| PlanId(office::number(number)))
}

/// Who is credited with the sale; 0 names nobody.
pub(in crate::operations::clubs) fn staff(number: Option<i32>) -> Option<StaffId> {
    number.filter(|number| *number != 0).map(|number| StaffId(office::number(number)))
}

/// The first address of the list, if it is one: kept for fraud and audit, believed for nothing.
pub(in crate::operations::clubs) fn end_user(
    call: &Call<'_>,
    in_request: Option<&str>,
) -> Option<String> {
    let header = call.headers.get(FORWARDED_FOR).and_then(|value| value.to_str().ok());
    let list = in_request.or(header)?;
    let first = list.get(..list.len().min(ADDRESSES_LENGTH_MAX))?.split(',').next()?;
    first.trim().parse::<IpAddr>().ok().map(|address| address.to_string())
}
