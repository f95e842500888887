use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use release::LabelId;

use super::Table;
use super::item::Item;
use super::keys::{self, instant_of, sortable};
use super::request::{Bound, Range};
use crate::ports::{Changed, Changes, PortError};

/// What was stored so long ago is in the index, whatever the clock of who stored it said: an index follows within
/// seconds, and clocks of functions differ by milliseconds. What is younger is told again until it is that old.
const OVERLAP: SignedDuration = SignedDuration::from_secs(30);

#[async_trait]
impl Changes for Table {
    async fn since(&self, label: &LabelId, place: Option<&str>, limit: usize) -> Result<Changed, PortError> {
        let doing = format!("listing what changed of {label}");
        let place = place.and_then(Place::read).unwrap_or_default();
        let safe = self.clock.now().saturating_sub(OVERLAP).unwrap_or(Timestamp::UNIX_EPOCH);
        let bound = place.bound();
        let range = Range {
            index: Some("gsi1"),
            partition: keys::label(label),
            bound: if bound.is_empty() { Bound::All } else { Bound::After(bound.to_owned()) },
            backwards: false,
        };
        // One more tells whether there is more.
        let mut listed = self.query(&doing, &range, limit.saturating_add(1)).await?;
        let more = listed.len() > limit;
        listed.truncate(limit);
        let last = listed.last().and_then(sort_key);
        let next = place.next(last, safe, more).to_string();
        let records = self.load_listed(&doing, &listed).await?;
        Ok(Changed { records, next, more })
    }
}

fn sort_key(item: &Item) -> Option<String> {
    item.get("gsi1sk").and_then(|key| key.as_s().ok()).cloned()
}

/// Where a reader of the first index stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Place {
    /// All that will ever be in the index up to this key was told.
    safe: String,
    /// While there is more: the last key that was told, and how much of what is told on the way will be safe.
    page: Option<(String, String)>,
}

impl Place {
    /// The key after which to go on.
    fn bound(&self) -> &str {
        self.page.as_ref().map_or(&self.safe, |(last, _)| last)
    }

    /// Where the reader stands after a page. `safe` is the youngest instant of which nothing can appear in the index any
    /// more; for a reader on its way it is that of the first page, since what appeared behind it was not told.
    fn next(&self, last: Option<String>, safe: Timestamp, more: bool) -> Self {
        let safe = self.page.as_ref().map_or_else(|| sortable(safe), |(_, safe)| safe.clone());
        let told = last.unwrap_or_else(|| self.bound().to_owned());
        if more {
            return Self { safe: self.safe.clone(), page: Some((told, safe)) };
        }
        // Never further than what was told, so that a place stays the same while nothing changes; never back.
        Self { safe: told.min(safe).max(self.safe.clone()), page: None }
    }

    /// Reads a place. None for a text that is none: who asks with it gets all anew.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('~');
        let (version, safe) = (parts.next()?, parts.next()?);
        let page = match (parts.next(), parts.next(), parts.next()) {
            (None, None, None) => None,
            (Some(last), Some(safe), None) => Some((last.to_owned(), safe.to_owned())),
            _ => return None,
        };
        let keys =
            [Some(safe), page.as_ref().map(|(last, _)| last.as_str()), page.as_ref().map(|(_, safe)| safe.as_str())];
        let good =
            keys.into_iter().flatten().all(|key| key.is_empty() || (key.len() < 64 && instant_of(key).is_some()));
        (version == "1" && good).then(|| Self { safe: safe.to_owned(), page })
    }
}

/// Of characters that can stand in a query as they are.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "1~{}", self.safe)?;
        match &self.page {
            Some((last, safe)) => write!(f, "~{last}~{safe}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + seconds).unwrap()
    }

    /// An index to which entries come late, and its reader.
    #[derive(Debug, Clone)]
    struct Write {
        release: u8,
        /// How much its writer's clock is behind, and how long the index takes, together less than the overlap.
        behind: i64,
        lag: i64,
        pause: i64,
    }

    fn writes() -> impl Strategy<Value = Vec<Write>> {
        let write = (0_u8..6, -10_i64..10, 0_i64..15, 0_i64..20).prop_map(|(release, behind, lag, pause)| Write {
            release,
            behind,
            lag,
            pause,
        });
        proptest::collection::vec(write, 1..40)
    }

    proptest! {
        /// Whoever reads on from each place misses no change, and has rest in the end.
        #[test]
        fn no_change_is_missed(writes in writes(), limit in 1_usize..5, polls in proptest::collection::vec(0_i64..25, 1..60)) {
            let mut now = 0;
            // When it is in the index, its key, the release and the version.
            let mut index: Vec<(i64, String, u8, usize)> = Vec::new();
            for (version, write) in writes.iter().enumerate() {
                now += write.pause;
                index.push((now + write.lag, format!("{}#{}", sortable(at(now - write.behind)), write.release), write.release, version));
            }
            let end = now + 100;
            let mut told = std::collections::BTreeMap::new();
            let mut place = Place::default();
            let mut clock = 0;
            let mut times: Vec<i64> = polls;
            times.extend([end, 0, 0]);
            for pause in times {
                clock = (clock + pause).max(if pause == end { end } else { 0 });
                loop {
                    // The latest version of each release that is visible is the one that the index has.
                    let mut visible: std::collections::BTreeMap<u8, (String, usize)> = std::collections::BTreeMap::new();
                    for (when, key, release, version) in &index {
                        if *when <= clock {
                            visible.insert(*release, (key.clone(), *version));
                        }
                    }
                    let mut page: Vec<_> = visible.iter().filter(|(_, (key, _))| key.as_str() > place.bound()).collect();
                    page.sort_by(|(_, (one, _)), (_, (other, _))| one.cmp(other));
                    let more = page.len() > limit;
                    page.truncate(limit);
                    for (release, (_, version)) in &page {
                        let known = told.entry(**release).or_insert(*version);
                        *known = (*known).max(*version);
                    }
                    let last = page.last().map(|(_, (key, _))| key.clone());
                    place = Place::read(&place.next(last, at(clock - 30), more).to_string()).unwrap();
                    if !more {
                        break;
                    }
                }
            }
            for write in &writes {
                let last = writes.iter().rposition(|other| other.release == write.release);
                prop_assert_eq!(told.get(&write.release).copied(), last);
            }
            // Nothing changes any more: the place stays, and nothing is told again.
            let rested = place.next(None, at(clock + 1000), false);
            prop_assert_eq!(&rested, &place);
            // A version that was stored by a fast clock may have had a greater key than the one that followed it.
            let latest: std::collections::BTreeMap<u8, &String> = index.iter().map(|(_, key, release, _)| (*release, key)).collect();
            prop_assert!(latest.values().all(|key| place.bound() >= key.as_str()));
        }

        #[test]
        fn what_is_no_place_is_none(text in "[0-9a-z~#]{0,40}") {
            if let Some(place) = Place::read(&text) {
                prop_assert_eq!(place.to_string(), text);
            }
        }
    }
}
