use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};

/// Below those that systems give to connections that go out, and to whoever listens on "any" port.
const FIRST: u16 = 10_000;
const COUNT: u16 = 6_000;

/// Ports of this machine that nobody listens on, for a program that has to be told where to listen. No other test is given
/// them while this is held, whichever process it runs in.
///
/// A port that was merely looked at may be another test's by the time the program listens. So each is marked, by a UDP
/// socket of the same number, which the system takes away when the process ends, however it ends.
#[derive(Debug)]
pub struct FreePorts {
    numbers: Vec<u16>,
    _marks: Vec<UdpSocket>,
}

impl FreePorts {
    /// Takes so many.
    ///
    /// # Panics
    /// Where there are not as many left.
    #[must_use]
    pub fn take(count: usize) -> Self {
        // Tests that start at the same time begin at different places.
        let start = u16::try_from(std::process::id() % u32::from(COUNT)).expect("less than a count of ports");
        let candidates = (0..COUNT).map(|step| FIRST + (start + step) % COUNT);
        let marked = candidates.filter_map(|port| Some((port, mark(port)?)));
        let (numbers, marks): (Vec<u16>, Vec<UdpSocket>) = marked.take(count).unzip();
        assert_eq!(numbers.len(), count, "the ports from {FIRST} on are all in use");
        Self { numbers, _marks: marks }
    }

    /// Their numbers.
    #[must_use]
    pub fn numbers(&self) -> &[u16] {
        &self.numbers
    }
}

/// Marks a port as ours, if it is nobody's.
fn mark(port: u16) -> Option<UdpSocket> {
    let mark = UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
    match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => None,
        // A machine without IPv6 has nobody there.
        _ => Some(mark),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn nobody_is_given_what_another_holds_or_listens_on() {
        let first = FreePorts::take(3);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, first.numbers()[2])).unwrap();
        let second = FreePorts::take(3);
        let all: BTreeSet<u16> = first.numbers().iter().chain(second.numbers()).copied().collect();
        assert_eq!(all.len(), 6, "{first:?} {second:?}");

        let listened_on = first.numbers()[2];
        drop(first);
        let third = FreePorts::take(3);
        assert!(!third.numbers().contains(&listened_on), "{third:?}");
        drop(listener);
    }
}
