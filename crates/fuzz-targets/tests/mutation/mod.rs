//! Small changes of good inputs, the same in every run.

/// Marks of all the formats, which random bytes hardly ever hit.
const MARKS: &[u8] = b"{}[]\",:;=&%+-./\\?#*() \t\r\n0919eEZTP\0\x7f\xc3\xff";

/// Makes one mutation after another.
pub(crate) struct Mutator<'s> {
    seeds: &'s [Vec<u8>],
    state: u64,
}

impl<'s> Mutator<'s> {
    /// Mutations of `seeds`, of which there is at least one.
    pub(crate) fn new(seeds: &'s [Vec<u8>]) -> Mutator<'s> {
        Mutator { seeds, state: 0x9E37_79B9_7F4A_7C15 }
    }

    /// A seed with one to eight changes.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let mut bytes = self.seed().to_vec();
        for _ in 0..=self.below(8) {
            self.change(&mut bytes);
        }
        bytes
    }

    fn seed(&mut self) -> &'s [u8] {
        let index = self.below(self.seeds.len());
        &self.seeds[index]
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let (start, end) = self.range(bytes.len());
        let mark = MARKS[self.below(MARKS.len())];
        match self.below(6) {
            0 => bytes[start..end].iter_mut().take(1).for_each(|byte| *byte = mark),
            1 => bytes.insert(start, mark),
            2 => drop(bytes.drain(start..end)),
            3 => bytes.extend_from_within(start..end),
            4 => {
                let other = self.seed();
                let (from, to) = self.range(other.len());
                bytes.splice(start..end, other[from..to].iter().copied());
            }
            _ => {
                let bit = 1 << self.below(8);
                bytes[start..end].iter_mut().take(1).for_each(|byte| *byte ^= bit);
            }
        }
    }

    fn range(&mut self, length: usize) -> (usize, usize) {
        let (one, other) = (self.below(length + 1), self.below(length + 1));
        (one.min(other), one.max(other))
    }

    /// A number below `limit`, by xorshift.
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state % limit as u64).unwrap_or_default()
    }
}
