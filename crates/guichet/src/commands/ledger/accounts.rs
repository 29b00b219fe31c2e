//! What bookkeepers call the accounts: sorted by assets, liabilities, income and expenses, with
//! whose books it is last, so that a report can be about all sellers together or one by one.

use domain::ids::Shard;
use domain::ledger::Account;

/// The account's name in the books of a seller.
pub(super) fn name_of(account: &Account, seller: Shard) -> String {
    let name = match account {
        Account::GatewayClearing(gateway) => format!("assets:gateway clearing:{}", part(gateway)),
        Account::Bank => "assets:bank".to_owned(),
        Account::OwnerReceivable => "assets:owner receivable".to_owned(),
        Account::Between(other) => format!("assets:between:with seller {}", other.0),
        Account::OwnerPayable(event) => format!("liabilities:owner payable:event {}", event.0),
        Account::OwnerPayableCards => "liabilities:owner payable:season cards".to_owned(),
        Account::OwnerPayablePasses => "liabilities:owner payable:team passes".to_owned(),
        Account::OwnerPayableOrders => "liabilities:owner payable:orders".to_owned(),
        Account::OwnerPayableContracts => "liabilities:owner payable:contracts".to_owned(),
        Account::OrderHolding(sale) => format!("liabilities:order holding:sale {}", sale.0),
        Account::RefundPayable(sale) => format!("liabilities:refund payable:sale {}", sale.0),
        Account::StoreCredit(card) => format!("liabilities:store credit:card {}", card.0),
        Account::DeferredRevenue(contract) => {
            format!("liabilities:deferred revenue:contract {}", contract.0)
        }
        Account::TaxPayable(jurisdiction) => {
            format!("liabilities:tax payable:{}", part(jurisdiction))
        }
        Account::PlatformFeeIncome => "income:platform fee".to_owned(),
        Account::GatewayFeeExpense => "expenses:gateway fee".to_owned(),
        Account::StoreCreditPromo => "expenses:store credit promotion".to_owned(),
        Account::Goodwill => "expenses:goodwill".to_owned(),
    };
    format!("{name}:seller {}", seller.0)
}

/// A name from a configuration as one part of an account's name: nothing in it begins another part,
/// an amount or a comment.
fn part(name: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let letters = name.chars().map(|letter| if is_plain(letter) { letter } else { '_' });
    let part: String = letters.collect();
    if part.is_empty() { "none".to_owned() } else { part }
}
