//! What gateways paid out: files in, differences out (`payments.md` §7.2).

pub(super) mod accept;
pub(super) mod import;
pub(super) mod list;

use contract::ledger::settlements as published;
use domain::money::Currency;
use domain::settlement::{SettlementFile, SettlementLine, SettlementSum};
use domain::time::Timestamp;

use super::amount;
use crate::operations::event_presentation::{int, utc};

/// A file as published.
fn file(file: &SettlementFile) -> published::SettlementFile {
    published::SettlementFile {
        gateway: Some(file.gateway.clone()),
        format: Some(file.format.clone()),
        file_name: Some(file.name.clone()),
        taken_utc: Some(file.at).filter(|at| *at != Timestamp::default()).map(utc),
        by: Some(file.by.clone()),
        settled: int(file.settled),
        repeated: int(file.repeated),
        differences: int(file.differences),
        others: int(file.others),
        sums: Some(file.sums.iter().map(sum).collect()),
    }
}

fn sum(sum: &SettlementSum) -> published::SettlementSum {
    let amount = |minor| amount(minor, &sum.currency);
    published::SettlementSum {
        currency: Some(sum.currency.clone()),
        charges: amount(sum.charges),
        refunds: amount(sum.refunds),
        fees: amount(sum.fees),
        net: amount(sum.net()),
    }
}

/// What a line says, as a part of a difference.
fn line(line: &SettlementLine) -> published::SettlementDifference {
    let code = Currency::code(line.currency);
    published::SettlementDifference {
        line: Some(line.identity.clone()),
        reference: Some(line.reference.clone()),
        amount: amount(line.amount, code),
        fee: amount(line.fee, code),
        currency: Some(code.into()),
        ..published::SettlementDifference::default()
    }
}

/// A difference's name as published.
fn difference_id(hash: u128) -> String {
    format!("{hash:032x}")
}
