//! What is sent, and in which order: a cycle that every connection goes through.

use std::ops::Range;

use super::stock::Stock;

/// Digits of an idempotency key that the client counts up.
pub const KEY_LENGTH: usize = 16;

/// What an order's answer holds when it was sold.
const SOLD_BY: &str = "\"statusCode\":200";

/// One prebuilt HTTP/1.1 request.
#[derive(Clone, Debug)]
pub struct Request {
    bytes: Vec<u8>,
    key_at: Option<usize>,
    /// Where the next text of a stock goes, instead of a key.
    stock: Option<(Range<usize>, Stock)>,
}

impl Request {
    /// A request that is the same every time.
    #[must_use]
    pub fn plain(bytes: Vec<u8>) -> Request {
        Request { bytes, key_at: None, stock: None }
    }

    /// A request whose first run of [`KEY_LENGTH`] `#` is filled with a key of its own each time
    /// it is sent; without such a run it is the same every time.
    #[must_use]
    pub fn keyed(bytes: Vec<u8>) -> Request {
        let key_at = memchr::memmem::find(&bytes, &[b'#'; KEY_LENGTH]);
        Request { bytes, key_at, stock: None }
    }

    /// A request whose first run of `#` is filled with a text of the stock each
    /// time it is sent. A text of another length, and an empty stock, leave it as it is, so that
    /// the server refuses it.
    #[must_use]
    pub fn stocked(bytes: Vec<u8>, stock: Stock) -> Request {
        let from = bytes.iter().position(|byte| *byte == b'#').unwrap_or(bytes.len());
        let length = bytes[from..].iter().take_while(|byte| **byte == b'#').count();
        Request { bytes, key_at: None, stock: Some((from..from + length, stock)) }
    }
}

/// One step of the cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Sends the request with this index, as a new one.
    Send(usize),
    /// Sends again what this connection sent last with a key, under the same key, as a client
    /// does that lost its answer.
    Repeat,
}

/// The requests of a run and the cycle through them.
#[derive(Clone, Debug)]
pub struct Script {
    requests: Vec<Request>,
    cycle: Vec<Step>,
    sold_by: &'static str,
}

impl Script {
    /// One request, again and again.
    #[must_use]
    pub fn one(request: Request) -> Script {
        Script { requests: vec![request], cycle: vec![Step::Send(0)], sold_by: SOLD_BY }
    }

    /// A cycle through several requests; `None` when it is empty or names one that is not there.
    #[must_use]
    pub fn cycle(requests: Vec<Request>, cycle: Vec<Step>) -> Option<Script> {
        let known = |step: &Step| match step {
            Step::Send(index) => *index < requests.len(),
            Step::Repeat => !requests.is_empty(),
        };
        let valid = !cycle.is_empty() && cycle.iter().all(known);
        valid.then_some(Script { requests, cycle, sold_by: SOLD_BY })
    }

    /// The requests one after the other, round and round; `None` without one.
    #[must_use]
    pub fn round(requests: Vec<Request>) -> Option<Script> {
        let cycle = (0..requests.len()).map(Step::Send).collect();
        Script::cycle(requests, cycle)
    }

    /// The same, where another text in the answer's body says that something was sold.
    #[must_use]
    pub fn sold_by(self, sold_by: &'static str) -> Script {
        Script { sold_by, ..self }
    }

    /// What stands in the body of an answer that sold something.
    pub(super) fn mark(&self) -> &'static [u8] {
        self.sold_by.as_bytes()
    }
}

/// Where one connection is in the cycle.
#[derive(Debug)]
pub(super) struct Position {
    step: usize,
    /// The request it sent last with a key, and the key.
    last_keyed: Option<(usize, u64)>,
}

impl Position {
    /// Connections begin at different steps, so that the mix is even from the start.
    pub(super) fn new(connection: usize) -> Position {
        Position { step: connection, last_keyed: None }
    }

    /// The bytes to send now; `scratch` has room for those of a keyed request.
    pub(super) fn next<'a>(
        &mut self,
        script: &'a Script,
        keys: &mut u64,
        scratch: &'a mut Vec<u8>,
    ) -> &'a [u8] {
        let step = script.cycle[self.step % script.cycle.len()];
        self.step = self.step.wrapping_add(1);
        let (index, repeated) = match (step, self.last_keyed) {
            (Step::Send(index), _) => (index, None),
            (Step::Repeat, Some((index, key))) => (index, Some(key)),
            (Step::Repeat, None) => (0, None),
        };
        let request = &script.requests[index];
        if let Some((place, stock)) = &request.stock {
            scratch.clear();
            scratch.extend_from_slice(&request.bytes);
            fill(&mut scratch[place.clone()], stock.take());
            return scratch;
        }
        let Some(at) = request.key_at else { return &request.bytes };
        let key = repeated.unwrap_or_else(|| {
            *keys = keys.wrapping_add(1);
            *keys
        });
        self.last_keyed = Some((index, key));
        scratch.clear();
        scratch.extend_from_slice(&request.bytes);
        write_key(&mut scratch[at..at + KEY_LENGTH], key);
        scratch
    }
}

fn fill(place: &mut [u8], text: Option<String>) {
    if let Some(text) = text.filter(|text| text.len() == place.len()) {
        place.copy_from_slice(text.as_bytes());
    }
}

fn write_key(place: &mut [u8], key: u64) {
    for (index, digit) in place.iter_mut().rev().enumerate() {
        *digit = b"0123456789abcdef"[(key >> (4 * index) & 15) as usize];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "################";

    fn sent(script: &Script, steps: usize) -> Vec<String> {
        let (mut position, mut keys) = (Position::new(0), 0x0f);
        let mut next = || {
            let mut scratch = Vec::new();
            let bytes = position.next(script, &mut keys, &mut scratch);
            String::from_utf8(bytes.to_vec()).unwrap()
        };
        (0..steps).map(|_| next()).collect()
    }

    #[test]
    fn keys_are_fresh_and_a_repeat_has_the_last_one() {
        // Proves that a repeat is the same bytes under the same key, and that nothing else is.
        let keyed = Request::keyed(format!("a {KEY} b").into_bytes());
        let requests = vec![keyed, Request::plain(b"plain".to_vec())];
        let cycle = vec![Step::Send(0), Step::Send(1), Step::Repeat];
        let script = Script::cycle(requests, cycle).unwrap();
        let [first, second] = ["a 0000000000000010 b", "a 0000000000000011 b"];
        assert_eq!(sent(&script, 5), [first, "plain", first, second, "plain"]);
    }

    #[test]
    fn each_text_of_a_stock_is_sent_once() {
        // Proves that no two requests get the same text, and that an empty stock and a text that
        // does not fit are not sent.
        let stock = Stock::default();
        stock.add(["ab", "cd", "long"].map(str::to_owned));
        let request = Request::stocked(b"a ## b".to_vec(), stock.clone());
        let script = Script::one(request);
        assert_eq!(sent(&script, 4), ["a ab b", "a cd b", "a ## b", "a ## b"]);
        assert!(stock.is_empty());
    }

    #[test]
    fn a_cycle_names_only_what_is_there() {
        // Proves that a script cannot point outside its requests.
        let request = || vec![Request::plain(Vec::new())];
        assert!(Script::cycle(request(), vec![Step::Send(1)]).is_none());
        assert!(Script::cycle(request(), Vec::new()).is_none());
        assert!(Script::cycle(Vec::new(), vec![Step::Repeat]).is_none());
    }
}
