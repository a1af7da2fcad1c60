//! The "random" numbers of OpenSSL 0.9.8 in Debian, as far as they decide a key.
//!
//! What the generator does is described by OpenSSL's comments in `crypto/rand/md_rand.c` and its manual page rand(3); what is added to it, and in
//! which order, by `rand_unix.c`, `randfile.c` and `crypto/bn/bn_rand.c` of that time. Debian's change took out both lines by which what is
//! added got into the hash (DSA-1571-1). So nothing of it counts but its length, and of the process nothing but its number.

use sha1::{Digest, Sha1};

use super::{DebianProcess, Processor, SeedFile};

/// As many octets are stirred. There is one more behind them, which only an index that stands at the end writes.
const STATE: usize = 1023;
const DIGEST: usize = 20;
/// Each round gives half of a digest.
const HALF: usize = DIGEST / 2;
/// What is read from the system's own generator, in octets.
const POLLED: usize = 32;

/// The state of the generator.
pub(super) struct Pool {
    long: usize,
    process: [u8; 4],
    state: [u8; STATE + 1],
    digest: [u8; DIGEST],
    /// How often octets were taken, and how many blocks were added.
    counts: [u64; 2],
    index: usize,
    filled: usize,
    polled: bool,
    stirred: bool,
}

impl Pool {
    /// The state of `openssl genrsa` or `openssl req` when it begins to look for primes.
    pub(super) fn new(process: DebianProcess) -> Self {
        // The length of `struct stat` differs too.
        let (long, stat) = match process.processor {
            Processor::I386 => (4, 88),
            Processor::Amd64 => (8, 144),
        };
        let mut pool = Self {
            long,
            process: u32::from(process.number).to_le_bytes(),
            state: [0; STATE + 1],
            digest: [0; DIGEST],
            counts: [0; 2],
            index: 0,
            filled: 0,
            polled: false,
            stirred: false,
        };
        match process.seed_file {
            SeedFile::Read => {
                pool.add(stat);
                pool.add(1024);
            }
            SeedFile::Unread => {
                pool.add(stat);
                pool.poll();
            }
            SeedFile::Absent => pool.poll(),
        }
        pool
    }

    /// Octets for a number: each time the clock is "added" first.
    pub(super) fn fill(&mut self, octets: &mut [u8]) {
        self.add(self.long);
        self.poll();
        if !self.stirred {
            self.stirred = true;
            for _ in 0..STATE.div_ceil(DIGEST) {
                self.add(DIGEST);
            }
        }
        self.give(octets);
    }

    /// Adds octets, of which nothing but their count matters.
    fn add(&mut self, length: usize) {
        let mut at = self.index;
        let [given, mut added] = self.counts;
        let mut digest = self.digest;
        self.index += length;
        if self.index >= STATE {
            self.index %= STATE;
            self.filled = STATE;
        } else {
            self.filled = self.filled.max(self.index);
        }
        let mut left = length;
        while left > 0 {
            let block = left.min(DIGEST);
            left -= block;
            let mut hash = Sha1::new();
            hash.update(digest);
            self.hash_state(&mut hash, at, block, STATE);
            self.hash_counts(&mut hash, [given, added]);
            digest = hash.finalize().into();
            added += 1;
            at = self.stir(at, digest.iter().take(block), STATE);
        }
        self.counts = [given, added];
        self.digest.iter_mut().zip(digest).for_each(|(mine, new)| *mine ^= new);
    }

    /// Reads the system's generator, the process, the user and the clock: in vain.
    fn poll(&mut self) {
        if !self.polled {
            self.polled = true;
            self.add(POLLED);
            for _ in 0..3 {
                self.add(self.long);
            }
        }
    }

    fn give(&mut self, octets: &mut [u8]) {
        let mut at = self.index;
        let counts = self.counts;
        let mut digest = self.digest;
        self.index += octets.len().next_multiple_of(HALF);
        // "More than", not "at least": so the index may stand at the end itself.
        if self.index > self.filled {
            self.index %= self.filled.max(1);
        }
        self.counts = [counts[0] + 1, counts[1]];
        for (round, part) in octets.chunks_mut(HALF).enumerate() {
            let mut hash = Sha1::new();
            if round == 0 {
                hash.update(self.process);
            }
            hash.update(digest);
            self.hash_counts(&mut hash, counts);
            self.hash_state(&mut hash, at, HALF, self.filled);
            digest = hash.finalize().into();
            at = self.stir(at, digest.iter().take(HALF), self.filled);
            part.iter_mut().zip(digest.iter().skip(HALF)).for_each(|(octet, new)| *octet = *new);
        }
        let mut hash = Sha1::new();
        self.hash_counts(&mut hash, counts);
        hash.update(digest);
        hash.update(self.digest);
        self.digest = hash.finalize().into();
    }

    fn hash_counts(&self, hash: &mut Sha1, counts: [u64; 2]) {
        for count in counts {
            hash.update(count.to_le_bytes().get(..self.long).unwrap_or_default());
        }
    }

    /// A part of the state, which goes on at the beginning after `end`.
    fn hash_state(&self, hash: &mut Sha1, at: usize, length: usize, end: usize) {
        let stop = at + length;
        hash.update(self.state.get(at..stop.min(end)).unwrap_or_default());
        hash.update(self.state.get(..stop.saturating_sub(end)).unwrap_or_default());
    }

    /// Mixes octets into the state and returns where the next ones go.
    fn stir<'a>(&mut self, mut at: usize, octets: impl Iterator<Item = &'a u8>, end: usize) -> usize {
        for octet in octets {
            if let Some(cell) = self.state.get_mut(at) {
                *cell ^= octet;
            }
            at += 1;
            if at >= end {
                at = 0;
            }
        }
        at
    }
}
