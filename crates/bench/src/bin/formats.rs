//! `formats [--json]`: how fast a ticket order is read and written, beside `serde_json`.

use bench::formats::{FormatsError, measure, table};

fn main() -> Result<(), FormatsError> {
    let figures = measure()?;
    if std::env::args().any(|argument| argument == "--json") {
        println!("{}", serde_json::to_string(&figures)?);
    } else {
        print!("{}", table(&figures));
    }
    Ok(())
}
