//! Reads a request from the input and writes it again.

mod attacks;
mod contracts;
mod samples;

fn main() {
    let request: samples::SaveEverything = serde_json::from_reader(std::io::stdin()).unwrap();
    println!("{}", serde_json::to_string(&request).unwrap());
    let _ = contracts::EventsListing::default();
    let _ = attacks::Attack::default();
}
