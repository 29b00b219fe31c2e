//! `guichet audit`: who signed in, who was turned away, whose rights were changed.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use domain::audit::{AuditEvent, AuditNote, AuditRecord};
use domain::time::Timestamp;
use store::Store;

use crate::installation::Place;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only what happened at this moment or later: 2027-05-02T19:15:00Z, or a date.
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    since: Option<Timestamp>,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Reads a moment in UTC, or the beginning of a day.
fn moment(text: &str) -> Result<Timestamp, String> {
    let whole = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
    let moment: Result<jiff::Timestamp, _> = whole.parse();
    let moment = moment.map_err(|_| "write it as 2027-05-02 or 2027-05-02T19:15:00Z".to_owned())?;
    Ok(Timestamp(moment.as_microsecond()))
}

pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let store = arguments.place.open_existing("audit").await?;
    let told = tell(&store, arguments.since.unwrap_or_default(), arguments.json).await;
    store.close().await?;
    told?;
    Ok(ExitCode::SUCCESS)
}

/// Page by page, so that a long audit needs no memory.
async fn tell(store: &Store, since: Timestamp, as_json: bool) -> anyhow::Result<()> {
    let mut after = Store::audit_start(since);
    loop {
        let page = store.audit(after).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.address();
        let mut out = std::io::stdout().lock();
        for record in &page {
            writeln!(out, "{}", if as_json { json(record).to_string() } else { line(record) })?;
        }
    }
}

fn shown(moment: Timestamp) -> String {
    let moment = jiff::Timestamp::from_microsecond(moment.0).unwrap_or_default();
    format!("{moment:.3}")
}

fn json(record: &AuditRecord) -> serde_json::Value {
    let AuditNote { event, subject, name, by, address, detail, count, .. } = &record.note;
    serde_json::json!({
        "at": shown(record.at),
        "event": event,
        "id": subject.map(|id| id.0),
        "name": name,
        "by": by,
        "address": address,
        "detail": detail,
        "count": count,
        "sellers": record.sellers.iter().map(|seller| seller.0).collect::<Vec<_>>(),
        "change": record.change,
    })
}

fn line(record: &AuditRecord) -> String {
    let AuditNote { subject, name, by, address, detail, count, .. } = &record.note;
    let mut line = format!("{}  {}", shown(record.at), said(record.note.event));
    match subject {
        Some(id) => line += &format!("  {} ({})", plain(name), id.0),
        None => line += "  a stranger",
    }
    for (word, text) in [("by", &plain(by)), ("from", address), ("–", &plain(detail))] {
        if !text.is_empty() {
            line += &format!("  {word} {text}");
        }
    }
    if let Some(change) = &record.change {
        let before = change.before.as_deref().unwrap_or("nothing");
        line += &format!("  {before} → {}", change.after);
    }
    if *count > 1 {
        line += &format!("  {count} times");
    }
    line
}

/// A text as it is, or in quotation marks if it could be taken for another part of the line:
/// somebody may be called `x (7)  from 192.0.2.1`.
fn plain(text: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || " .,@_'’+-=".contains(letter);
    match text.chars().all(is_plain) && !text.contains("  ") {
        true => text.to_owned(),
        false => format!("{text:?}"),
    }
}

fn said(event: AuditEvent) -> &'static str {
    match event {
        AuditEvent::SignedIn => "signed in",
        AuditEvent::SignedOut => "signed out",
        AuditEvent::SignInFailed => "wrong name or password",
        AuditEvent::LockedOut => "locked out",
        AuditEvent::NotAuthenticated => "not known",
        AuditEvent::Forbidden => "without the right",
        AuditEvent::TooManyRequests => "too many tries",
        AuditEvent::UserCreated => "user made",
        AuditEvent::RightsChanged => "rights changed",
        AuditEvent::PasswordChanged => "password changed",
        AuditEvent::UserLocked => "user locked",
        AuditEvent::UserUnlocked => "user unlocked",
        AuditEvent::UserRemoved => "user removed",
        AuditEvent::KeyCreated => "key made",
        AuditEvent::KeyWithdrawn => "key withdrawn",
        AuditEvent::TicketsMailed => "tickets mailed",
        AuditEvent::PhoneRevoked => "phone revoked",
        AuditEvent::SeatsBlocked => "seats blocked",
        AuditEvent::SeatsUnblocked => "seats unblocked",
        AuditEvent::Refunded => "refunded",
        AuditEvent::SaleCancelled => "sale cancelled",
        AuditEvent::EventCancelled => "event cancelled",
        AuditEvent::JobStopped => "work stopped",
        AuditEvent::PaidOut => "paid out",
        AuditEvent::PaymentDecided => "payment decided",
        AuditEvent::TaskDone => "task done",
        AuditEvent::ScanUndone => "scan undone",
        AuditEvent::TicketMoved => "ticket moved",
        AuditEvent::TicketGiven => "ticket given away",
        AuditEvent::TransferCancelled => "transfer cancelled",
        AuditEvent::TopupNoted => "top-up noted",
        AuditEvent::CardsGiven => "cards given",
        AuditEvent::CardChanged => "card changed",
        AuditEvent::CardBlocked => "card blocked",
        AuditEvent::CardUnblocked => "card unblocked",
        AuditEvent::OrderPaidByHand => "order paid by hand",
        AuditEvent::MemberSaved => "member saved",
        AuditEvent::StaffSaved => "staff saved",
        AuditEvent::CatalogueChanged => "catalogue changed",
        AuditEvent::SettlementTaken => "settlement taken",
        AuditEvent::ProfileImported => "means of paying imported",
        AuditEvent::ProfilePreferred => "means of paying preferred",
        AuditEvent::ContractFrozen => "contract frozen",
        AuditEvent::ContractUnfrozen => "contract goes on",
        AuditEvent::ContractCancelled => "contract cancelled",
        AuditEvent::InstalmentCharged => "instalment charged",
        AuditEvent::InstalmentWrittenOff => "instalment written off",
        AuditEvent::ProfileRemoved => "means of paying removed",
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    /// Proves that usual names and details stay as they are, and that no name looks like more.
    #[test]
    fn a_name_cannot_imitate_a_line() {
        for usual in ["", "Jón Þór", "anna@club.example", "anna's key", "+ Admin, ReadData"] {
            assert_eq!(plain(usual), usual);
        }
        assert_eq!(plain("x (7)"), "\"x (7)\"");
        assert_eq!(plain("x  from y"), "\"x  from y\"");
        assert_eq!(plain("x\ny"), "\"x\\ny\"");
    }
}
