//! Whether charges may pass to a gateway that has been silent.
//!
//! | standing     | silence           | readable answer | charge wants to pass      |
//! |--------------|-------------------|-----------------|---------------------------|
//! | Closed, n    | Closed, n+1 ¹     | Closed, 0       | passes                    |
//! | Open until t | —                 | Closed, 0       | refused; from t on: Probed |
//! | Probed       | Open, longer ²    | Closed, 0       | refused                   |
//!
//! "—": nothing changes. ¹ Open at [`SILENCES_MAX`]. ² Only the silence of the probe itself counts.
//! A probe that ends without a word about the gateway lets the next charge be the probe.

use domain::time::{Span, Timestamp};

/// So many silent calls in a row stop charges.
pub(super) const SILENCES_MAX: u32 = 5;

/// The first pause, and the longest; each one is twice the last.
const PAUSE_MIN: Span = Span::seconds(5);
const PAUSE_MAX: Span = Span::seconds(60);

/// What a call that has ended says about its gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// There was an answer that could be read.
    Answer,
    /// There was none.
    Silence,
    /// It tells nothing.
    Nothing,
}

/// Whose outcome counts for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// An ordinary call.
    Ordinary,
    /// The one charge that shows whether the gateway is back.
    Probe,
}

/// See the table of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Circuit {
    Closed { silences: u32 },
    Open { until: Timestamp, pause: Span },
    Probed { pause: Span },
}

impl Circuit {
    /// Whether a charge may pass; `None` when it is refused.
    pub(super) fn admit(&mut self, now: Timestamp) -> Option<Pass> {
        match *self {
            Circuit::Closed { .. } => Some(Pass::Ordinary),
            Circuit::Open { until, pause } if now >= until => {
                *self = Circuit::Probed { pause };
                Some(Pass::Probe)
            }
            Circuit::Open { .. } | Circuit::Probed { .. } => None,
        }
    }

    /// Takes in how a call has ended.
    pub(super) fn record(&mut self, pass: Pass, sign: Sign, now: Timestamp) {
        *self = match (*self, pass, sign) {
            (_, _, Sign::Answer) => Circuit::Closed { silences: 0 },
            (Circuit::Closed { silences }, _, Sign::Silence) if silences + 1 < SILENCES_MAX => {
                Circuit::Closed { silences: silences + 1 }
            }
            (Circuit::Closed { .. }, _, Sign::Silence) => open(PAUSE_MIN, now),
            (Circuit::Probed { pause }, Pass::Probe, Sign::Silence) => open(twice(pause), now),
            (Circuit::Probed { pause }, Pass::Probe, Sign::Nothing) => {
                Circuit::Open { until: now, pause }
            }
            (unchanged, _, _) => unchanged,
        };
    }
}

fn open(pause: Span, now: Timestamp) -> Circuit {
    Circuit::Open { until: now.after(pause), pause }
}

fn twice(pause: Span) -> Span {
    let doubled = pause.as_milliseconds().saturating_mul(2);
    u32::try_from(doubled).map_or(PAUSE_MAX, Span::milliseconds).min(PAUSE_MAX)
}

#[cfg(test)]
mod tests {
    use domain::time::{Span, Timestamp};

    use super::{Circuit, Pass, Sign};

    const START: Timestamp = Timestamp(1_795_305_600_000_000);

    fn at(seconds: u32) -> Timestamp {
        START.after(Span::seconds(seconds))
    }

    fn opened() -> Circuit {
        let mut circuit = Circuit::Closed { silences: 0 };
        for _ in 0..5 {
            assert_eq!(circuit.admit(at(0)), Some(Pass::Ordinary));
            circuit.record(Pass::Ordinary, Sign::Silence, at(0));
        }
        circuit
    }

    /// Proves that five silences in a row stop charges, and that an answer between them does not
    /// let it come to that.
    #[test]
    fn silences_in_a_row_stop_charges() {
        let mut circuit = Circuit::Closed { silences: 0 };
        for sign in [Sign::Silence; 4].into_iter().chain([Sign::Answer]).chain([Sign::Silence; 4]) {
            circuit.record(Pass::Ordinary, sign, at(0));
            assert_eq!(circuit.admit(at(0)), Some(Pass::Ordinary));
        }
        assert_eq!(opened().admit(at(4)), None);
    }

    /// Proves that after the pause one charge passes and no second one, that its silence makes the
    /// pause longer up to a minute, and that any readable answer ends it.
    #[test]
    fn one_probe_decides() {
        let mut circuit = opened();
        let mut now = 0;
        for pause in [5, 10, 20, 40, 60, 60] {
            assert_eq!(circuit.admit(at(now + pause - 1)), None, "{pause}");
            now += pause;
            assert_eq!(circuit.admit(at(now)), Some(Pass::Probe), "{pause}");
            assert_eq!(circuit.admit(at(now)), None, "{pause}");
            circuit.record(Pass::Ordinary, Sign::Silence, at(now));
            assert_eq!(circuit.admit(at(now)), None, "{pause}");
            circuit.record(Pass::Probe, Sign::Silence, at(now));
        }
        circuit.record(Pass::Ordinary, Sign::Answer, at(now));
        assert_eq!(circuit.admit(at(now)), Some(Pass::Ordinary));
    }

    /// Proves that a probe that says nothing about the gateway is followed by another one.
    #[test]
    fn a_probe_without_a_word_is_repeated() {
        let mut circuit = opened();
        assert_eq!(circuit.admit(at(5)), Some(Pass::Probe));
        circuit.record(Pass::Probe, Sign::Nothing, at(6));
        assert_eq!(circuit.admit(at(6)), Some(Pass::Probe));
    }
}
