use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};
use thiserror::Error;

use crate::{Entry, Release};

/// Why nobody can say when a release is due.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DueError {
    /// The release date is text that is no date.
    #[error("the release date \"{0}\" is not a date of the form YYYY-MM-DD")]
    Date(String),
    /// The time zone is not in the IANA database.
    #[error("\"{0}\" is not a time zone of the IANA database, such as Europe/Berlin")]
    TimeZone(String),
    /// The day begins outside the time that can be reckoned with.
    #[error("{0} is out of range")]
    Range(Date),
}

impl Release {
    /// The instant from which it is to be live: the first of its release date in its time zone; none for "at once".
    ///
    /// # Errors
    /// Where the date is not a date, or the zone not known.
    pub fn due(&self) -> Result<Option<Timestamp>, DueError> {
        match &self.release_date {
            Entry::Missing => Ok(None),
            Entry::Invalid(text) => Err(DueError::Date(text.clone())),
            Entry::Valid(date) => start_of_day(*date, &time_zone(&self.time_zone)?).map(Some),
        }
    }
}

/// The zone of a name. Only the zones that are compiled in count: a desk and a cloud with different system databases
/// would not agree on a release's day.
pub(crate) fn time_zone(name: &str) -> Result<TimeZone, DueError> {
    TimeZoneDatabase::bundled().get(name).map_err(|_| DueError::TimeZone(name.to_owned()))
}

/// The first instant of a day. Where clocks go forward over midnight, that is when they do.
fn start_of_day(date: Date, zone: &TimeZone) -> Result<Timestamp, DueError> {
    let midnight = zone.to_ambiguous_zoned(date.to_datetime(Time::midnight()));
    let in_gap = matches!(midnight.offset(), AmbiguousOffset::Gap { .. });
    let instant = midnight.compatible().map_err(|_| DueError::Range(date))?.timestamp();
    // "Preceding" is strict, and most gaps begin at midnight exactly.
    let just_after = instant.checked_add(1.nanosecond()).map_err(|_| DueError::Range(date))?;
    let transition = if in_gap { zone.preceding(just_after).next() } else { None };
    // A gap may begin before midnight: the day then starts when it ends, and not at its "00:00" carried over it.
    Ok(transition.map_or(instant, |transition| transition.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReleaseId;

    fn due(date: &str, zone: &str) -> Result<Option<String>, DueError> {
        let mut release = Release::new(ReleaseId::new(Timestamp::UNIX_EPOCH, 1));
        release.release_date = Entry::read(date);
        release.time_zone = zone.to_owned();
        Ok(release.due()?.map(|instant| instant.to_string()))
    }

    #[test]
    fn a_day_begins_at_its_first_instant_in_the_labels_zone() {
        for (date, zone, expected) in [
            ("2026-12-04", "UTC", "2026-12-04T00:00:00Z"),
            ("2026-12-04", "Europe/Berlin", "2026-12-03T23:00:00Z"),
            ("2026-07-04", "europe/berlin", "2026-07-03T22:00:00Z"),
            ("2026-12-04", "America/New_York", "2026-12-04T05:00:00Z"),
            ("2026-12-04", "Pacific/Kiritimati", "2026-12-03T10:00:00Z"),
            ("2026-12-04", "Asia/Kathmandu", "2026-12-03T18:15:00Z"),
            // Clocks go from 00:00 to 01:00: the day starts at 01:00.
            ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z"),
            // Clocks went from 23:30 to 00:30: the day starts at 00:30.
            ("1919-03-31", "America/Toronto", "1919-03-31T04:30:00Z"),
            // Clocks go from 01:00 to 00:00: the first midnight counts.
            ("2022-10-30", "Atlantic/Azores", "2022-10-30T00:00:00Z"),
            // This day was left out, to be on the other side of the date line.
            ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z"),
        ] {
            assert_eq!(due(date, zone), Ok(Some(expected.to_owned())), "{date} {zone}");
        }
    }

    #[test]
    fn without_a_date_it_is_due_at_once_whatever_the_zone() {
        assert_eq!(due("", "Europe/Berlin"), Ok(None));
        assert_eq!(due("  ", "Middle-earth/Shire"), Ok(None));
    }

    #[test]
    fn what_is_no_date_and_no_zone_is_said() {
        assert_eq!(due("4 December", "UTC"), Err(DueError::Date("4 December".to_owned())));
        assert_eq!(due("2026-02-30", "UTC"), Err(DueError::Date("2026-02-30".to_owned())));
        for zone in ["", "Middle-earth/Shire", "../../etc/passwd", "CET-1CEST", "+02:00"] {
            assert_eq!(due("2026-12-04", zone), Err(DueError::TimeZone(zone.to_owned())));
        }
    }

    #[test]
    fn no_day_that_can_be_entered_makes_it_panic() {
        for date in ["-009999-01-01", "9999-12-31", "0000-01-01"] {
            for zone in ["Pacific/Kiritimati", "Pacific/Niue", "UTC"] {
                assert!(due(date, zone).is_ok() || matches!(due(date, zone), Err(DueError::Range(_))));
            }
        }
    }
}
