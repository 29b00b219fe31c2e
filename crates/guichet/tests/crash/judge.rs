//! The verdict: each rule finds its violations in the evidence (`payments.md` §6.8).

use std::collections::{HashMap, HashSet};

use domain::sale::SaleState;

use crate::buyers::Wish;
use crate::evidence::{Evidence, Movements, SaleFacts};
use crate::exchange::Answer;

/// HTTP 503: nothing was done.
const OVERLOADED: u16 = 503;

/// Everything that is wrong, each in a sentence; empty when the kills did no harm.
pub(crate) fn findings(evidence: &Evidence) -> Vec<String> {
    let mut findings = Vec::new();
    findings.extend(evidence.complaint.iter().map(|said| format!("guichet check: {said}")));
    findings.extend(evidence.sales.iter().flat_map(|sale| of_sale(evidence, sale)));
    findings.extend(of_unknown_charges(evidence));
    let mut sales: HashMap<&str, Vec<&SaleFacts>> = HashMap::new();
    for sale in &evidence.sales {
        sales.entry(sale.tag.as_str()).or_default().push(sale);
    }
    for wish in &evidence.journal {
        let sales = sales.get(wish.tag.as_str()).map_or(&[][..], Vec::as_slice);
        let found = of_wish(evidence, wish, sales);
        findings.extend(found.map(|finding| format!("{finding}: {wish:?}, {sales:?}")));
    }
    findings
}

/// No ticket without money, no money without ticket, refund or open task.
fn of_sale(evidence: &Evidence, sale: &SaleFacts) -> Option<String> {
    let sum = |part: fn(&Movements) -> i64| evidence.movements_of(sale).map(part).sum::<i64>();
    let charges: u32 = evidence.movements_of(sale).map(|movements| movements.charges).sum();
    let kept = sum(|movements| movements.taken) - sum(|movements| movements.returned);
    let wrong = if charges > 1 {
        "was charged more than once"
    } else if sale.state == SaleState::Issued && kept != sale.total {
        "has a ticket without its money"
    } else if evidence.is_open(sale) && !evidence.is_faulty(sale) {
        "was not settled although the gateway could be asked"
    } else if sale.state != SaleState::Issued && !evidence.is_open(sale) && kept != 0 {
        "has money without a ticket, a refund or an open task"
    } else {
        return None;
    };
    Some(format!("sale {} {wrong}: {sale:?}", sale.number))
}

/// Money that no sale knows of.
fn of_unknown_charges(evidence: &Evidence) -> impl Iterator<Item = String> {
    let known: HashSet<&String> =
        evidence.sales.iter().flat_map(|sale| &sale.charge_keys).collect();
    let unknown = evidence.movements.iter().filter(move |(key, movements)| {
        movements.taken != movements.returned && !known.contains(key)
    });
    unknown.map(|(key, movements)| format!("no sale knows charge {key}: {movements:?}"))
}

/// What a buyer was told is true.
fn of_wish(
    evidence: &Evidence,
    wish: &Wish,
    sales: &[&SaleFacts],
) -> impl Iterator<Item = &'static str> {
    let charged = sales.iter().any(|sale| evidence.movements_of(sale).any(|found| found.taken > 0));
    let sold = |token: &Option<String>| {
        sales.iter().any(|sale| {
            sale.state == SaleState::Issued && token.as_ref().is_none_or(|text| *text == sale.token)
        })
    };
    let of_answer = move |answer: &Answer| match answer {
        Answer::Told { http: 200, code: 200, token } => {
            (token.is_none() || !sold(token)).then_some("an answered order is not there")
        }
        Answer::Told { http: 200, code: 400.., .. } => {
            charged.then_some("an order that was answered with a refusal was charged")
        }
        Answer::Told { http: OVERLOADED, .. } => (wish.answers.len() == 1 && !sales.is_empty())
            .then_some("an order was placed although the answer says that nothing was done"),
        Answer::Told { http: 200, code: 202, .. } | Answer::Silence => None,
        Answer::Told { .. } => Some("an answer that this test does not expect"),
    };
    let twice = (sales.len() > 1).then_some("one order was placed twice");
    twice
        .into_iter()
        .chain(wish.answers.iter().filter_map(of_answer))
        .collect::<Vec<_>>()
        .into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "att_1_7_1_abc";

    fn sale(state: SaleState) -> SaleFacts {
        SaleFacts {
            number: 7,
            tag: "wish".into(),
            token: "token".into(),
            state,
            total: 4_000,
            charge_keys: vec![KEY.into()],
        }
    }

    fn charged(charges: u32, returned: i64) -> Movements {
        let taken = 4_000 * i64::from(charges);
        Movements { charges, taken, returned, faulty: false }
    }

    fn told(http: u16, code: u64) -> Answer {
        let token = (code == 200).then(|| "token".to_owned());
        Answer::Told { http, code, token }
    }

    fn check(sales: Vec<SaleFacts>, movements: Movements, answer: Answer, expected: &str) {
        let wish = Wish { tag: "wish".into(), repeat_key: None, answers: vec![answer] };
        let movements = HashMap::from([(KEY.to_owned(), movements)]);
        let evidence = Evidence { journal: vec![wish], sales, movements, complaint: None };
        let found = findings(&evidence);
        assert_eq!(found.is_empty(), expected.is_empty(), "{evidence:?}: {found:?}");
        assert!(found.iter().all(|finding| finding.contains(expected)), "{found:?}");
    }

    #[test]
    fn what_is_right_is_left_alone() {
        // Proves that the ends a sale may come to are no findings.
        use SaleState::{AwaitingPayment, Issued, PaymentFailed, Returned};
        let none = Movements::default;
        check(vec![sale(Issued)], charged(1, 0), told(200, 200), "");
        check(vec![sale(Issued)], charged(1, 0), told(200, 202), "");
        check(vec![sale(PaymentFailed)], none(), told(200, 402), "");
        check(vec![sale(Returned)], charged(1, 4_000), Answer::Silence, "");
        check(Vec::new(), none(), told(200, 409), "");
        check(Vec::new(), none(), told(503, 0), "");
        let faulty = Movements { faulty: true, ..none() };
        check(vec![sale(AwaitingPayment)], faulty, told(200, 202), "");
    }

    #[test]
    fn what_is_wrong_is_found() {
        // Proves that each rule can fail.
        use SaleState::{AwaitingPayment, Issued, PaymentFailed};
        let none = Movements::default;
        check(Vec::new(), none(), told(200, 200), "not there");
        check(vec![sale(Issued)], none(), Answer::Silence, "without its money");
        check(vec![sale(Issued)], charged(1, 4_000), Answer::Silence, "without its money");
        check(vec![sale(Issued)], charged(2, 4_000), Answer::Silence, "more than once");
        check(vec![sale(PaymentFailed)], charged(1, 0), Answer::Silence, "without a ticket");
        check(vec![sale(PaymentFailed)], charged(1, 4_000), told(200, 402), "was charged");
        check(vec![sale(AwaitingPayment)], none(), Answer::Silence, "not settled");
        check(vec![sale(PaymentFailed)], none(), told(503, 0), "nothing was done");
        check(Vec::new(), charged(1, 0), Answer::Silence, "no sale knows");
        check(vec![sale(PaymentFailed); 2], none(), Answer::Silence, "twice");
        check(Vec::new(), none(), told(500, 0), "does not expect");
    }
}
