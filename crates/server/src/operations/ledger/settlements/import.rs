//! `POST /ledger/settlements`: a gateway's file is taken in.

use contract::ledger::settlements::SettlementDifference;
use contract::ledger::settlements::import::{
    LedgerSettlementsImport, LedgerSettlementsImportResult, SettlementOther,
};
use domain::audit::AuditEvent;
use service::matched::Matched;
use service::reply::Reply;

use super::{difference_id, file, line};
use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};
use crate::operations::ledger::amount;
use crate::operations::page::total;
use crate::operations::{Call, office};
use crate::settlement::import::{
    self, Difference, Import, ImportError, MISSING_AFTER_DAYS, MISSING_AFTER_DAYS_MAX, Others,
    Report,
};
use crate::settlement::profile::Format;
use crate::text;

/// The longest name of a gateway or a file, in characters.
const NAME_LENGTH_MAX: usize = 100;

answers!(LedgerSettlementsImportResult);

/// Serves the operation.
pub(in crate::operations::ledger) async fn serve(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Reply {
    let run = async |request| take(app, call, &request).await.map(|report| result(&report));
    answer(app, matched, call, run).await
}

async fn take(
    app: &App,
    call: &Call<'_>,
    request: &LedgerSettlementsImport,
) -> Result<Report, Failure> {
    let gateway = needed("Gateway", request.gateway.as_deref())?;
    let format = needed("Format", request.format.as_deref())?;
    let format = Format::parse(&format.to_lowercase()).ok_or_else(|| {
        let message = "Say plain, stripe, borgun or phone.";
        Failure::invalid(vec![wrong("Format", message)])
    })?;
    let name = text::kept_line(request.file_name.as_deref(), NAME_LENGTH_MAX)
        .map_err(|message| Failure::invalid(vec![wrong("FileName", message)]))?;
    let name = name.unwrap_or_default();
    let content = request.content.as_deref().filter(|content| !content.trim().is_empty());
    let content =
        content.ok_or_else(|| Failure::invalid(vec![wrong("Content", "Send the file.")]))?;
    let import = Import {
        gateway: &gateway,
        format,
        name: &name,
        text: content,
        dry_run: request.dry_run.unwrap_or(false),
        missing_after_days: days(request.missing_after_days)?,
    };
    let detail = format!("{name} of gateway {gateway}");
    let note = office::audit(call, AuditEvent::SettlementTaken, &detail);
    import::import(&app.store, &import, note).await.map_err(failure)
}

fn needed(field: &str, value: Option<&str>) -> Result<String, Failure> {
    let text = text::checked_line(value, NAME_LENGTH_MAX)
        .map_err(|message| Failure::invalid(vec![wrong(field, message)]))?;
    text.ok_or_else(|| Failure::invalid(vec![wrong(field, "It is needed.")]))
}

fn days(value: Option<i32>) -> Result<u16, Failure> {
    let Some(value) = value else { return Ok(MISSING_AFTER_DAYS) };
    let days = u16::try_from(value).ok().filter(|days| (1..=MISSING_AFTER_DAYS_MAX).contains(days));
    days.ok_or_else(|| {
        let message = format!("It must lie between 1 and {MISSING_AFTER_DAYS_MAX}.");
        Failure::invalid(vec![wrong("MissingAfterDays", message)])
    })
}

fn failure(error: ImportError) -> Failure {
    match error {
        ImportError::Submit(error) => error.into(),
        ImportError::Fault(fault) => fault.into(),
        ImportError::GatewayUnknown(_) => {
            Failure::invalid(vec![wrong("Gateway", error.to_string())])
        }
        ImportError::Unreadable(_) | ImportError::Foreign(_) => {
            Failure::invalid(vec![wrong("Content", error.to_string())])
        }
    }
}

fn result(report: &Report) -> LedgerSettlementsImportResult {
    let gateway = &report.file.gateway;
    let differences = report.differences.iter().map(|it| difference(it, gateway));
    LedgerSettlementsImportResult {
        already_taken: report.repeated,
        file: Some(file(&report.file)),
        differences: Some(differences.collect()),
        others: Some(report.others.iter().map(other).collect()),
        missing: total(report.missing),
        missing_asked: total(report.missing_asked),
        ..ok()
    }
}

fn difference(difference: &Difference, gateway: &str) -> SettlementDifference {
    SettlementDifference {
        difference_id: Some(difference_id(difference.hash)),
        kind: Some(difference.kind.name().into()),
        gateway: Some(gateway.into()),
        line_number: i32::try_from(difference.number).unwrap_or(i32::MAX),
        event_owner_id: difference.task.map_or(0, |(shard, _)| int(shard.0)),
        task_id: difference.task.map_or(0, |(_, task)| int(task.0)),
        ticket_id: difference.sale.map_or(0, |sale| int(sale.0)),
        ..line(&difference.line)
    }
}

fn other(other: &Others) -> SettlementOther {
    SettlementOther {
        kind: Some(other.kind.clone()),
        count: int(other.count),
        net: amount(other.net, other.currency),
        currency: Some(other.currency.into()),
    }
}
