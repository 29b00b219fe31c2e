//! What each gateway calls the columns of its settlement, and how it names what a line is about.
//! Columns are found by their names, whatever their order and case; blanks and underscores do not
//! count. `docs/bookkeeping.md` shows them.

use domain::settlement::LineKind;

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The till's own neutral columns.
    Plain,
    /// Stripe's reports on payouts or on the balance, or its list of balance transactions.
    Stripe,
    /// The list of transactions of Borgun, SaltPay or Teya.
    Borgun,
    /// A list of payments by phone.
    Phone,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 4] = [Format::Plain, Format::Stripe, Format::Borgun, Format::Phone];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Plain => "plain",
            Format::Stripe => "stripe",
            Format::Borgun => "borgun",
            Format::Phone => "phone",
        }
    }

    /// The format of a name; `None` when there is none.
    #[must_use]
    pub fn parse(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    pub(super) fn profile(self) -> &'static Profile {
        match self {
            Format::Plain => &PLAIN,
            Format::Stripe => &STRIPE,
            Format::Borgun => &BORGUN,
            Format::Phone => &PHONE,
        }
    }
}

/// Where things stand in a file. Each list holds the names that a column may have, as
/// [`super::table`] writes them; of all but `names` the first that is there counts.
pub(super) struct Profile {
    /// The gateway's own name of the line.
    pub(super) identity: &'static [&'static str],
    /// What the line is about.
    pub(super) kind: &'static [&'static str],
    /// What names the payment: our key, or the gateway's reference; all that are there.
    pub(super) names: &'static [&'static str],
    /// The amount before the fee.
    pub(super) amount: &'static [&'static str],
    /// What the gateway keeps; without the column, nothing.
    pub(super) fee: &'static [&'static str],
    /// What comes to the bank; where it is there, the line must add up.
    pub(super) net: &'static [&'static str],
    /// The currency.
    pub(super) currency: &'static [&'static str],
    /// The currency of a file without such a column.
    pub(super) currency_default: Option<&'static str>,
    /// The day of the line.
    pub(super) day: &'static [&'static str],
    /// The transfer to the bank.
    pub(super) payout: &'static [&'static str],
    /// What the words of the column `kind` mean; others are about no payment.
    pub(super) kinds: &'static [(&'static str, LineKind)],
}

use LineKind::{Charge, Chargeback, Refund};

static PLAIN: Profile = Profile {
    identity: &["line"],
    kind: &["kind"],
    names: &["key", "reference"],
    amount: &["amount"],
    fee: &["fee"],
    net: &["net"],
    currency: &["currency"],
    currency_default: None,
    day: &["date"],
    payout: &["payout"],
    kinds: &[("charge", Charge), ("refund", Refund), ("chargeback", Chargeback)],
};

/// "Payout reconciliation" and "Balance change from activity", itemized, and the list that the
/// dashboard exports. A failed refund and a dispute move money back: a person looks at them.
static STRIPE: Profile = Profile {
    identity: &["balancetransactionid", "id"],
    kind: &["reportingcategory", "type"],
    names: &[
        "refundmetadata[guichetkey]",
        "paymentmetadata[guichetkey]",
        "guichetkey(metadata)",
        "sourceid",
        "source",
        "paymentintentid",
        "chargeid",
    ],
    amount: &["gross", "amount"],
    fee: &["fee", "fees"],
    net: &["net"],
    currency: &["currency"],
    currency_default: None,
    day: &["createdutc", "created(utc)", "created", "automaticpayouteffectiveatutc"],
    payout: &["automaticpayoutid", "transfer", "payoutid"],
    kinds: &[
        ("charge", Charge),
        ("payment", Charge),
        ("refund", Refund),
        ("payment_refund", Refund),
        ("dispute", Chargeback),
        ("dispute_reversal", Chargeback),
        ("refund_failure", Chargeback),
        ("payment_failure_refund", Chargeback),
        ("partial_capture_reversal", Chargeback),
        ("adjustment", Chargeback),
    ],
};

static BORGUN: Profile = Profile {
    identity: &["transactionnumber", "færslunúmer", "arn", "rrn"],
    kind: &["transactiontype", "tegund", "type"],
    names: &["orderid", "pöntunarnúmer", "transactionid", "rrn", "transactionnumber"],
    amount: &["amount", "grossamount", "upphæð"],
    fee: &["commission", "fee", "þóknun"],
    net: &["netamount", "net", "nettó", "tilgreiðslu"],
    currency: &["currency", "gjaldmiðill", "mynt"],
    currency_default: Some("ISK"),
    day: &["transactiondate", "dagsetning", "date"],
    payout: &["batchnumber", "settlementnumber", "uppgjörsnúmer", "bunki"],
    kinds: &[
        ("sale", Charge),
        ("purchase", Charge),
        ("sala", Charge),
        ("refund", Refund),
        ("endurgreiðsla", Refund),
        ("chargeback", Chargeback),
        ("endurkrafa", Chargeback),
    ],
};

/// Lists that phone payments are settled by: semicolons, decimal commas, no word for what a line
/// is about but its sign.
static PHONE: Profile = Profile {
    identity: &["invoicenumber", "reikningsnúmer", "færslunúmer", "transactionid", "id"],
    kind: &["type", "tegund"],
    names: &["reference", "tilvísun", "invoicenumber", "reikningsnúmer", "transactionid"],
    amount: &["amount", "upphæð"],
    fee: &["fee", "þóknun", "kostnaður"],
    net: &["net", "nettó", "tilgreiðslu"],
    currency: &["currency", "gjaldmiðill", "mynt"],
    currency_default: Some("ISK"),
    day: &["date", "dagsetning", "dags"],
    payout: &["payout", "uppgjör", "uppgjörsnúmer"],
    kinds: &[
        ("payment", Charge),
        ("greiðsla", Charge),
        ("sala", Charge),
        ("refund", Refund),
        ("endurgreiðsla", Refund),
        ("bakfærsla", Refund),
        ("chargeback", Chargeback),
        ("endurkrafa", Chargeback),
    ],
};
