//! Addresses that we may be asked to send something to: read strictly, and told apart from
//! those inside the house, which nobody outside should reach through us.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address of the web, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress {
    /// Whether it is spoken to under encryption.
    pub is_secure: bool,
    /// The host as it is written, without the brackets of IPv6.
    pub host: String,
    /// The port, written or not.
    pub port: u16,
    /// Path and query, at least `/`.
    pub path: String,
}

impl WebAddress {
    /// Reads `https://host:port/path?query`; nothing else is an address. No users, no
    /// fragments, no ports below 1024 but 80 and 443, so that no mail server is spoken to.
    pub fn parse(text: &str) -> Option<WebAddress> {
        let (scheme, rest) = text.split_once("://")?;
        let is_secure = match scheme {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        if !text.bytes().all(|byte| (0x21..0x7f).contains(&byte)) || rest.contains(['\\', '#']) {
            return None;
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (place, path) = rest.split_at(end);
        let (host, port) = match place.strip_prefix('[') {
            Some(inner) => {
                let (host, port) = inner.split_once(']')?;
                host.parse::<Ipv6Addr>().ok()?;
                (host, port)
            }
            None => place.split_at(place.find(':').unwrap_or(place.len())),
        };
        let port = match port.strip_prefix(':') {
            Some(port) => port.parse().ok()?,
            None if port.is_empty() => {
                if is_secure {
                    443
                } else {
                    80
                }
            }
            None => return None,
        };
        let is_name = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte));
        if host.is_empty() || 253 < host.len() || !is_name || !matches!(port, 80 | 443 | 1024..) {
            return None;
        }
        // A host that ends in a number is an address of four numbers, or a trick.
        let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or("").to_ascii_lowercase();
        let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
        if !host.contains(':') && is_number && host.parse::<Ipv4Addr>().is_err() {
            return None;
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Some(WebAddress { is_secure, host: host.to_owned(), port, path })
    }

    /// The number the host is written as, if it is.
    pub fn number(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

/// Whether a number is of this machine, of the network it stands in, or of nobody.
pub fn is_inside(number: IpAddr) -> bool {
    match number {
        IpAddr::V4(number) => is_inside_v4(number),
        IpAddr::V6(number) => {
            let parts = number.segments();
            // One that only wraps an older number is what it wraps.
            let wrapped = match parts {
                [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some((high, low)),
                [0x2002, high, low, ..] => Some((high, low)),
                _ => None,
            };
            if let Some((high, low)) = wrapped {
                let [a, b] = high.to_be_bytes();
                let [c, d] = low.to_be_bytes();
                return is_inside_v4(Ipv4Addr::new(a, b, c, d));
            }
            // Only 2000::/3 is given to anybody, and some of that only to be written about.
            parts[0] & 0xe000 != 0x2000 || parts[0] == 0x2001 && parts[1] < 0x200 || parts[..2] == [0x2001, 0xdb8]
        }
    }
}

fn is_inside_v4(number: Ipv4Addr) -> bool {
    let [a, b, c, _] = number.octets();
    number.is_loopback()
        || number.is_private()
        || number.is_link_local()
        || number.is_documentation()
        || a == 0
        || 224 <= a
        || a == 100 && (64..128).contains(&b)
        || a == 198 && (b == 18 || b == 19)
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_strictly() {
        let read = |text: &str| {
            WebAddress::parse(text).map(|at| format!("{} {} {} {}", at.is_secure, at.host, at.port, at.path))
        };
        for (text, expected) in [
            ("https://a.example", "true a.example 443 /"),
            ("http://a.example:8080/x/y?z=1", "false a.example 8080 /x/y?z=1"),
            ("https://a.example?z", "true a.example 443 /?z"),
            ("http://[2606:4700::1]:1234/x", "false 2606:4700::1 1234 /x"),
            ("http://8.8.8.8/", "false 8.8.8.8 80 /"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "file:///etc/passwd",
            "gopher://a.example",
            "ftp://a.example",
            "a.example",
            "//a.example",
            "https://",
            "https://user@a.example",
            "https://a.example:25/",
            "https://a.example:22",
            "https://a.example:x",
            "https://a.example:99999",
            "http://0x7f000001",
            "http://2130706433",
            "http://127.1",
            "http://0177.0.0.1",
            "http://127.0.0.0x1",
            "http://a.example\\@b.example",
            "http://a.example#x",
            "http://a b.example",
            "http://a.example/\r\nHost: b",
            "http://[::1",
            "http://[a.example]/",
            "HTTP://a.example",
            "http://é.example",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_inside_is_told_from_what_is_outside() {
        for text in [
            "127.0.0.1",
            "127.8.9.1",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "203.0.113.5",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(is_inside(text.parse().unwrap()), "{text}");
        }
        for text in [
            "8.8.8.8",
            "1.1.1.1",
            "172.32.0.1",
            "192.167.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "2001:4860::8888",
            "::ffff:8.8.8.8",
        ] {
            assert!(!is_inside(text.parse().unwrap()), "{text}");
        }
    }
}
