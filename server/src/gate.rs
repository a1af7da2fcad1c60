//! How much may be done, at a time and in a minute, in all and for each client.
//!
//! Whoever wants to probe or fetch takes a [`Place`] and gives it back by dropping it. A client over its own limit is told so before the
//! limit of all is looked at. Octets are paid for after each connection, as nobody knows them before, and when the place is given back, whether the client
//! waited for the end or not; one that used up more than its share waits until time has paid for them. What is remembered of clients is bounded, and forgotten when it says nothing any more.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::meter::Meter;
use crate::policy::unmapped;

/// Clients that are remembered at a time.
const MOST_CLIENTS: usize = 65_536;
/// How long to wait for a place, as nobody knows when one becomes free.
pub(crate) const USUAL_WAIT: u32 = 5;

/// The limits.
#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    /// Probes and fetches at a time.
    pub(crate) all: u32,
    /// The same for each client.
    pub(crate) per_client: u32,
    /// Probes and fetches that a client may begin in a minute.
    pub(crate) starts_per_minute: Option<u32>,
    /// Octets that a client may have exchanged with targets in a minute.
    pub(crate) bytes_per_minute: Option<u64>,
}

/// Which limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// Work of all clients.
    Server {
        /// How much at a time.
        limit: u32,
    },
    /// Work of this client.
    Client {
        /// How much at a time.
        limit: u32,
    },
    /// This client began too often.
    Rate {
        /// Until it may begin again.
        seconds: u32,
    },
    /// This client moved too many octets.
    Bytes {
        /// Until it may begin again.
        seconds: u32,
    },
}

impl Full {
    /// Whether it is the client's own limit (429), or that of all (503).
    pub(crate) fn is_own(self) -> bool {
        !matches!(self, Self::Server { .. })
    }

    /// Seconds until it is worth trying again.
    pub(crate) fn retry_after(self) -> u32 {
        match self {
            Self::Server { .. } | Self::Client { .. } => USUAL_WAIT,
            Self::Rate { seconds } | Self::Bytes { seconds } => seconds,
        }
    }

    /// The limit's name in the metrics.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Server { .. } => "server_busy",
            Self::Client { .. } => "client_busy",
            Self::Rate { .. } => "client_rate",
            Self::Bytes { .. } => "client_bytes",
        }
    }
}

/// Counts what is running and what was used up.
#[derive(Debug)]
pub(crate) struct Gate {
    all: Arc<Semaphore>,
    bounds: Bounds,
    clients: Mutex<Clients>,
}

#[derive(Debug)]
struct Clients {
    by_address: HashMap<IpAddr, Client>,
    /// From so many on, those that can be forgotten are looked for.
    sweep_at: usize,
}

#[derive(Debug)]
struct Client {
    running: u32,
    starts: Bucket,
    bytes: Bucket,
}

/// An allowance that fills up again with time, up to what is allowed in a minute. It may be overdrawn.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

const MINUTE: f64 = 60.0;

impl Bucket {
    fn full(capacity: f64, at: Instant) -> Self {
        Self { left: capacity, at }
    }

    fn refill(&mut self, capacity: f64, now: Instant) {
        if capacity.is_infinite() {
            return;
        }
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.left = capacity.min(self.left + passed * capacity / MINUTE);
        self.at = now;
    }

    /// Seconds until there is as much as `needed`, if it is not there.
    fn wait(&self, needed: f64, capacity: f64) -> Option<u32> {
        let missing = needed - self.left;
        (missing > 0.0).then(|| ((missing * MINUTE / capacity).ceil() as u32).max(1))
    }
}

impl Bounds {
    fn starts(&self) -> f64 {
        self.starts_per_minute.map_or(f64::INFINITY, f64::from)
    }

    fn bytes(&self) -> f64 {
        self.bytes_per_minute.map_or(f64::INFINITY, |bytes| bytes as f64)
    }
}

impl Gate {
    pub(crate) fn new(bounds: Bounds) -> Self {
        let clients = Clients { by_address: HashMap::new(), sweep_at: 1024 };
        Self { all: Arc::new(Semaphore::new(bounds.all as usize)), bounds, clients: Mutex::new(clients) }
    }

    /// A place for one more piece of work, or the limit that is reached.
    pub(crate) fn enter(self: &Arc<Self>, client: IpAddr) -> Result<Place, Full> {
        self.enter_at(client, Instant::now())
    }

    fn enter_at(self: &Arc<Self>, client: IpAddr, now: Instant) -> Result<Place, Full> {
        let address = counted_as(client);
        let server = || Full::Server { limit: self.bounds.all };
        let (most_starts, most_bytes) = (self.bounds.starts(), self.bounds.bytes());
        let mut clients = self.clients();
        clients.sweep(&self.bounds, now);
        if clients.by_address.len() >= MOST_CLIENTS && !clients.by_address.contains_key(&address) {
            return Err(server());
        }
        let known = clients.by_address.entry(address).or_insert_with(|| Client {
            running: 0,
            starts: Bucket::full(most_starts, now),
            bytes: Bucket::full(most_bytes, now),
        });
        known.starts.refill(most_starts, now);
        known.bytes.refill(most_bytes, now);
        if known.running >= self.bounds.per_client {
            return Err(Full::Client { limit: self.bounds.per_client });
        }
        if let Some(seconds) = known.bytes.wait(1.0, most_bytes) {
            return Err(Full::Bytes { seconds });
        }
        if let Some(seconds) = known.starts.wait(1.0, most_starts) {
            return Err(Full::Rate { seconds });
        }
        let permit = Arc::clone(&self.all).try_acquire_owned().map_err(|_| server())?;
        known.running += 1;
        known.starts.left -= 1.0;
        let (gate, meter) = (Arc::clone(self), Meter::default());
        Ok(Place { gate, client: address, meter, charged: 0, _permit: permit })
    }

    /// Waits until nothing is running.
    pub(crate) async fn empty(&self) {
        // The semaphore is never closed.
        let _ = self.all.acquire_many(self.bounds.all).await;
    }

    fn clients(&self) -> MutexGuard<'_, Clients> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clients {
    /// Forgets clients with nothing running and nothing used up, now and then.
    fn sweep(&mut self, bounds: &Bounds, now: Instant) {
        if self.by_address.len() < self.sweep_at {
            return;
        }
        self.by_address.retain(|_, client| {
            client.starts.refill(bounds.starts(), now);
            client.bytes.refill(bounds.bytes(), now);
            client.running > 0 || client.is_remembered(bounds)
        });
        self.sweep_at = (2 * self.by_address.len()).clamp(1024, MOST_CLIENTS);
    }
}

impl Client {
    fn is_remembered(&self, bounds: &Bounds) -> bool {
        self.starts.left < bounds.starts() || self.bytes.left < bounds.bytes()
    }
}

/// One piece of work; pays for its octets and gives its place back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    gate: Arc<Gate>,
    client: IpAddr,
    meter: Meter,
    /// Octets that are paid for.
    charged: u64,
    _permit: OwnedSemaphorePermit,
}

impl Place {
    /// Counts the octets that the work exchanges with its targets.
    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Pays for the octets that were exchanged since it last did.
    pub(crate) fn charge(&mut self) {
        let exchanged = self.meter.received() + self.meter.sent();
        if let Some(client) = self.gate.clients().by_address.get_mut(&self.client) {
            client.bytes.left -= exchanged.saturating_sub(self.charged) as f64;
        }
        self.charged = exchanged;
    }

    /// The limit of octets, if it is reached: then the work should not go on.
    pub(crate) fn used_up(&self) -> Option<Full> {
        let capacity = self.gate.bounds.bytes();
        let mut clients = self.gate.clients();
        let client = clients.by_address.get_mut(&self.client)?;
        client.bytes.refill(capacity, Instant::now());
        client.bytes.wait(1.0, capacity).map(|seconds| Full::Bytes { seconds })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.charge();
        let mut clients = self.gate.clients();
        if let Some(client) = clients.by_address.get_mut(&self.client) {
            client.running -= 1;
            if client.running == 0 && !client.is_remembered(&self.gate.bounds) {
                clients.by_address.remove(&self.client);
            }
        }
    }
}

/// Connections of clients to the server, in all and for each client.
#[derive(Debug)]
pub(crate) struct Doors {
    all: Arc<Semaphore>,
    limit: u32,
    limit_per_client: u32,
    clients: Mutex<HashMap<IpAddr, u32>>,
}

impl Doors {
    pub(crate) fn new(limit: u32, limit_per_client: u32) -> Self {
        let all = Arc::new(Semaphore::new(limit as usize));
        Self { all, limit, limit_per_client, clients: Mutex::default() }
    }

    /// A door for one more connection. A proxy that is trusted brings many clients, so it is `counted` as none.
    pub(crate) fn enter(self: &Arc<Self>, client: IpAddr, counted: bool) -> Result<Door, Full> {
        let full = Full::Server { limit: self.limit };
        let permit = Arc::clone(&self.all).try_acquire_owned().map_err(|_| full)?;
        let mut door = Door { doors: Arc::clone(self), client: None, _permit: permit };
        if counted {
            let client = counted_as(client);
            let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
            let open = clients.entry(client).or_insert(0);
            if *open >= self.limit_per_client {
                return Err(Full::Client { limit: self.limit_per_client });
            }
            *open += 1;
            door.client = Some(client);
        }
        Ok(door)
    }

    /// Waits until all are closed.
    pub(crate) async fn empty(&self) {
        // The semaphore is never closed.
        let _ = self.all.acquire_many(self.limit).await;
    }
}

/// One connection; its door is free when this is dropped.
#[derive(Debug)]
pub(crate) struct Door {
    doors: Arc<Doors>,
    client: Option<IpAddr>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Door {
    fn drop(&mut self) {
        let Some(client) = self.client else { return };
        let mut clients = self.doors.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = clients.get_mut(&client) {
            *open -= 1;
            if *open == 0 {
                clients.remove(&client);
            }
        }
    }
}

/// An IPv6 client owns a /64 and could take a new address for every probe, so the whole network counts as one.
fn counted_as(client: IpAddr) -> IpAddr {
    match unmapped(client) {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn gate(all: u32, per_client: u32) -> Arc<Gate> {
        Arc::new(Gate::new(Bounds { all, per_client, starts_per_minute: None, bytes_per_minute: None }))
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn places_are_limited_and_come_back() {
        let gate = gate(3, 2);
        let (here, there) = (address("192.0.2.1"), address("192.0.2.2"));
        let first = gate.enter(here).unwrap();
        let _second = gate.enter(here).unwrap();
        assert_eq!(gate.enter(here).unwrap_err(), Full::Client { limit: 2 });
        let _third = gate.enter(there).unwrap();
        assert_eq!(gate.enter(there).unwrap_err(), Full::Server { limit: 3 });
        drop(first);
        let _fourth = gate.enter(here).unwrap();
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        let gate = gate(3, 1);
        let _place = gate.enter(address("2001:db8::1")).unwrap();
        assert_eq!(gate.enter(address("2001:db8::2")).unwrap_err(), Full::Client { limit: 1 });
        let _other = gate.enter(address("2001:db8:0:1::1")).unwrap();
    }

    #[test]
    fn starts_come_back_with_time() {
        let bounds = Bounds { all: 9, per_client: 9, starts_per_minute: Some(2), bytes_per_minute: None };
        let gate = Arc::new(Gate::new(bounds));
        let (here, now) = (address("192.0.2.1"), Instant::now());
        drop(gate.enter_at(here, now).unwrap());
        drop(gate.enter_at(here, now).unwrap());
        assert_eq!(gate.enter_at(here, now).unwrap_err(), Full::Rate { seconds: 30 });
        assert!(gate.enter_at(address("192.0.2.2"), now).is_ok());
        let later = now + Duration::from_secs(31);
        assert!(gate.enter_at(here, later).is_ok());
        assert_eq!(gate.enter_at(here, later).unwrap_err(), Full::Rate { seconds: 29 });
    }

    #[test]
    fn octets_are_paid_for_afterwards() {
        let bounds = Bounds { all: 9, per_client: 9, starts_per_minute: None, bytes_per_minute: Some(600) };
        let gate = Arc::new(Gate::new(bounds));
        let (here, now) = (address("192.0.2.1"), Instant::now());
        let mut place = gate.enter_at(here, now).unwrap();
        place.meter().receive(500);
        place.charge();
        assert_eq!(place.used_up(), None);
        place.meter().send(700);
        place.charge();
        assert!(matches!(place.used_up(), Some(Full::Bytes { seconds: 59..=61 })));
        drop(place);
        assert!(matches!(gate.enter_at(here, now).unwrap_err(), Full::Bytes { seconds: 59..=61 }));
        assert!(gate.enter_at(here, now + Duration::from_secs(65)).is_ok());
    }

    #[test]
    fn who_does_not_wait_for_the_end_pays_all_the_same() {
        let bounds = Bounds { all: 9, per_client: 9, starts_per_minute: None, bytes_per_minute: Some(600) };
        let gate = Arc::new(Gate::new(bounds));
        let (here, now) = (address("192.0.2.1"), Instant::now());
        let place = gate.enter_at(here, now).unwrap();
        place.meter().receive(1_200);
        drop(place);
        assert!(matches!(gate.enter_at(here, now).unwrap_err(), Full::Bytes { .. }));
    }

    #[test]
    fn clients_are_forgotten() {
        let gate = gate(9, 9);
        drop(gate.enter(address("192.0.2.1")).unwrap());
        assert!(gate.clients().by_address.is_empty());

        let bounds = Bounds { all: 9, per_client: 9, starts_per_minute: Some(60), bytes_per_minute: None };
        let gate = Arc::new(Gate::new(bounds));
        let now = Instant::now();
        for client in 0..3_000_u32 {
            let later = now + Duration::from_secs(u64::from(client / 100));
            drop(gate.enter_at(IpAddr::V4((0x0a00_0000 + client).into()), later).unwrap());
        }
        assert!(gate.clients().by_address.len() <= 2_048);
    }

    #[test]
    fn doors_are_limited_and_come_back() {
        let doors = Arc::new(Doors::new(3, 1));
        let (here, proxy) = (address("192.0.2.1"), address("192.0.2.2"));
        let door = doors.enter(here, true).unwrap();
        assert_eq!(doors.enter(here, true).unwrap_err(), Full::Client { limit: 1 });
        let _two = [doors.enter(proxy, false).unwrap(), doors.enter(proxy, false).unwrap()];
        assert_eq!(doors.enter(proxy, false).unwrap_err(), Full::Server { limit: 3 });
        drop(door);
        assert!(doors.enter(here, true).is_ok());
    }
}
