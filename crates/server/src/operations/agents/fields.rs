//! From the members of requests to what the rules understand; every problem is told at once.

use contract::agents::orders as published;
use document::MailAddress;
use domain::agency::{
    Address, CustomerDetails, Interval, LINES_MAX, OrderLine, QUANTITY_MAX, TAX_BASIS_POINTS_MAX,
};
use domain::money::Currency;
use rust_decimal::Decimal;
use service::status::FieldError;

use super::caller::Agent;
use super::{TAKE_DEFAULT, TAKE_MAX};
use crate::app::App;
use crate::money;
use crate::operations::family::{Failure, wrong};
use crate::text;

/// The longest name, in characters (`domain.md` §1.7).
const NAME_LENGTH_MAX: usize = 100;

/// The longest text of any other member, in characters.
const TEXT_LENGTH_MAX: usize = 255;

/// The longest note, in characters.
const NOTES_LENGTH_MAX: usize = 500;

/// Reads members and collects what is wrong with them.
#[derive(Default)]
pub(super) struct Fields {
    problems: Vec<FieldError>,
}

/// What counts of an agent where its order is read.
#[derive(Clone, Copy)]
pub(super) struct Seller {
    /// The currency of all amounts.
    pub(super) currency: Currency,
    /// Its gateway keeps subscriptions.
    pub(super) subscribes: bool,
}

impl Seller {
    pub(super) fn of(app: &App, agent: &Agent) -> Seller {
        let gateway = app.till.gateway(&agent.organiser.gateway);
        let subscribes = gateway.is_some_and(|gateway| gateway.subscribes());
        Seller { currency: agent.agency.currency, subscribes }
    }
}

/// The members of a request that say who a customer is.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) code: &'a Option<String>,
    pub(super) business_name: &'a Option<String>,
    pub(super) first_name: &'a Option<String>,
    pub(super) last_name: &'a Option<String>,
    pub(super) email: &'a Option<String>,
}

impl Fields {
    /// Ends the reading.
    ///
    /// # Errors
    /// A failure naming every member that is wrong.
    pub(super) fn done(self) -> Result<(), Failure> {
        if self.problems.is_empty() { Ok(()) } else { Err(Failure::invalid(self.problems)) }
    }

    pub(super) fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.problems.push(wrong(field, message));
    }

    /// Who a customer is; `path` leads to the members.
    pub(super) fn customer(&mut self, told: &Told<'_>, path: &str) -> CustomerDetails {
        let code = text::checked_key(told.code.as_deref(), NAME_LENGTH_MAX);
        let code = self.checked(code, &format!("{path}CustomerCode"));
        let email = self.line(told.email, TEXT_LENGTH_MAX, &format!("{path}Email"));
        if let Some(Err(error)) = email.as_deref().map(MailAddress::parse) {
            self.wrong(&format!("{path}Email"), error.to_string());
        }
        let mut name =
            |value, member: &str| self.line(value, NAME_LENGTH_MAX, &format!("{path}{member}"));
        CustomerDetails {
            code,
            business_name: name(told.business_name, "BusinessName"),
            first_name: name(told.first_name, "FirstName"),
            last_name: name(told.last_name, "LastName"),
            email,
        }
    }

    pub(super) fn address(
        &mut self,
        told: Option<&published::OrderAddress>,
        path: &str,
    ) -> Option<Address> {
        let told = told?;
        let mut line =
            |value, member: &str| self.line(value, TEXT_LENGTH_MAX, &format!("{path}.{member}"));
        let address = Address {
            name: line(&told.name, "Name"),
            street: line(&told.street, "Street"),
            street2: line(&told.street2, "Street2"),
            postal_code: line(&told.postal_code, "PostalCode"),
            city: line(&told.city, "City"),
            country: line(&told.country, "Country"),
        };
        Some(address).filter(|address| *address != Address::default())
    }

    pub(super) fn notes(&mut self, value: &Option<String>) -> Option<String> {
        let notes = text::kept(value.as_deref(), NOTES_LENGTH_MAX);
        self.checked(notes, "Notes")
    }

    pub(super) fn lines(
        &mut self,
        told: &[published::OrderLine],
        seller: Seller,
    ) -> Vec<OrderLine> {
        if told.len() > LINES_MAX {
            self.wrong("OrderLines", format!("{LINES_MAX} lines at most."));
            return Vec::new();
        }
        let lines = told.iter().enumerate();
        lines
            .map(|(index, it)| self.order_line(it, &format!("OrderLines[{index}]"), seller))
            .collect()
    }

    pub(super) fn order_line(
        &mut self,
        told: &published::OrderLine,
        path: &str,
        seller: Seller,
    ) -> OrderLine {
        let currency = seller.currency;
        let description =
            self.line(&told.description, TEXT_LENGTH_MAX, &format!("{path}.Description"));
        if description.is_none() {
            self.wrong(&format!("{path}.Description"), "Say what is ordered.");
        }
        let quantity = u32::try_from(told.quantity).unwrap_or(0);
        if !(1..=QUANTITY_MAX).contains(&quantity) {
            let message = format!("It must lie between 1 and {QUANTITY_MAX}.");
            self.wrong(&format!("{path}.Quantity"), message);
        }
        OrderLine {
            number: 0,
            description: description.unwrap_or_default(),
            product_code: self.line(
                &told.product_code,
                NAME_LENGTH_MAX,
                &format!("{path}.ProductCode"),
            ),
            quantity,
            unit_price: self.price(told.unit_price, &format!("{path}.UnitPrice"), currency),
            tax_basis_points: self.tax(told.tax_percent, &format!("{path}.TaxPercent")),
            recurs: self.interval(
                told.recurring_interval.as_deref(),
                &format!("{path}.RecurringInterval"),
                seller,
            ),
        }
    }

    /// A line recurs where the agent's gateway takes its later periods by itself.
    fn interval(&mut self, told: Option<&str>, field: &str, seller: Seller) -> Option<Interval> {
        let told = told.map(str::trim).filter(|text| !text.is_empty())?;
        let known = [Interval::Month, Interval::Year];
        let found = known.into_iter().find(|it| it.name().eq_ignore_ascii_case(told));
        if found.is_none() {
            self.wrong(field, "Say Month or Year, or leave it out for once.");
        } else if !seller.subscribes {
            self.wrong(field, "This agent's gateway keeps no subscriptions; sell it once.");
        }
        found
    }

    pub(super) fn price(&mut self, amount: Decimal, field: &str, currency: Currency) -> i64 {
        money::price(amount, currency).unwrap_or_else(|refusal| {
            self.wrong(field, refusal.message);
            0
        })
    }

    fn tax(&mut self, percent: Decimal, field: &str) -> u32 {
        let hundredths = percent.checked_mul(Decimal::ONE_HUNDRED).map(|it| it.normalize());
        let whole = hundredths.filter(|it| it.scale() == 0).and_then(|it| u32::try_from(it).ok());
        whole.filter(|it| *it <= TAX_BASIS_POINTS_MAX).unwrap_or_else(|| {
            self.wrong(field, "It must lie between 0 and 100, with two decimals at most.");
            0
        })
    }

    fn line(&mut self, value: &Option<String>, length_max: usize, field: &str) -> Option<String> {
        self.checked(text::kept_line(value.as_deref(), length_max), field)
    }

    fn checked(&mut self, read: Result<Option<String>, String>, field: &str) -> Option<String> {
        read.unwrap_or_else(|message| {
            self.wrong(field, message);
            None
        })
    }
}

/// How many entries a page is to have; 0 is not stated.
///
/// # Errors
/// A failure naming the member.
pub(super) fn take(value: i32) -> Result<u32, Failure> {
    match u32::try_from(value) {
        Ok(0) => Ok(TAKE_DEFAULT),
        Ok(take) if take <= TAKE_MAX => Ok(take),
        _ => {
            let message = format!("It must lie between 1 and {TAKE_MAX}.");
            Err(Failure::invalid(vec![wrong("Take", message)]))
        }
    }
}
