//! How the gateway treats one order's money: the rows of `payments.md` §5.5 that concern cards,
//! and what a network does to them.

use domain::attempt::DeclineReason;

use crate::dice::Dice;

/// How the gateway treats one order.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) charge: (Bank, Way),
    /// Its refunds, in the order of their keys; those beyond the last are plain.
    pub(crate) refunds: Vec<(Bank, Way)>,
    /// What becomes of the first questions about its keys; those beyond the last are plain.
    pub(crate) questions: Vec<Way>,
}

/// What the bank says to a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bank {
    Approves,
    /// Moves so many hundredths of the amount.
    Part(u8),
    Declines(DeclineReason),
    /// Decides later; until then nothing is known.
    Later {
        approves: bool,
        after_ms: u64,
    },
    /// Wants a proof that nobody will bring.
    Challenges,
    /// Answers with error 909 from then on, whether the money moved or not.
    Fails {
        moved: bool,
    },
    /// Does not take the call.
    Refuses,
}

/// How a call travels, and how long it takes there and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) there_ms: u64,
    pub(crate) back_ms: u64,
    pub(crate) fate: Fate,
}

/// What becomes of a call on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It arrives and is answered.
    Answered,
    /// It is carried out, and the connection drops before the answer.
    AnswerDropped,
    /// The connection drops, and it is not carried out.
    Dropped,
    /// It is carried out, and no answer ever comes.
    Silent,
    /// The connection drops, and it arrives later all the same.
    Straggles { after_ms: u64 },
    /// It arrives twice.
    Twice { after_ms: u64 },
}

impl Way {
    /// What most calls do.
    pub(crate) const PLAIN: Way = Way { there_ms: 20, back_ms: 20, fate: Fate::Answered };

    pub(crate) fn draw(dice: &mut Dice) -> Way {
        let (mut there_ms, mut back_ms) = (dice.between(1, 60), dice.between(1, 60));
        match dice.below(20) {
            0 => there_ms = dice.between(9_000, 29_000),
            1 => back_ms = dice.between(15_000, 45_000),
            _ => {}
        }
        let fate = match dice.below(24) {
            0..=1 => Fate::AnswerDropped,
            2..=3 => Fate::Dropped,
            4 => Fate::Silent,
            5..=6 => Fate::Straggles { after_ms: dice.between(100, 28_000 - there_ms.min(20_000)) },
            7 => Fate::Twice { after_ms: dice.between(10, 20_000) },
            _ => Fate::Answered,
        };
        Way { there_ms, back_ms, fate }
    }
}

impl Bank {
    fn draw(dice: &mut Dice) -> Bank {
        match dice.below(24) {
            0..=2 => Bank::Declines(dice.pick(&[
                DeclineReason::Soft,
                DeclineReason::InsufficientFunds,
                DeclineReason::HardAccount,
                DeclineReason::HardExpiry,
                DeclineReason::CvcInvalid,
            ])),
            3..=5 => Bank::Part(dice.pick(&[0, 1, 40, 99])),
            6 => Bank::Later { approves: dice.percent(70), after_ms: dice.between(500, 600_000) },
            7 => Bank::Challenges,
            8 if dice.percent(20) => Bank::Fails { moved: dice.percent(50) },
            9 if dice.percent(50) => Bank::Refuses,
            _ => Bank::Approves,
        }
    }
}

impl Script {
    /// Nothing happens.
    pub(crate) const PLAIN: Script =
        Script { charge: (Bank::Approves, Way::PLAIN), refunds: Vec::new(), questions: Vec::new() };

    pub(crate) fn draw(dice: &mut Dice) -> Script {
        let charge = (Bank::draw(dice), Way::draw(dice));
        let refunds = (0..dice.below(3)).map(|_| (Bank::draw(dice), Way::draw(dice))).collect();
        let questions = (0..dice.below(3)).map(|_| Way::draw(dice)).collect();
        Script { charge, refunds, questions }
    }
}
