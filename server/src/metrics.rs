//! What the server counts, in the text format of Prometheus (version 0.0.4).
//!
//! Counters of our own: they are a dozen numbers, and the format is lines of text. Labels have few values, all of them the server's own words
//! (kinds of outcomes, reasons of refusals); nothing that a client or a peer says becomes one.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The media type of the format.
pub(crate) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Upper bounds of the histograms' buckets, in seconds: from a handshake on the same machine to the longest probe.
const BOUNDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// What work is done for clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A connection of a probe.
    Probe,
    /// A file.
    Fetch,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Fetch => "fetch",
        }
    }
}

/// All counters of a server.
#[derive(Debug)]
pub(crate) struct Metrics {
    started: SystemTime,
    probes: Work,
    fetches: Work,
    connections: Gauge,
    connections_total: AtomicU64,
    refused: Labelled,
    reloads: Labelled,
    reload_failures: Labelled,
}

/// Numbers of one kind of work.
#[derive(Debug, Default)]
struct Work {
    started: AtomicU64,
    open: Gauge,
    ended: Labelled,
    took: Histogram,
    received: AtomicU64,
    sent: AtomicU64,
}

/// A number that goes up and down.
#[derive(Debug, Default)]
struct Gauge(AtomicI64);

/// Counters by a label's value, which is one of the server's own words.
#[derive(Debug, Default)]
struct Labelled(Mutex<BTreeMap<String, u64>>);

#[derive(Debug, Default)]
struct Histogram {
    /// By bound; the last one is for what took longer.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Labelled {
    fn count(&self, value: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(value) {
            Some(count) => *count += 1,
            None => {
                counts.insert(value.to_owned(), 1);
            }
        }
    }
}

impl Histogram {
    fn observe(&self, took: Duration) {
        let seconds = took.as_secs_f64();
        let place = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
        if let Some(bucket) = self.buckets.get(place) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        Self {
            started: SystemTime::now(),
            probes: Work::default(),
            fetches: Work::default(),
            connections: Gauge::default(),
            connections_total: AtomicU64::new(0),
            refused: Labelled::default(),
            reloads: Labelled::default(),
            reload_failures: Labelled::default(),
        }
    }

    fn work(&self, kind: Kind) -> &Work {
        match kind {
            Kind::Probe => &self.probes,
            Kind::Fetch => &self.fetches,
        }
    }

    /// Work began.
    pub(crate) fn begin(&self, kind: Kind) {
        let work = self.work(kind);
        work.started.fetch_add(1, Ordering::Relaxed);
        work.open.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Work ended.
    pub(crate) fn end(&self, kind: Kind, outcome: &str, took: Duration, received: u64, sent: u64) {
        let work = self.work(kind);
        work.open.0.fetch_sub(1, Ordering::Relaxed);
        work.ended.count(outcome);
        work.took.observe(took);
        work.received.fetch_add(received, Ordering::Relaxed);
        work.sent.fetch_add(sent, Ordering::Relaxed);
    }

    /// A client connected.
    pub(crate) fn connected(&self) {
        self.connections_total.fetch_add(1, Ordering::Relaxed);
        self.connections.0.fetch_add(1, Ordering::Relaxed);
    }

    /// A client's connection ended.
    pub(crate) fn disconnected(&self) {
        self.connections.0.fetch_sub(1, Ordering::Relaxed);
    }

    /// Something was refused, for one of the server's reasons.
    pub(crate) fn refuse(&self, reason: &'static str) {
        self.refused.count(reason);
    }

    /// A file was read again.
    pub(crate) fn reload(&self, what: &'static str) {
        self.reloads.count(what);
    }

    /// A file could not be read again.
    pub(crate) fn reload_failed(&self, what: &'static str) {
        self.reload_failures.count(what);
    }

    /// The page that Prometheus reads.
    pub(crate) fn to_text(&self) -> String {
        let mut page = Page(String::new());
        page.family("certwright_build_info", "gauge", "The server's version; always 1.");
        page.sample("certwright_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
        page.family("certwright_start_time_seconds", "gauge", "When the server started, in Unix seconds.");
        let started = self.started.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        page.sample("certwright_start_time_seconds", &[], started);
        for (kind, plural) in [(Kind::Probe, "probes"), (Kind::Fetch, "fetches")] {
            self.work(kind).to_page(&mut page, kind.name(), plural);
        }
        page.family("certwright_connections_open", "gauge", "Connections of clients that are open.");
        page.sample("certwright_connections_open", &[], self.connections.0.load(Ordering::Relaxed));
        page.family("certwright_connections_total", "counter", "Connections of clients that were taken.");
        page.sample("certwright_connections_total", &[], self.connections_total.load(Ordering::Relaxed));
        page.labelled(
            "certwright_refused_total",
            "What was refused before it began.",
            "reason",
            &self.refused,
        );
        page.labelled("certwright_reloads_total", "Files that were read again.", "what", &self.reloads);
        let family = "certwright_reload_failures_total";
        page.labelled(family, "Files that changed and are of no use.", "what", &self.reload_failures);
        page.0
    }
}

impl Work {
    fn to_page(&self, page: &mut Page, name: &str, plural: &str) {
        let load = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let family = format!("certwright_{plural}_started_total");
        page.family(&family, "counter", &format!("Every {name} that began."));
        page.sample(&family, &[], load(&self.started));
        let family = format!("certwright_{plural}_open");
        page.family(&family, "gauge", &format!("Every {name} that is running."));
        page.sample(&family, &[], self.open.0.load(Ordering::Relaxed));
        let family = format!("certwright_{plural}_ended_total");
        page.labelled(&family, &format!("Every {name} that ended."), "outcome", &self.ended);

        let family = format!("certwright_{name}_duration_seconds");
        page.family(&family, "histogram", &format!("How long each {name} took."));
        let bucket = format!("{family}_bucket");
        let mut below = 0;
        for (at, number) in self.took.buckets.iter().enumerate() {
            below += load(number);
            let bound = BOUNDS.get(at).map_or_else(|| "+Inf".to_owned(), f64::to_string);
            page.sample(&bucket, &[("le", &bound)], below);
        }
        page.sample(&format!("{family}_sum"), &[], load(&self.took.micros) as f64 / 1e6);
        page.sample(&format!("{family}_count"), &[], below);

        for (direction, number) in [("received", &self.received), ("sent", &self.sent)] {
            let family = format!("certwright_{name}_{direction}_bytes_total");
            page.family(&family, "counter", &format!("Octets {direction} by every {name} that ended."));
            page.sample(&family, &[], load(number));
        }
    }
}

/// Lines of text.
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into a text does not fail.
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        self.0.push_str(name);
        if !labels.is_empty() {
            let pairs: Vec<String> =
                labels.iter().map(|(label, value)| format!("{label}=\"{value}\"")).collect();
            let _ = write!(self.0, "{{{}}}", pairs.join(","));
        }
        let _ = writeln!(self.0, " {value}");
    }

    fn labelled(&mut self, name: &str, help: &str, label: &str, counts: &Labelled) {
        self.family(name, "counter", help);
        for (value, count) in counts.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            self.sample(name, &[(label, value)], count);
        }
    }
}
