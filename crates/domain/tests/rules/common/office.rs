//! What the back office does: refunds, payouts, scans.

use domain::audit::{AuditEvent, AuditNote};
use domain::facts::Halt;
use domain::gate::{ScanTicket, Scanned};
use domain::ids::SaleId;
use domain::ledger::{Account, Posting, PostingKind};
use domain::money::Currency;
use domain::payout::{CreatePayout, CreatedPayout, PayoutFor};
use domain::sale::SaleState;
use domain::sale::refund::{RefundRequest, RefundSale, RefundWhat, RefundedSale};
use domain::scan_code::Admission;

use super::{Club, EVENT, SHARD, approved, resumable};

/// What the audit is told; each has a number of its own.
pub(crate) fn note() -> AuditNote {
    static NONCE: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    AuditNote {
        nonce: NONCE.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
        event: AuditEvent::Refunded,
        subject: None,
        name: String::new(),
        by: "office".into(),
        address: String::new(),
        detail: String::new(),
        count: 1,
    }
}

/// A refund of a whole order or a part, without force.
pub(crate) fn wanted(what: RefundWhat) -> RefundRequest {
    RefundRequest {
        what,
        reason: "rain".into(),
        by: "office".into(),
        fee_returned: None,
        force: false,
        reference: None,
    }
}

impl Club {
    /// Two adults, paid: sale 1.
    pub(crate) fn with_two_sold() -> Club {
        let mut club = Club::new();
        club.place_two(resumable());
        assert_eq!(club.answer(SaleId(1), 1, approved()).sale.state, SaleState::Issued);
        club
    }

    pub(crate) fn refund(
        &mut self,
        sale: SaleId,
        request: RefundRequest,
    ) -> Result<RefundedSale, Halt> {
        let partner = self.sale(sale).card_seller();
        self.till.run(&RefundSale { shard: SHARD, sale, partner, request, note: note() })
    }

    /// The payout of the event.
    pub(crate) fn payout() -> CreatePayout {
        CreatePayout {
            shard: SHARD,
            what: PayoutFor::Event,
            event: EVENT,
            currency: Currency::ISK,
            by: "office".into(),
            reference: None,
            note: note(),
        }
    }

    pub(crate) fn pay_out(&mut self) -> CreatedPayout {
        self.till.run(&Self::payout()).unwrap()
    }

    /// Scans an admission of a sale at the gate `north`.
    pub(crate) fn scan(&mut self, sale: SaleId, number: u8) -> Scanned {
        let admission = Admission { shard: SHARD, sale, event: EVENT, number };
        let gate = "north".to_owned();
        self.till.run(&ScanTicket { admission, gate, event: None, transfer: None }).unwrap()
    }

    /// The legs of the postings of a kind, oldest first.
    pub(crate) fn booked(&self, kind: PostingKind) -> Vec<Vec<(Account, i64)>> {
        let postings = self.till.postings.iter().filter(|posting| posting.kind == kind);
        let legs = |posting: &Posting| {
            posting.legs.iter().map(|leg| (leg.account.clone(), leg.amount)).collect()
        };
        postings.map(legs).collect()
    }
}
