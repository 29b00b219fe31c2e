//! `guichet reconcile import`: a settlement file is taken in.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use domain::settlement::{SettlementFile, SettlementSum};
use serde_json::{Value, json};
use server::settlement::FILE_LENGTH_MAX;
use server::settlement::import::{
    self, Difference, Import, MISSING_AFTER_DAYS, MISSING_AFTER_DAYS_MAX, Report,
};
use server::settlement::profile;
use server::settlement::read::decode;
use server::text::kept_line;

use super::table::{amount, drawn};
use crate::installation::Place;
use crate::moments::shown;

/// The longest name of a gateway or a file, in characters.
const NAME_LENGTH_MAX: usize = 100;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file, as the gateway offers it: CSV with the names of its columns in the first line.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The gateway's name, as organisers choose it.
    #[arg(long, value_name = "NAME")]
    gateway: String,
    /// How the file is written.
    #[arg(long, value_enum)]
    format: Format,
    /// Only say what would be done.
    #[arg(long)]
    dry_run: bool,
    /// How many days before the file's last line a payment must have moved to be missed.
    #[arg(long, value_name = "DAYS", default_value_t = MISSING_AFTER_DAYS,
          value_parser = clap::value_parser!(u16).range(1..=i64::from(MISSING_AFTER_DAYS_MAX)))]
    missing_after_days: u16,
    /// One JSON object in place of tables.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// The till's own neutral columns.
    Plain,
    /// Stripe's itemized reports on payouts or on the balance.
    Stripe,
    /// The list of transactions of Borgun, SaltPay or Teya.
    Borgun,
    /// A list of payments by phone.
    Phone,
}

impl From<Format> for profile::Format {
    fn from(format: Format) -> profile::Format {
        match format {
            Format::Plain => profile::Format::Plain,
            Format::Stripe => profile::Format::Stripe,
            Format::Borgun => profile::Format::Borgun,
            Format::Phone => profile::Format::Phone,
        }
    }
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let path = arguments.file.display().to_string();
    let length = fs::metadata(&arguments.file).with_context(|| path.clone())?.len();
    let fits = usize::try_from(length).is_ok_and(|length| length <= FILE_LENGTH_MAX);
    anyhow::ensure!(fits, "{path} is larger than {FILE_LENGTH_MAX} bytes; nothing was booked");
    let text = decode(fs::read(&arguments.file).with_context(|| path.clone())?);
    let name = arguments.file.file_name().unwrap_or_default().to_string_lossy();
    let name = kept_line(Some(&name), NAME_LENGTH_MAX).unwrap_or_default().unwrap_or_default();
    let import = Import {
        gateway: &arguments.gateway,
        format: arguments.format.into(),
        name: &name,
        text: &text,
        dry_run: arguments.dry_run,
        missing_after_days: arguments.missing_after_days,
    };
    let note = import::note_of_command_line(&format!("{name} of gateway {}", arguments.gateway));
    let store = arguments.place.open_existing("reconcile import").await?;
    let taken = import::import(&store, &import, note).await;
    store.close().await?;
    let report = taken.with_context(|| path)?;
    if arguments.json {
        println!("{}", in_json(&report, arguments.dry_run));
    } else {
        print!("{}", told(&report, arguments.dry_run));
    }
    Ok(ExitCode::SUCCESS)
}

fn told(report: &Report, dry_run: bool) -> String {
    let SettlementFile { name, gateway, at, by, .. } = &report.file;
    let what = format!("{name} of gateway {gateway}");
    let mut text = match (report.repeated, dry_run) {
        (true, _) => {
            format!("{what} was taken in before, at {} by {by}; nothing was done now\n", shown(*at))
        }
        (false, true) => format!("{what} would be taken in; nothing was done now\n"),
        (false, false) => format!("{what} was taken in\n"),
    };
    text += &sums(&report.file.sums);
    let SettlementFile { settled, repeated, differences, others, .. } = report.file;
    text += &format!(
        "\n{settled} lines booked, {repeated} booked before, {others} about no payment, \
         {differences} different\n"
    );
    if report.missing > 0 {
        let (missing, asked) = (report.missing, report.missing_asked);
        text += &format!("{missing} payments should be settled and are not; {asked} new tasks\n");
    }
    text + &differences_told(&report.differences) + &others_told(report)
}

fn sums(sums: &[SettlementSum]) -> String {
    if sums.is_empty() {
        return String::new();
    }
    let row = |sum: &SettlementSum| {
        let amount = |minor| amount(minor, &sum.currency);
        let amounts = [sum.charges, sum.refunds, sum.fees, sum.net()].map(amount);
        [vec![sum.currency.clone()], amounts.to_vec()].concat()
    };
    let columns =
        [("Currency", false), ("Charges", true), ("Refunds", true), ("Fees", true), ("Net", true)];
    format!("\n{}", drawn(&columns, &sums.iter().map(row).collect::<Vec<_>>()))
}

fn differences_told(differences: &[Difference]) -> String {
    if differences.is_empty() {
        return String::new();
    }
    let row = |difference: &Difference| {
        let code = difference.line.currency.code();
        vec![
            difference.number.to_string(),
            difference.kind.name().to_owned(),
            amount(difference.line.amount, code),
            code.to_owned(),
            difference.sale.map_or_else(String::new, |sale| sale.0.to_string()),
            task(difference),
            difference.line.reference.clone(),
        ]
    };
    let columns = [
        ("Line", true),
        ("Difference", false),
        ("Amount", true),
        ("Currency", false),
        ("Order", true),
        ("Task", false),
        ("Payment", false),
    ];
    format!("\n{}", drawn(&columns, &differences.iter().map(row).collect::<Vec<_>>()))
}

/// A task's number is one of its seller's.
fn task(difference: &Difference) -> String {
    let Some((seller, task)) = difference.task else { return String::new() };
    format!("{} of seller {}", task.0, seller.0)
}

fn others_told(report: &Report) -> String {
    if report.others.is_empty() {
        return String::new();
    }
    let row = |other: &import::Others| {
        let net = amount(other.net, other.currency);
        vec![other.kind.clone(), other.count.to_string(), net, other.currency.to_owned()]
    };
    let columns = [("Not booked", false), ("Lines", true), ("Net", true), ("Currency", false)];
    format!("\n{}", drawn(&columns, &report.others.iter().map(row).collect::<Vec<_>>()))
}

fn in_json(report: &Report, dry_run: bool) -> Value {
    let file = &report.file;
    let sum = |sum: &SettlementSum| {
        let amount = |minor| amount(minor, &sum.currency);
        json!({ "currency": sum.currency, "charges": amount(sum.charges),
                "refunds": amount(sum.refunds), "fees": amount(sum.fees),
                "net": amount(sum.net()) })
    };
    let difference = |it: &Difference| {
        let code = it.line.currency.code();
        json!({ "line": it.number, "id": format!("{:032x}", it.hash), "kind": it.kind.name(),
                "amount": amount(it.line.amount, code), "currency": code,
                "order": it.sale.map(|sale| sale.0), "payment": it.line.reference,
                "seller": it.task.map(|(seller, _)| seller.0),
                "task": it.task.map(|(_, task)| task.0) })
    };
    let other = |it: &import::Others| {
        json!({ "kind": it.kind, "count": it.count, "net": amount(it.net, it.currency),
                "currency": it.currency })
    };
    json!({
        "file": file.name, "gateway": file.gateway, "format": file.format, "dryRun": dry_run,
        "alreadyTaken": report.repeated, "settled": file.settled, "repeated": file.repeated,
        "different": file.differences, "missing": report.missing,
        "missingAsked": report.missing_asked,
        "sums": file.sums.iter().map(sum).collect::<Vec<_>>(),
        "differences": report.differences.iter().map(difference).collect::<Vec<_>>(),
        "others": report.others.iter().map(other).collect::<Vec<_>>(),
    })
}
