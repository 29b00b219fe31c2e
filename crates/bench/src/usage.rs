//! What a process has cost so far, read from `/proc`.

use std::fs;
use std::ops::Add;
use std::time::Duration;

/// `/proc/PID/stat` counts in hundredths of a second on every Linux (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);
/// Fields 14 and 15 of `stat`, counted from the one after the name in brackets.
const USER_TICKS_FIELD: usize = 11;

/// Processor time and memory of one process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Time on a processor, user and kernel, all threads, since its start.
    pub processor: Duration,
    /// Resident memory in bytes.
    pub resident: u64,
    /// The most it ever was.
    pub resident_peak: u64,
}

impl Usage {
    /// Reads the usage of the process `id`; zero when it has ended or cannot be read.
    #[must_use]
    pub fn of(id: u32) -> Usage {
        let read = |file| fs::read_to_string(format!("/proc/{id}/{file}")).unwrap_or_default();
        let status = read("status");
        Usage {
            processor: processor_time(&read("stat")).unwrap_or_default(),
            resident: length_in(&status, "VmRSS:").unwrap_or_default(),
            resident_peak: length_in(&status, "VmHWM:").unwrap_or_default(),
        }
    }

    /// Reads the usage of this process.
    #[must_use]
    pub fn own() -> Usage {
        Usage::of(std::process::id())
    }
}

impl Add for Usage {
    type Output = Usage;

    fn add(self, other: Usage) -> Usage {
        Usage {
            processor: self.processor + other.processor,
            resident: self.resident + other.resident,
            resident_peak: self.resident_peak + other.resident_peak,
        }
    }
}

/// The name may hold blanks and brackets itself, so fields are counted after its last bracket.
fn processor_time(stat: &str) -> Option<Duration> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut ticks = fields.split_whitespace().skip(USER_TICKS_FIELD);
    let user: u32 = ticks.next()?.parse().ok()?;
    let kernel: u32 = ticks.next()?.parse().ok()?;
    Some(TICK * user.saturating_add(kernel))
}

fn length_in(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stat_line_with_a_nasty_name_is_read() {
        // Proves that brackets and blanks in a program's name do not shift the fields.
        let line = "7 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0";
        assert_eq!(processor_time(line), Some(Duration::from_secs(2)));
        assert_eq!(processor_time("nonsense"), None);
        assert_eq!(length_in("Name:\tx\nVmRSS:\t  12 kB\n", "VmRSS:"), Some(12_288));
    }

    #[test]
    fn this_process_uses_memory() {
        // Proves that the real files have the form that is expected here.
        assert!(Usage::own().resident > 0);
        assert_eq!(Usage::of(u32::MAX), Usage::default());
    }
}
