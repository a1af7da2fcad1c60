//! Counts the octets that a probe or a fetch exchanges with its peers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A counter; its copies count together.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Octets>);

#[derive(Debug, Default)]
struct Octets {
    received: AtomicU64,
    sent: AtomicU64,
}

impl Meter {
    /// So many octets came.
    pub fn receive(&self, octets: usize) {
        self.0.received.fetch_add(octets as u64, Ordering::Relaxed);
    }

    /// So many octets went.
    pub fn send(&self, octets: usize) {
        self.0.sent.fetch_add(octets as u64, Ordering::Relaxed);
    }

    /// Octets that came until now.
    pub fn received(&self) -> u64 {
        self.0.received.load(Ordering::Relaxed)
    }

    /// Octets that went until now.
    pub fn sent(&self) -> u64 {
        self.0.sent.load(Ordering::Relaxed)
    }
}
