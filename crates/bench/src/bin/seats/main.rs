//! Numbered seats: how long best available takes to decide, and how fast a stadium sells out.
//!
//! ```text
//! cargo run --release -p bench --bin seats -- [FOLDER]
//! ```

mod decision;
mod sell_out;

use std::error::Error;
use std::path::PathBuf;

use bench::machine::Machine;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let parent = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    println!("{}", Machine::inspect(&parent)?.sentence());
    decision::measure()?;
    sell_out::measure(&parent).await
}
