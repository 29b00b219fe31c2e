//! A year of a club, sold to a member whose preferred card is on file: the first of twelve payments
//! is taken, in one call of the gateway and two commits as a ticket's; the others fall due later.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::super::OrdersError;
use super::super::clerk::{self, Clerk};
use crate::load::{Request, Script};

/// What is due today: a twelfth of 120,000 and 24 % tax.
pub(crate) const DUE_TODAY: i64 = 12_400;
/// So many that no two buyers of one moment are the same.
const MEMBERS: usize = 1_000;
/// Enough to see whether anything works.
const MEMBERS_QUICK: usize = 128;

/// A chain with one store and one package.
pub(crate) struct Club {
    store: u32,
    package: u32,
    credentials: String,
    members: Vec<u32>,
}

/// The rows of the catalogue file of one chain.
pub(super) fn catalogue(number: u32) -> String {
    format!(
        "[[chain]]\nslug = \"fit-{number}\"\nname = \"Fit {number}\"\nfee_basis_points = 500\n\
         [[store]]\nslug = \"north-{number}\"\nchain = \"fit-{number}\"\nname = \"North\"\n\
         [[package]]\nslug = \"year-{number}\"\nchain = \"fit-{number}\"\nname = \"A year\"\n\
         price = \"120000\"\ntax_basis_points = 2400\n\
         [[package.plan]]\nslug = \"monthly\"\nname = \"Monthly\"\ndefault = true\npayments = 12\n"
    )
}

/// What `guichet key create` is told of the key of a chain.
pub(super) fn key_options(number: u32) -> [String; 4] {
    ["--role", "Club", "--chain", &format!("fit-{number}")].map(str::to_owned)
}

impl Club {
    pub(super) fn new(store: u32, package: u32, key: &str) -> Club {
        Club { store, package, credentials: format!("X-Api-Key: {key}"), members: Vec::new() }
    }

    /// Signs members up and puts a card of each on file, once.
    pub(crate) fn sign_up(&mut self, address: SocketAddr, quick: bool) -> Result<(), OrdersError> {
        if !self.members.is_empty() {
            return Ok(());
        }
        let count = if quick { MEMBERS_QUICK } else { MEMBERS };
        self.members = clerk::all(address, &self.credentials, |clerk, index| {
            (0..clerk::share(count, index)).map(|_| self.member(clerk)).collect()
        })?;
        Ok(())
    }

    fn member(&self, clerk: &mut Clerk) -> Result<u32, OrdersError> {
        let new = json!({ "Name": "Anna Gestsdóttir", "StoreId": self.store });
        let told = clerk.post("/clubs/members", &new)?;
        let number = told["Member"]["MemberId"].as_u64().and_then(|it| u32::try_from(it).ok());
        let missing = || OrdersError::Preparation("a member has no number".to_owned());
        let member = number.ok_or_else(missing)?;
        let card = json!({
            "MemberId": member, "CardNumber": "4242424242424242",
            "ExpMonth": "12", "ExpYear": "2036", "Cvc": "123",
        });
        let vaulted = clerk.post("/clubs/sales/paymentprofile/vault", &card)?;
        let import = json!({ "ProfileToken": vaulted["ProfileToken"] });
        clerk.post("/clubs/sales/paymentprofile/import", &import)?;
        Ok(member)
    }

    /// One sale to each member, round and round.
    pub(crate) fn script(&self, address: SocketAddr) -> Option<Script> {
        let headers = clerk::headers(address, &self.credentials);
        let request = |member: &u32| {
            let body = self.sale(*member);
            Request::plain(clerk::request("/clubs/sales/contract/sold", &headers, &body))
        };
        let script = Script::round(self.members.iter().map(request).collect())?;
        Some(script.sold_by("\"Success\":true"))
    }

    fn sale(&self, member: u32) -> Value {
        json!({
            "MemberId": member, "StoreId": self.store, "PackageId": self.package,
            "PaymentAmount": DUE_TODAY,
        })
    }
}
