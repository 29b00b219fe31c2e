//! Ten years of monthly payments from days of January, those that months lack among them, with
//! declines, silence, crashes, several workers, and clocks that jump.

use domain::attempt::{Attempt, AttemptState, CallVerb, DeclineReason};
use domain::club::contract::{ContractState, Instalment, InstalmentState};
use domain::ids::{ContractId, SaleId};
use domain::ledger::Account;
use domain::sale::{AdvanceEvent, Sale, SaleState};
use domain::time::Span;

use super::desk::{Desk, day, noon};
use crate::split::model::Mood;

/// With tax, what a year costs.
const YEAR_TOTAL: i64 = 12_400;

/// The most rounds of one story.
const ROUNDS_MAX: usize = 20_000;

/// Dice that tell the same story for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    /// What happens to a call; `None` where the program dies.
    fn mood(&mut self, verb: &CallVerb) -> Option<Mood> {
        let asks = matches!(verb, CallVerb::Authorize | CallVerb::Charge);
        Some(match self.roll(100) {
            0..=4 => return None,
            5..=9 => Mood::Lost,
            10..=13 => Mood::Dropped,
            14..=15 => Mood::NotExecuted,
            16..=23 if asks => Mood::Decline(DeclineReason::Soft),
            24..=26 if asks => Mood::Decline(DeclineReason::HardAccount),
            27 if asks => Mood::Decline(DeclineReason::HardExpiry),
            28 if asks => Mood::Less(100),
            _ => Mood::Answer,
        })
    }
}

/// Proves that each payment of ten years is charged once, to the cent, whatever happens on the way,
/// and that nothing of them is left behind.
#[test]
fn ten_years_from_every_day_of_january() {
    for start in 1..=31_u64 {
        tell(&format!("2027-01-{start:02}"), start * 7_919 + 2_027);
    }
}

fn tell(start: &str, seed: u64) {
    let mut desk = Desk::new(true);
    let mut dice = Dice(seed);
    let contract = desk.sell(start, start);
    let first = day(start);
    let (last_due, end) = (first.plus_months(119), noon(first.plus_months(120)).before(DAY));
    for _ in 0..ROUNDS_MAX {
        let behind = desk
            .contract(contract)
            .instalments
            .iter()
            .any(|it| it.payment.due <= last_due && it.state != InstalmentState::Paid);
        if !behind {
            settle_all(&mut desk);
            return judge(&desk, contract, start);
        }
        round(&mut desk, contract, &mut dice);
        assert!(desk.till.now < end.after(Span::hours(24 * 60)), "{start}: it never ends");
    }
    panic!("{start}: no end: {:?}", desk.contract(contract));
}

const DAY: Span = Span::hours(24);

/// The next thing that is due comes, a little late; sometimes a clock is wrong, or two look.
fn round(desk: &mut Desk, contract: ContractId, dice: &mut Dice) {
    let trying = desk.contract(contract).trying();
    let due = trying.map_or(desk.contract(contract).due(), |sale| desk.sale(sale).due());
    if let Some(due) = due {
        desk.till.now =
            desk.till.now.max(due).after(Span::hours(u32::try_from(dice.roll(30)).unwrap()));
    }
    let waits = |it: &Instalment| it.state == InstalmentState::PastDue && it.next_day().is_none();
    let is_asked = trying.is_none() && desk.contract(contract).instalments.iter().any(waits);
    if is_asked && dice.roll(2) == 0 {
        return desk.bring_card();
    }
    match trying {
        Some(sale) if desk.sale(sale).state == SaleState::UnderReview => desk.find_out(sale),
        Some(sale) => resume(desk, sale, dice),
        None => look(desk, contract, dice),
    }
    settle_others(desk, dice);
}

fn look(desk: &mut Desk, contract: ContractId, dice: &mut Dice) {
    let mut calendar = desk.calendar();
    if dice.roll(10) == 0 {
        calendar.today = calendar.today.plus_days(-i32::try_from(dice.roll(40)).unwrap());
    }
    let begun = desk.look_on(contract, calendar);
    // Another worker looks before the first has done anything.
    assert!(begun.is_none() || desk.look(contract).is_none(), "two tries at once");
    if let Some((_, next)) = begun {
        desk.drive(next, &mut |verb| dice.mood(verb));
    }
}

fn resume(desk: &mut Desk, sale: SaleId, dice: &mut Dice) {
    let next = desk.advance(sale, AdvanceEvent::Resume { node: 0 });
    desk.drive(next, &mut |verb| dice.mood(verb));
}

/// Sales that came to nothing give back what they had reserved.
fn settle_others(desk: &mut Desk, dice: &mut Dice) {
    let now = desk.till.now;
    let due = |sale: &&Sale| sale.due().is_some_and(|due| due <= now);
    let due: Vec<_> = desk.till.all().filter(due).map(|sale| sale.id).collect();
    due.into_iter().for_each(|sale| resume(desk, sale, dice));
}

/// What is on its way back arrives, and people find out about the rest.
fn settle_all(desk: &mut Desk) {
    loop {
        let open = desk.till.all::<Sale>().find_map(|sale| Some((sale.id, sale.due()?)));
        let is_doubtful = |it: &Attempt| it.state == AttemptState::Review;
        let doubtful = |sale: &&Sale| sale.attempts.iter().any(is_doubtful);
        let doubtful = desk.till.all::<Sale>().find(doubtful);
        match (open, doubtful.map(|sale| sale.id)) {
            (Some((sale, due)), _) => {
                desk.till.now = desk.till.now.max(due);
                let next = desk.advance(sale, AdvanceEvent::Resume { node: 0 });
                desk.drive(next, &mut |_| Some(Mood::Answer));
            }
            (None, Some(sale)) => desk.find_out(sale),
            (None, None) => return,
        }
    }
}

fn judge(desk: &Desk, contract: ContractId, start: &str) {
    let paid = desk.paid();
    let numbers: Vec<u16> = paid.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=120).collect::<Vec<u16>>(), "{start}: each is paid once");
    let sum: i64 = paid.iter().map(|(_, amount)| amount).sum();
    assert_eq!(sum, 10 * YEAR_TOTAL, "{start}: to the cent");
    // A refund that a gateway did not take is a person's task.
    let owed: i64 = desk.till.all::<Sale>().map(Sale::owed).sum();
    assert_eq!(desk.gateway.taken() - owed, sum, "{start}: the gateway took just that");
    let contract = desk.contract(contract);
    assert_eq!(contract.state, ContractState::Active);
    assert!(contract.instalments.len() <= 90, "{start}: {}", contract.instalments.len());
    let kept = contract.life.earlier.unwrap_or_default();
    let rows = contract.instalments.iter().filter(|it| it.state == InstalmentState::Paid);
    let rows: i64 = rows.map(|it| it.payment.total()).sum();
    assert_eq!(kept.paid + rows, sum, "{start}: what is listed no longer is added up");
    let tax = -desk.till.balance(&Account::TaxPayable("IS".into()));
    let owed = -desk.till.balance(&Account::OwnerPayableContracts);
    let fee = -desk.till.balance(&Account::PlatformFeeIncome);
    assert_eq!((tax, tax + owed + fee), (24_000, sum), "{start}: tax, chain and platform");
    assert_eq!(desk.till.balance(&Account::DeferredRevenue(contract.id)), 0, "{start}");
}
