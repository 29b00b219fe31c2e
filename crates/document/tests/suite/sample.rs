//! An order to write about.

use document::{Admission, Language, MailAddress, Occasion, Order, Seat};
use domain::time::Timestamp;

/// 2027-05-02T14:00:00Z, a Sunday.
pub(crate) const KICK_OFF: Timestamp = Timestamp(1_809_266_400_000_000);

/// As long as the codes of the till.
pub(crate) const CODE: &str = "AQEAAAABAAAAEQAAAAUCAQ7fQ-_0123456789abcdefghijklmnopqrstuvwxyz\
                               ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghi";

pub(crate) fn occasion() -> Occasion {
    Occasion {
        organiser: "Íþróttafélagið Þór".to_owned(),
        name: "Þór – Ægir, bikarúrslit".to_owned(),
        venue: Some("Laugardalsvöllur, Reykjavík".to_owned()),
        starts_at: KICK_OFF,
        ends_at: Some(Timestamp(KICK_OFF.0 + 7_200_000_000)),
        time_zone: "Europe/Copenhagen".to_owned(),
    }
}

fn seat(number: u32) -> Seat {
    Seat { section: "Á".to_owned(), row: "12".to_owned(), number: number.to_string() }
}

pub(crate) fn order(language: Language) -> Order {
    let admission = |number: u32, holder: Option<&str>| Admission {
        number,
        ticket_type: "Fullorðnir".to_owned(),
        holder: holder.map(str::to_owned),
        seat: Some(seat(number)),
        code: format!("{CODE}{number}"),
    };
    Order {
        language,
        occasion: occasion(),
        number: 17,
        price: "8000 ISK".to_owned(),
        admission_count: 2,
        admissions: vec![admission(1, Some("Anna Gestsdóttir")), admission(2, None)],
    }
}

pub(crate) fn anna() -> MailAddress {
    MailAddress::parse("anna@example.org").unwrap()
}
