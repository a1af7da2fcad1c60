//! Which addresses the server connects to.
//!
//! Reads one address at a time, the very one that will be connected to, and says whether it is refused and why. Sources: the IANA
//! special-purpose address registries (RFC 6890) and the documentation of the clouds for their metadata services. An IPv6 address
//! that carries an IPv4 address (`::ffff:0:0/96`, `64:ff9b::/96`) is judged by that one; tunnels that hide one more deeply
//! (6to4, Teredo and their like) are refused.
//!
//! A server that is bound to loopback serves its own user, who may reach whatever the machine reaches. A server that is bound
//! elsewhere serves strangers, who get global addresses only. Neither ever gets metadata services, link-local addresses, multicast,
//! or the server itself. The operator's [lists](Lists) open ranges for strangers, and close addresses, names and ports to everybody.

mod lists;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use certwright_protocol::conversation::RefusedTarget;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

pub use lists::{HostPattern, Lists, NotAPattern, NotPorts, Ports};

/// Judges target addresses.
#[derive(Debug, Clone)]
pub struct TargetPolicy {
    strangers: bool,
    lists: Lists,
    own: Vec<SocketAddr>,
}

impl TargetPolicy {
    /// For a server that only its own user reaches, and for the command line: loopback and private networks are allowed.
    pub fn loopback() -> Self {
        Self { strangers: false, lists: Lists::default(), own: Vec::new() }
    }

    /// For a server that strangers reach: global addresses only.
    pub fn global() -> Self {
        Self { strangers: true, lists: Lists::default(), own: Vec::new() }
    }

    /// Allows these ranges too, where they are loopback, private or reserved. What is always refused stays refused.
    #[must_use]
    pub fn allow(mut self, ranges: impl IntoIterator<Item = IpNet>) -> Self {
        self.lists.allow.extend(ranges);
        self
    }

    /// Applies the operator's lists, instead of any that were given before.
    #[must_use]
    pub fn with_lists(mut self, lists: Lists) -> Self {
        self.lists = lists;
        self
    }

    /// Refuses this listening socket as [`RefusedTarget::Itself`]. If it is bound to the unspecified address, that is any address
    /// of this machine with its port.
    #[must_use]
    pub fn never_itself(mut self, listening: SocketAddr) -> Self {
        self.own.push(listening);
        self
    }

    /// Whether nothing is refused but what always is: then a proxy may be told a name that was not looked up here.
    pub fn closes_nothing(&self) -> bool {
        !self.strangers && self.lists == Lists::default()
    }

    /// Why `target` is refused; `None` if it may be connected to. It was written as an address, or is not known by a name.
    pub fn refusal(&self, target: SocketAddr) -> Option<RefusedTarget> {
        self.refusal_of(None, target)
    }

    /// The same for a target that `name` led to: the name asked for, in A-labels.
    pub fn refusal_of(&self, name: Option<&str>, target: SocketAddr) -> Option<RefusedTarget> {
        let address = unmapped(target.ip());
        let opened = self.lists.open(address);
        if let Some((reason, firmness)) = classify(address) {
            let excused = firmness == ForStrangers && (!self.strangers || opened);
            if !excused {
                return Some(reason);
            }
        }
        if self.is_itself(address, target.port()) {
            return Some(RefusedTarget::Itself);
        }
        self.lists.close(name, address, target.port()).then_some(RefusedTarget::Denied)
    }

    fn is_itself(&self, address: IpAddr, port: u16) -> bool {
        self.own.iter().any(|own| {
            own.port() == port
                && (unmapped(own.ip()) == address || (own.ip().is_unspecified() && is_local(address)))
        })
    }

    /// Whether files may be fetched from this port. Strangers have them fetched from the ports of HTTP and HTTPS alone, or the server
    /// would speak HTTP to services of any other kind for them; ranges that the operator allowed are open at every port.
    pub fn may_fetch_from(&self, target: SocketAddr) -> bool {
        !self.strangers || matches!(target.port(), 80 | 443) || self.lists.open(unmapped(target.ip()))
    }
}

/// The address that a connection really goes to: IPv4 that is written as IPv6 becomes IPv4.
pub(crate) fn unmapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    if let Some(v4) = v6.to_ipv4_mapped() {
        return IpAddr::V4(v4);
    }
    let [a, b, 0, 0, 0, 0, high, low] = v6.segments() else { return address };
    if (a, b) != (0x64, 0xff9b) {
        return address;
    }
    IpAddr::V4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
}

/// Whom a range is closed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Firmness {
    /// Everybody.
    Always,
    /// Users of a server that is bound to more than loopback, unless its operator makes an exception.
    ForStrangers,
}

use Firmness::{Always, ForStrangers};
use RefusedTarget::{LinkLocal, Loopback, Metadata, Multicast, Private, Reserved, Unspecified};

/// What kind of special address it is; `None` for a global one.
fn classify(address: IpAddr) -> Option<(RefusedTarget, Firmness)> {
    match address {
        IpAddr::V4(v4) => SPECIAL_V4
            .iter()
            .find(|(range, ..)| range.contains(&v4))
            .map(|&(_, reason, firmness)| (reason, firmness)),
        IpAddr::V6(v6) => SPECIAL_V6
            .iter()
            .find(|(range, ..)| range.contains(&v6))
            .map(|&(_, reason, firmness)| (reason, firmness))
            // Outside 2000::/3 nothing is assigned for global use.
            .or_else(|| (v6.segments()[0] >> 13 != 1).then_some((Reserved, ForStrangers))),
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(segments: [u16; 8], length: u8) -> Ipv6Net {
    let [a, b, c, d, e, f, g, h] = segments;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), length)
}

/// The first range that contains the address decides.
const SPECIAL_V4: &[(Ipv4Net, RefusedTarget, Firmness)] = &[
    (v4(169, 254, 169, 254, 32), Metadata, Always), // AWS, Azure, Google Cloud and most others
    (v4(169, 254, 170, 2, 32), Metadata, Always),   // AWS ECS task credentials
    (v4(169, 254, 170, 23, 32), Metadata, Always),  // AWS EKS pod identity
    (v4(100, 100, 100, 200, 32), Metadata, Always), // Alibaba Cloud
    (v4(168, 63, 129, 16, 32), Metadata, Always),   // Azure's host agent, in a global range
    (v4(192, 0, 0, 192, 32), Metadata, Always),     // Oracle Cloud
    (v4(0, 0, 0, 0, 8), Unspecified, Always),
    (v4(169, 254, 0, 0, 16), LinkLocal, Always),
    (v4(224, 0, 0, 0, 4), Multicast, Always),
    (v4(255, 255, 255, 255, 32), Multicast, Always), // broadcast
    (v4(127, 0, 0, 0, 8), Loopback, ForStrangers),
    (v4(10, 0, 0, 0, 8), Private, ForStrangers),
    (v4(100, 64, 0, 0, 10), Private, ForStrangers), // carrier-grade NAT, also overlay networks
    (v4(172, 16, 0, 0, 12), Private, ForStrangers),
    (v4(192, 168, 0, 0, 16), Private, ForStrangers),
    (v4(192, 0, 0, 0, 24), Reserved, ForStrangers), // IETF protocol assignments
    (v4(192, 0, 2, 0, 24), Reserved, ForStrangers), // documentation
    (v4(192, 31, 196, 0, 24), Reserved, ForStrangers), // AS112
    (v4(192, 52, 193, 0, 24), Reserved, ForStrangers), // AMT
    (v4(192, 88, 99, 0, 24), Reserved, ForStrangers), // 6to4 relays
    (v4(192, 175, 48, 0, 24), Reserved, ForStrangers), // AS112
    (v4(198, 18, 0, 0, 15), Reserved, ForStrangers), // benchmarks
    (v4(198, 51, 100, 0, 24), Reserved, ForStrangers), // documentation
    (v4(203, 0, 113, 0, 24), Reserved, ForStrangers), // documentation
    (v4(240, 0, 0, 0, 4), Reserved, ForStrangers),
];

/// The first range that contains the address decides.
const SPECIAL_V6: &[(Ipv6Net, RefusedTarget, Firmness)] = &[
    (v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254], 128), Metadata, Always), // AWS
    (v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23], 128), Metadata, Always),  // AWS EKS pod identity
    (v6([0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254], 128), Metadata, Always),  // Google Cloud
    (v6([0; 8], 128), Unspecified, Always),
    (v6([0, 0, 0, 0, 0, 0, 0, 1], 128), Loopback, ForStrangers),
    (v6([0; 8], 96), Reserved, Always), // IPv4-compatible: carries IPv4
    (v6([0, 0, 0, 0, 0xffff, 0, 0, 0], 96), Reserved, Always), // IPv4-translated: carries IPv4
    (v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48), Reserved, Always), // local NAT64: carries IPv4
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32), Reserved, Always), // Teredo: carries IPv4
    (v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), Reserved, Always), // 6to4: carries IPv4
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), LinkLocal, Always),
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), Multicast, Always),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), Private, ForStrangers),
    (v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10), Private, ForStrangers), // site-local, deprecated
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), Reserved, ForStrangers), // IETF protocol assignments
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), Reserved, ForStrangers), // documentation
    (v6([0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48), Reserved, ForStrangers), // AS112
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), Reserved, ForStrangers), // documentation
];

/// Whether the address is one of this machine: only such a one can be bound to.
fn is_local(address: IpAddr) -> bool {
    UdpSocket::bind((address, 0)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(policy: &TargetPolicy, address: &str) -> Option<RefusedTarget> {
        policy.refusal(SocketAddr::new(address.parse().unwrap(), 443))
    }

    /// First and last address of each range, and its neighbours outside where these are global.
    #[test]
    fn strangers_reach_global_addresses_only() {
        let policy = TargetPolicy::global();
        let cases = [
            ("0.0.0.0", Some(Unspecified)),
            ("0.255.255.255", Some(Unspecified)),
            ("1.0.0.0", None),
            ("9.255.255.255", None),
            ("10.0.0.0", Some(Private)),
            ("10.255.255.255", Some(Private)),
            ("11.0.0.0", None),
            ("100.63.255.255", None),
            ("100.64.0.0", Some(Private)),
            ("100.127.255.255", Some(Private)),
            ("100.128.0.0", None),
            ("126.255.255.255", None),
            ("127.0.0.0", Some(Loopback)),
            ("127.255.255.255", Some(Loopback)),
            ("128.0.0.0", None),
            ("169.253.255.255", None),
            ("169.254.0.0", Some(LinkLocal)),
            ("169.254.255.255", Some(LinkLocal)),
            ("169.255.0.0", None),
            ("172.15.255.255", None),
            ("172.16.0.0", Some(Private)),
            ("172.31.255.255", Some(Private)),
            ("172.32.0.0", None),
            ("191.255.255.255", None),
            ("192.0.0.0", Some(Reserved)),
            ("192.0.0.255", Some(Reserved)),
            ("192.0.1.0", None),
            ("192.0.1.255", None),
            ("192.0.2.0", Some(Reserved)),
            ("192.0.2.255", Some(Reserved)),
            ("192.0.3.0", None),
            ("192.31.195.255", None),
            ("192.31.196.0", Some(Reserved)),
            ("192.31.196.255", Some(Reserved)),
            ("192.31.197.0", None),
            ("192.52.192.255", None),
            ("192.52.193.0", Some(Reserved)),
            ("192.52.193.255", Some(Reserved)),
            ("192.52.194.0", None),
            ("192.88.98.255", None),
            ("192.88.99.0", Some(Reserved)),
            ("192.88.99.255", Some(Reserved)),
            ("192.88.100.0", None),
            ("192.167.255.255", None),
            ("192.168.0.0", Some(Private)),
            ("192.168.255.255", Some(Private)),
            ("192.169.0.0", None),
            ("192.175.47.255", None),
            ("192.175.48.0", Some(Reserved)),
            ("192.175.48.255", Some(Reserved)),
            ("192.175.49.0", None),
            ("198.17.255.255", None),
            ("198.18.0.0", Some(Reserved)),
            ("198.19.255.255", Some(Reserved)),
            ("198.20.0.0", None),
            ("198.51.99.255", None),
            ("198.51.100.0", Some(Reserved)),
            ("198.51.100.255", Some(Reserved)),
            ("198.51.101.0", None),
            ("203.0.112.255", None),
            ("203.0.113.0", Some(Reserved)),
            ("203.0.113.255", Some(Reserved)),
            ("203.0.114.0", None),
            ("223.255.255.255", None),
            ("224.0.0.0", Some(Multicast)),
            ("239.255.255.255", Some(Multicast)),
            ("240.0.0.0", Some(Reserved)),
            ("255.255.255.254", Some(Reserved)),
            ("255.255.255.255", Some(Multicast)),
            ("::", Some(Unspecified)),
            ("::1", Some(Loopback)),
            ("::2", Some(Reserved)),
            ("::7f00:1", Some(Reserved)),
            ("::1:0:0:0", Some(Reserved)),
            ("::ffff:0:7f00:1", Some(Reserved)),
            ("64:ff9b:1::", Some(Reserved)),
            ("64:ff9b:1:ffff::", Some(Reserved)),
            ("100::", Some(Reserved)),
            ("1fff:ffff::", Some(Reserved)),
            ("2000::", None),
            ("2000:ffff::", None),
            ("2001::", Some(Reserved)),
            ("2001:0:ffff::", Some(Reserved)),
            ("2001:1ff:ffff::", Some(Reserved)),
            ("2001:200::", None),
            ("2001:db7:ffff::", None),
            ("2001:db8::", Some(Reserved)),
            ("2001:db8:ffff::", Some(Reserved)),
            ("2001:db9::", None),
            ("2001:ffff::", None),
            ("2002::", Some(Reserved)),
            ("2002:ffff:ffff::", Some(Reserved)),
            ("2003::", None),
            ("2620:4f:7fff::", None),
            ("2620:4f:8000::", Some(Reserved)),
            ("2620:4f:8000:ffff::", Some(Reserved)),
            ("2620:4f:8001::", None),
            ("3ffe:ffff::", None),
            ("3fff::", Some(Reserved)),
            ("3fff:fff:ffff::", Some(Reserved)),
            ("3fff:1000::", None),
            ("3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", None),
            ("4000::", Some(Reserved)),
            ("5f00::1", Some(Reserved)),
            ("fbff::", Some(Reserved)),
            ("fc00::", Some(Private)),
            ("fdff:ffff::", Some(Private)),
            ("fe00::", Some(Reserved)),
            ("fe80::", Some(LinkLocal)),
            ("febf:ffff::", Some(LinkLocal)),
            ("fec0::", Some(Private)),
            ("feff:ffff::", Some(Private)),
            ("ff00::", Some(Multicast)),
            ("ffff::", Some(Multicast)),
        ];
        for (address, expected) in cases {
            assert_eq!(refusal(&policy, address), expected, "{address}");
        }
    }

    #[test]
    fn ipv4_inside_ipv6_is_judged_as_ipv4() {
        let policy = TargetPolicy::global();
        for (address, expected) in [
            ("::ffff:127.0.0.1", Some(Loopback)),
            ("::ffff:169.254.169.254", Some(Metadata)),
            ("::ffff:8.8.8.8", None),
            ("64:ff9b::10.0.0.1", Some(Private)),
            ("64:ff9b::169.254.169.254", Some(Metadata)),
            ("64:ff9b::8.8.8.8", None),
        ] {
            assert_eq!(refusal(&policy, address), expected, "{address}");
        }
    }

    const METADATA: [&str; 9] = [
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
    ];

    #[test]
    fn metadata_is_never_reached() {
        let everything: [IpNet; 2] = ["0.0.0.0/0".parse().unwrap(), "::/0".parse().unwrap()];
        for policy in
            [TargetPolicy::loopback(), TargetPolicy::global(), TargetPolicy::global().allow(everything)]
        {
            for address in METADATA {
                assert_eq!(refusal(&policy, address), Some(Metadata), "{address}");
            }
        }
    }

    #[test]
    fn own_user_reaches_loopback_and_private_networks() {
        let policy = TargetPolicy::loopback();
        for address in [
            "127.0.0.1",
            "::1",
            "10.1.2.3",
            "192.168.1.1",
            "100.64.0.1",
            "192.0.2.1",
            "fc00::1",
            "2001:db8::1",
            "::ffff:127.0.0.1",
            "8.8.8.8",
            "2606:4700::1",
        ] {
            assert_eq!(refusal(&policy, address), None, "{address}");
        }
        for (address, expected) in [
            ("0.0.0.0", Unspecified),
            ("::", Unspecified),
            ("169.254.1.1", LinkLocal),
            ("fe80::1", LinkLocal),
            ("224.0.0.1", Multicast),
            ("ff02::1", Multicast),
            ("255.255.255.255", Multicast),
            ("2002:a9fe:a9fe::1", Reserved),
            ("2001::1", Reserved),
            ("::a9fe:a9fe", Reserved),
        ] {
            assert_eq!(refusal(&policy, address), Some(expected), "{address}");
        }
    }

    #[test]
    fn exceptions_open_private_networks_only() {
        let policy = TargetPolicy::global().allow(
            ["10.1.0.0/16", "169.254.0.0/16", "fc00::/7", "::1/128"].map(|range| range.parse().unwrap()),
        );
        assert_eq!(refusal(&policy, "10.1.2.3"), None);
        assert_eq!(refusal(&policy, "::ffff:10.1.2.3"), None);
        assert_eq!(refusal(&policy, "10.2.0.0"), Some(Private));
        assert_eq!(refusal(&policy, "169.254.1.1"), Some(LinkLocal));
        assert_eq!(refusal(&policy, "fd12::1"), None);
        assert_eq!(refusal(&policy, "::1"), None);
        assert_eq!(refusal(&policy, "127.0.0.1"), Some(Loopback));
    }

    /// Ranges that are not for everybody: whole, and no wider. Beside them the IPv6 ranges inside 2000::/3 that are no unicast of the
    /// internet; all outside of 2000::/3 is refused as a whole.
    #[test]
    fn the_list_of_ranges_is_complete() {
        let policy = TargetPolicy::global();
        for range in [
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "2620:4f:8000::/48",
            "3fff::/20",
        ] {
            let range: IpNet = range.parse().unwrap();
            for address in [range.network(), range.broadcast()] {
                let target = SocketAddr::new(address, 443);
                assert!(policy.refusal(target).is_some(), "{address} of {range}");
            }
            if let IpNet::V4(range) = range {
                let table = SPECIAL_V4.iter().filter(|(known, ..)| *known == range).count();
                assert_eq!(table, 1, "{range} stands in the table as it is");
            }
        }
        // One address of every eighth outside of 2000::/3, and those that carry IPv4.
        for address in
            ["1::", "::2", "100::1", "4000::1", "6000::1", "8000::1", "a000::1", "c000::1", "e000::1"]
        {
            assert!(refusal(&policy, address).is_some(), "{address}");
        }
    }

    #[test]
    fn strangers_have_files_fetched_from_the_ports_of_http_alone() {
        let address = |text: &str| text.parse::<SocketAddr>().unwrap();
        let strangers = TargetPolicy::global().allow(["10.1.0.0/16".parse().unwrap()]);
        for (target, expected) in [
            ("8.8.8.8:80", true),
            ("8.8.8.8:443", true),
            ("8.8.8.8:25", false),
            ("8.8.8.8:8080", false),
            ("10.1.2.3:8080", true),
            ("[::ffff:10.1.2.3]:8080", true),
        ] {
            assert_eq!(strangers.may_fetch_from(address(target)), expected, "{target}");
        }
        assert!(TargetPolicy::loopback().may_fetch_from(address("127.0.0.1:8080")));
    }

    #[test]
    fn the_server_does_not_probe_itself() {
        let address = |text: &str| text.parse::<SocketAddr>().unwrap();
        let policy = TargetPolicy::loopback().never_itself(address("127.0.0.1:8787"));
        assert_eq!(policy.refusal(address("127.0.0.1:8787")), Some(RefusedTarget::Itself));
        assert_eq!(policy.refusal(address("[::ffff:127.0.0.1]:8787")), Some(RefusedTarget::Itself));
        assert_eq!(policy.refusal(address("127.0.0.1:8788")), None);
        assert_eq!(policy.refusal(address("127.0.0.2:8787")), None);

        let policy = TargetPolicy::loopback().never_itself(address("0.0.0.0:8787"));
        assert_eq!(policy.refusal(address("127.0.0.1:8787")), Some(RefusedTarget::Itself));
        assert_eq!(policy.refusal(address("127.0.0.2:8787")), Some(RefusedTarget::Itself));
        assert_eq!(policy.refusal(address("127.0.0.1:443")), None);
        assert_eq!(policy.refusal(address("192.0.2.1:8787")), None);
    }
}
