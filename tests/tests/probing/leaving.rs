//! A list that is stopped, a keystore that is locked and a page that is closed in the middle: the peers see their connections close within a second. A page
//! that is left and kept by the browser for the way back: they close, as a rule as soon, and at the latest by the server's deadline.

use std::io::Read;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use certwright_tests::flow::{Identity, PROBE};
use certwright_tests::page::{id, id_with};

use crate::{World, severe};

const PASSPHRASE: &str = "correct horse battery staple";
/// What a page that is closed may take to free its probes.
const AT_ONCE: Duration = Duration::from_secs(1);

pub(crate) fn frees_everything(world: &World) {
    let browser = &world.browser;
    let (port, connections) = silent_peer();
    let list: String = (0..12).map(|number| format!("127.0.0.1,{port},none,h{number}.example\n")).collect();
    browser.click(&id("nav-many"));
    browser.fill(&id("many-text"), "");
    browser.drop_files(&[("silent.txt", list.as_bytes())]);
    browser.wait_for_state(&id("many-text"), "to hold the list", PROBE, |_| {
        browser.run("return document.querySelector('[data-testid=many-text]').value.includes('h11')", vec![])
            == true
    });
    browser.click(&id("many-start"));
    let mut eight: Vec<TcpStream> = (0..8).map(|_| connections.recv_timeout(PROBE).unwrap()).collect();
    browser.wait_for(&id_with("host-row", "data-state", "running"));
    assert!(connections.recv_timeout(Duration::from_millis(300)).is_err(), "more than eight at a time");
    browser.click(&id("many-stop"));
    let stopped = Instant::now();
    assert_closed("stopped", &mut eight, stopped, AT_ONCE);
    browser.wait_for(&id("many-start"));

    // The browser keeps a page that is left for the way back, as it stands; but not its probes.
    let mut open = begin_all(world, port, &connections);
    browser.run("window.kept = true", vec![]);
    browser.leave();
    // The browser may freeze it before its worker has heard that it is left; then the server's deadline is what ends them.
    assert_closed("left", &mut open, Instant::now(), PROBE);
    browser.back();
    browser.wait_for(&id("probe-verdict"));
    assert_eq!(browser.run("return window.kept === true", vec![]), true, "the page was not kept");
    browser.click(&id("nav-many"));
    browser.wait_for(&id("many-start"));

    // A keystore that is locked takes along what runs: it holds its keys, and trusts by it.
    browser.click(&id("persistence"));
    browser.keep(PASSPHRASE);
    let mut open = begin_all(world, port, &connections);
    browser.click(&id("persistence"));
    browser.click(&id("lock"));
    assert_closed("locked", &mut open, Instant::now(), AT_ONCE);
    browser.wait_for_persistence("locked");
    browser.click(&id("nav-many"));
    browser.wait_for(&id("many-start"));
    assert_eq!(browser.see_all(&id_with("host-row", "data-state", "running")), []);
    browser.click(&id("nav-keystore"));
    browser.wait_for(&id("unlock-panel"));
    browser.unlock(PASSPHRASE);
    browser.wait_for_persistence("kept");

    // The console is asked before the page is gone.
    let mut told = severe(browser);
    // What Chromium says of the sockets of a page that it has frozen.
    told.retain(|line| !line.contains("Page entered Back-Forward Cache"));
    assert_eq!(told, Vec::<String>::new());
    let mut open = begin_all(world, port, &connections);
    let page = browser.window();
    let other = browser.open_tab("about:blank");
    browser.switch_to(&page);
    browser.close_tab();
    assert_closed("closed", &mut open, Instant::now(), AT_ONCE);
    browser.switch_to(&other);
}

/// Begins the list, and a probe besides: the connections of both.
fn begin_all(world: &World, port: u16, connections: &Receiver<TcpStream>) -> Vec<TcpStream> {
    world.browser.click(&id("nav-many"));
    world.browser.click(&id("many-start"));
    let mut open: Vec<TcpStream> = (0..8).map(|_| connections.recv_timeout(PROBE).unwrap()).collect();
    world.browser.begin_probe("127.0.0.1", port, Identity::None, true);
    open.push(connections.recv_timeout(PROBE).unwrap());
    open
}

/// A peer that accepts, and says nothing. Connections come out of the channel.
fn silent_peer() -> (u16, Receiver<TcpStream>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (accepted, connections) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            if accepted.send(stream).is_err() {
                break;
            }
        }
    });
    (port, connections)
}

/// Each connection ends in that time from `since`.
fn assert_closed(what: &str, connections: &mut [TcpStream], since: Instant, limit: Duration) {
    for (number, connection) in connections.iter_mut().enumerate() {
        connection.set_read_timeout(Some(limit + Duration::from_secs(10))).unwrap();
        let mut heard = [0; 4096];
        // What the client said comes first, then the end, or a reset.
        while let Ok(1..) = connection.read(&mut heard) {}
        let took = since.elapsed();
        assert!(took < limit, "{what}: connection {number} was open for {took:?}");
    }
}
