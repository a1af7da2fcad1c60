//! Writes the header of the PROXY protocol (haproxy's `proxy-protocol.txt`, versions 1 and 2): who connects to whom.
//!
//! Addresses of two kinds become IPv6 both (`::ffff:0:0/96`), as the header holds one kind alone.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use certwright_protocol::conversation::ProxyProtocol;

const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// Version 2, command PROXY.
const PROXY: u8 = 0x21;
const TCP4: u8 = 0x11;
const TCP6: u8 = 0x21;

/// The header for a connection from `source` to `destination`.
pub(super) fn header(version: ProxyProtocol, source: SocketAddr, destination: SocketAddr) -> Vec<u8> {
    let ports = (source.port(), destination.port());
    match (version, source.ip(), destination.ip()) {
        (ProxyProtocol::V1, IpAddr::V4(from), IpAddr::V4(to)) => line("TCP4", from, to, ports),
        (ProxyProtocol::V1, from, to) => line("TCP6", six(from), six(to), ports),
        (ProxyProtocol::V2, IpAddr::V4(from), IpAddr::V4(to)) => {
            binary(TCP4, &[Ipv4Addr::octets(&from), to.octets()].concat(), ports)
        }
        (ProxyProtocol::V2, from, to) => {
            binary(TCP6, &[six(from).octets(), six(to).octets()].concat(), ports)
        }
    }
}

fn line(family: &str, from: impl ToString, to: impl ToString, (source, destination): (u16, u16)) -> Vec<u8> {
    let (from, to) = (from.to_string(), to.to_string());
    format!("PROXY {family} {from} {to} {source} {destination}\r\n").into_bytes()
}

fn binary(family: u8, addresses: &[u8], (source, destination): (u16, u16)) -> Vec<u8> {
    let mut header = SIGNATURE.to_vec();
    header.extend([PROXY, family]);
    // 12 or 36 octets.
    let length = u16::try_from(addresses.len() + 4).unwrap_or_default();
    header.extend(length.to_be_bytes());
    header.extend_from_slice(addresses);
    header.extend(source.to_be_bytes());
    header.extend(destination.to_be_bytes());
    header
}

fn six(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_in_its_description() {
        let (from, to) = ("192.0.2.1:56324".parse().unwrap(), "192.0.2.2:443".parse().unwrap());
        assert_eq!(header(ProxyProtocol::V1, from, to), b"PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n");
        let two = header(ProxyProtocol::V2, from, to);
        assert_eq!(two[..12], [0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
        assert_eq!(two[12..], [0x21, 0x11, 0, 12, 192, 0, 2, 1, 192, 0, 2, 2, 0xdc, 4, 1, 0xbb]);
        let six = "[2001:db8::1]:1".parse().unwrap();
        assert_eq!(header(ProxyProtocol::V1, six, to), b"PROXY TCP6 2001:db8::1 ::ffff:192.0.2.2 1 443\r\n");
        let two = header(ProxyProtocol::V2, six, to);
        assert_eq!(two[12..16], [0x21, 0x21, 0, 36]);
        assert_eq!(two.len(), 16 + 36);
    }
}
