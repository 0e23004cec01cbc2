//! Which day it is for a company: its clocks are those of its time zone, summer time included.

use jiff::{Timestamp, tz::TimeZone};
use kernel::{Date, Instant};

use crate::{Actor, Engine};

/// The clocks of a company; without a zone of its own, those of the server.
#[derive(Clone, Debug, Default)]
pub struct Zone(Option<TimeZone>);

impl Zone {
    /// The zone of that name in the IANA database; the server's for no name, or one nobody knows.
    pub fn named(name: &str) -> Zone {
        Zone(if name.is_empty() { None } else { TimeZone::get(name).ok() })
    }

    /// Whether the IANA database built in has a zone of that name.
    pub fn is_known(name: &str) -> bool {
        TimeZone::get(name).is_ok()
    }

    /// How many minutes its clocks are ahead of UTC at a moment.
    fn ahead(&self, at: Instant, server: i32) -> i32 {
        let Some(zone) = &self.0 else { return server };
        Timestamp::from_microsecond(at.micros()).map_or(server, |at| zone.to_offset(at).seconds().div_euclid(60))
    }
}

impl Engine {
    /// The business day of the company somebody works for.
    pub fn today_of(&self, actor: &Actor) -> Date {
        let now = self.now();
        now.date_at(self.minutes_ahead(actor, now))
    }

    /// How many minutes the clocks of the company somebody works for are ahead of UTC at a moment.
    pub(crate) fn minutes_ahead(&self, actor: &Actor, at: Instant) -> i32 {
        actor.zone.ahead(at, self.offset_minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ahead(zone: &str, at: &str) -> i32 {
        Zone::named(zone).ahead(Instant::parse(at).expect("a moment"), 5)
    }

    #[test]
    fn clocks_follow_their_zone_in_summer_and_winter() {
        assert_eq!(ahead("Asia/Shanghai", "2026-07-01T00:00:00Z"), 480);
        assert_eq!(ahead("Europe/Berlin", "2026-07-01T00:00:00Z"), 120);
        assert_eq!(ahead("Europe/Berlin", "2026-12-01T00:00:00Z"), 60);
        assert_eq!(ahead("Asia/Kathmandu", "2026-12-01T00:00:00Z"), 345);
        assert_eq!(ahead("America/St_Johns", "2026-12-01T00:00:00Z"), -210);
        assert_eq!(ahead("", "2026-12-01T00:00:00Z"), 5);
        assert_eq!(ahead("Nowhere/At_All", "2026-12-01T00:00:00Z"), 5);
    }
}
