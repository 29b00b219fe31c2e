//! What was asked for on the command line.

use anyhow::{Context as _, Result, bail};
use simulator::{Bug, NODES_MAX};

/// What the options mean.
pub(crate) const HELP: &str = "\
cargo xtask simulate [OPTIONS]
  --seed N      what the runs are drawn from; 1 unless told
  --runs M      how many; 1000 unless told
  --run R       the number of the first; 0 unless told
  --nodes K     1, 2 or 3 nodes; each run draws it unless told
  --threads T   how many runs at a time; as many as there are cores unless told
  --bug NAME    plant a bug, to see whether it is found
  --story       tell one run, sentence by sentence";

/// The most runs at a time.
const THREADS_MAX: usize = 64;

/// What was asked for.
pub(crate) struct Options {
    pub(crate) seed: u64,
    pub(crate) first: u64,
    pub(crate) runs: u64,
    pub(crate) nodes: Option<usize>,
    pub(crate) threads: usize,
    pub(crate) bug: Option<Bug>,
    pub(crate) story: bool,
}

impl Options {
    /// Reads them; `None` when help is wanted.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Option<Options>> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut options = Options {
            seed: 1,
            first: 0,
            runs: 1_000,
            nodes: None,
            threads,
            bug: None,
            story: false,
        };
        while let Some(word) = words.next() {
            if word == "--help" {
                return Ok(None);
            }
            if word == "--story" {
                options.story = true;
                continue;
            }
            let value = words.next().with_context(|| format!("{word} needs a value\n{HELP}"))?;
            options.set(&word, &value)?;
        }
        Ok(Some(options))
    }

    fn set(&mut self, word: &str, value: &str) -> Result<()> {
        let number = || value.parse::<u64>().with_context(|| format!("`{value}` is no number"));
        let size = || number().and_then(|number| Ok(usize::try_from(number)?));
        match word {
            "--seed" => self.seed = number()?,
            "--run" => self.first = number()?,
            "--runs" => self.runs = number()?,
            "--nodes" => self.nodes = Some(size()?.clamp(1, NODES_MAX)),
            "--threads" => self.threads = size()?.clamp(1, THREADS_MAX),
            "--bug" => self.bug = Some(bug(value)?),
            _ => bail!("I do not know `{word}`.\n{HELP}"),
        }
        Ok(())
    }
}

fn bug(name: &str) -> Result<Bug> {
    let found = Bug::ALL.iter().find(|(known, _)| *known == name);
    let names: Vec<_> = Bug::ALL.iter().map(|(known, _)| *known).collect();
    let found = found.with_context(|| format!("bugs are: {}", names.join(", ")))?;
    Ok(found.1)
}
