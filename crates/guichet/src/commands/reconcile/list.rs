//! `guichet reconcile list`: what gateways still owe, and what differs.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use domain::ids::{SaleId, Shard};
use domain::settlement::SettlementDifference;
use domain::time::{Span, Timestamp};
use serde_json::{Value, json};
use store::snapshot::Snapshot;
use store::{
    Clock as _, PAGE_ROWS_MAX, Store, SystemClock, Unsettled, settlement_differences, unsettled,
};

use super::table::{amount, drawn};
use crate::installation::Place;
use crate::moments::shown;

/// The first line of `--csv`.
const COLUMNS: &str = "seller,order,attempt,gateway,key,reference,amount,currency,created_utc";

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only this gateway.
    #[arg(long, value_name = "NAME")]
    gateway: Option<String>,
    /// Every charge and refund that is not settled, a line each, in place of tables.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// One JSON object in place of tables.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// What one gateway owes in one currency, by age, in minor units; charges less refunds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Owed {
    count: u64,
    week: i64,
    month: i64,
    older: i64,
}

impl Owed {
    fn add(&mut self, amount: i64, age: Age) {
        self.count += 1;
        let sum = match age {
            Age::Week => &mut self.week,
            Age::Month => &mut self.month,
            Age::Older => &mut self.older,
        };
        *sum = sum.saturating_add(amount);
    }

    fn together(&self) -> i64 {
        self.week.saturating_add(self.month).saturating_add(self.older)
    }
}

#[derive(Clone, Copy, Debug)]
enum Age {
    Week,
    Month,
    Older,
}

fn age(created: Timestamp, now: Timestamp) -> Age {
    if created.after(Span::hours(24 * 7)) > now {
        Age::Week
    } else if created.after(Span::hours(24 * 30)) > now {
        Age::Month
    } else {
        Age::Older
    }
}

/// What is found, and told at the end; with `csv`, told as it is found.
struct Listing {
    gateway: Option<String>,
    csv: bool,
    now: Timestamp,
    owed: BTreeMap<(String, &'static str), Owed>,
    differences: Vec<Arc<SettlementDifference>>,
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let listing = Listing {
        gateway: arguments.gateway,
        csv: arguments.csv,
        now: SystemClock.now(),
        owed: BTreeMap::new(),
        differences: Vec::new(),
    };
    let place = arguments.place;
    let listing = if place.database.is_shared() {
        let store = place.open_existing("reconcile list").await?;
        let listed = listing.read_store(&store).await;
        store.close().await?;
        listed?
    } else {
        let look = move || place.look(|view| Ok(listing.read_view(view)));
        tokio::task::spawn_blocking(look).await???
    };
    match (arguments.csv, arguments.json) {
        (true, _) => {}
        (false, true) => println!("{}", listing.in_json()),
        (false, false) => print!("{}", listing.told()),
    }
    Ok(ExitCode::SUCCESS)
}

impl Listing {
    /// Everything as of one moment.
    fn read_view(mut self, view: &dyn Snapshot) -> anyhow::Result<Listing> {
        self.begin()?;
        for shard in view.shards()?.into_iter().filter(|shard| *shard != Shard::HOUSE) {
            let mut after = SaleId(0);
            loop {
                let (found, last) = unsettled(view, shard, after, PAGE_ROWS_MAX)?;
                self.add(&found)?;
                let Some(last) = last else { break };
                after = last;
            }
        }
        self.add_differences(settlement_differences(view)?);
        Ok(self)
    }

    /// The same page by page, for a database that other nodes go on with.
    async fn read_store(mut self, store: &Store) -> anyhow::Result<Listing> {
        self.begin()?;
        for shard in store.sellers().await? {
            let mut after = SaleId(0);
            loop {
                let (found, last) = store.unsettled(shard, after, PAGE_ROWS_MAX).await?;
                self.add(&found)?;
                let Some(last) = last else { break };
                after = last;
            }
        }
        self.add_differences(store.settlement_differences().await?);
        Ok(self)
    }

    fn is_wanted(&self, gateway: &str) -> bool {
        self.gateway.as_deref().is_none_or(|wanted| wanted == gateway)
    }

    fn begin(&self) -> io::Result<()> {
        if self.csv { writeln!(io::stdout(), "{COLUMNS}") } else { Ok(()) }
    }

    fn add(&mut self, found: &[Unsettled]) -> io::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        for payment in found {
            let attempt = &payment.attempt;
            if !self.is_wanted(&attempt.terms.name) {
                continue;
            }
            if self.csv {
                writeln!(out, "{}", line(payment))?;
            }
            let key = (attempt.terms.name.clone(), payment.currency);
            let age = age(attempt.created_at, self.now);
            self.owed.entry(key).or_default().add(attempt.money(), age);
        }
        out.flush()
    }

    fn add_differences(&mut self, found: Vec<Arc<SettlementDifference>>) {
        self.differences = found;
        let gateway = self.gateway.clone();
        let is_wanted = |name: &str| gateway.as_deref().is_none_or(|wanted| wanted == name);
        self.differences.retain(|difference| is_wanted(&difference.gateway));
    }

    fn told(&self) -> String {
        if self.owed.is_empty() && self.differences.is_empty() {
            return "everything is settled\n".to_owned();
        }
        let row = |((gateway, code), owed): (&(String, &'static str), &Owed)| {
            let sums = [owed.week, owed.month, owed.older, owed.together()];
            let sums = sums.map(|minor| amount(minor, code)).to_vec();
            let names = vec![gateway.clone(), (*code).to_owned(), owed.count.to_string()];
            [names, sums].concat()
        };
        let columns = [
            ("Gateway", false),
            ("Currency", false),
            ("Payments", true),
            ("Up to 7 days", true),
            ("8 to 30 days", true),
            ("Older", true),
            ("Together", true),
        ];
        let owed = drawn(&columns, &self.owed.iter().map(row).collect::<Vec<_>>());
        if self.differences.is_empty() {
            return owed;
        }
        owed + "\n" + &self.differences_told()
    }

    fn differences_told(&self) -> String {
        let row = |it: &Arc<SettlementDifference>| {
            let line = it.line.as_ref();
            let code = line.map_or("", |line| line.currency.code());
            vec![
                it.gateway.clone(),
                it.kind.name().to_owned(),
                line.map_or_else(String::new, |line| amount(line.amount, code)),
                code.to_owned(),
                it.place.map_or_else(String::new, |place| place.sale.0.to_string()),
                format!("{} of seller {}", it.task.0, it.task_shard().0),
                format!("{:032x}", it.hash),
            ]
        };
        let columns = [
            ("Gateway", false),
            ("Difference", false),
            ("Amount", true),
            ("Currency", false),
            ("Order", true),
            ("Task", false),
            ("Name", false),
        ];
        drawn(&columns, &self.differences.iter().map(row).collect::<Vec<_>>())
    }

    fn in_json(&self) -> Value {
        let owed = self.owed.iter().map(|((gateway, code), owed)| {
            json!({ "gateway": gateway, "currency": code, "payments": owed.count,
                    "upTo7Days": amount(owed.week, code), "upTo30Days": amount(owed.month, code),
                    "older": amount(owed.older, code), "together": amount(owed.together(), code) })
        });
        let differences = self.differences.iter().map(|it| {
            let line = it.line.as_ref();
            json!({ "id": format!("{:032x}", it.hash), "gateway": it.gateway,
                    "kind": it.kind.name(), "order": it.place.map(|place| place.sale.0),
                    "seller": it.task_shard().0, "task": it.task.0,
                    "amount": line.map(|line| amount(line.amount, line.currency.code())),
                    "currency": line.map(|line| line.currency.code()) })
        });
        json!({ "owed": owed.collect::<Vec<_>>(), "differences": differences.collect::<Vec<_>>() })
    }
}

/// One payment as a line of CSV; texts that are not ours are quoted.
fn line(payment: &Unsettled) -> String {
    let attempt = &payment.attempt;
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let reference = attempt.approval.as_ref().map_or("", |approval| &approval.reference);
    format!(
        "{},{},{},{},{},{},{},{},{}",
        payment.shard.0,
        payment.sale.0,
        attempt.number,
        quoted(&attempt.terms.name),
        attempt.key,
        quoted(reference),
        amount(attempt.money(), payment.currency),
        payment.currency,
        shown(attempt.created_at),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves where each age begins, and that a refund lessens what is owed.
    #[test]
    fn ages_are_told_apart() {
        const DAY: i64 = 86_400_000_000;
        let now = Timestamp(100 * DAY);
        let mut owed = Owed::default();
        for (days, amount) in [(0, 1), (6, 2), (7, 10), (29, -20), (30, 100), (99, 200)] {
            owed.add(amount, age(Timestamp(now.0 - days * DAY), now));
        }
        assert_eq!(owed, Owed { count: 6, week: 3, month: -10, older: 300 });
        assert_eq!(owed.together(), 293);
    }
}
