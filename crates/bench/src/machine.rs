//! On what a bench ran: without it a figure means nothing.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use crate::clock;

/// One page of the database, which is what a commit appends at least.
const APPEND_LENGTH: usize = 4_096;
const APPENDS: usize = 300;

/// The machine, as far as the figures depend on it.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The processor's name, or "unknown".
    pub processor: String,
    /// Hardware threads this process may use.
    pub cores: usize,
    /// The kernel's release, or "unknown".
    pub kernel: String,
    /// The median time of `fdatasync` after appending 4 KiB.
    pub sync_latency: Duration,
}

impl Machine {
    /// Looks at the machine and measures the disk under `folder`; takes about a second.
    ///
    /// # Errors
    /// The scratch file in `folder` could not be written.
    pub fn inspect(folder: &Path) -> io::Result<Machine> {
        Ok(Machine {
            processor: processor_name().unwrap_or_else(|| "unknown".to_owned()),
            cores: std::thread::available_parallelism()?.get(),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")
                .map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned()),
            sync_latency: sync_latency(folder)?,
        })
    }
}

impl Machine {
    /// For people: one line.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "{}, {} cores, Linux {}; fdatasync of 4 KiB: {} µs (median)",
            self.processor,
            self.cores,
            self.kernel,
            self.sync_latency.as_micros()
        )
    }

    /// For programs.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "processor": self.processor,
            "cores": self.cores,
            "kernel": self.kernel,
            "sync_latency_us": self.sync_latency.as_micros(),
        })
    }
}

fn processor_name() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The median time of `fdatasync` after an append of 4 KiB to a file in `folder`.
///
/// # Errors
/// The scratch file could not be written or synced.
pub fn sync_latency(folder: &Path) -> io::Result<Duration> {
    let path = folder.join("sync-latency");
    let mut file = File::create(&path)?;
    let mut samples = Vec::with_capacity(APPENDS);
    for _ in 0..APPENDS {
        file.write_all(&[0x5a; APPEND_LENGTH])?;
        let start = clock::now();
        file.sync_data()?;
        samples.push(start.elapsed());
    }
    drop(file);
    fs::remove_file(path)?;
    samples.sort_unstable();
    Ok(samples[APPENDS / 2])
}

/// The bytes of all files under `folder`.
///
/// # Errors
/// The folder cannot be read.
pub fn folder_length(folder: &Path) -> io::Result<u64> {
    let mut length = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        length += if metadata.is_dir() { folder_length(&entry.path())? } else { metadata.len() };
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_as_long_as_its_files() {
        // Proves that files of inner folders count and that the scratch file is gone.
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("inner")).unwrap();
        fs::write(folder.path().join("inner/a"), [0; 1_000]).unwrap();
        fs::write(folder.path().join("b"), [0; 24]).unwrap();
        let machine = Machine::inspect(folder.path()).unwrap();
        assert!(machine.cores > 0);
        assert_eq!(folder_length(folder.path()).unwrap(), 1_024);
    }
}
