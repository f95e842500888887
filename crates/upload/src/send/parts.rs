//! Which parts there are, which arrived, and sending those that did not.

use std::collections::BTreeMap;
use std::path::Path;

use futures::{Stream, StreamExt as _, stream};

use super::lanes::Lanes;
use super::{Options, ledger};
use crate::{Body, FileDigest, Flow, ObjectStore, Part, Plan, SentPart, StoreError, Upload};

/// All parts of a file; none when the digest has too few checksums.
pub(super) fn all(plan: &Plan, digest: &FileDigest) -> Option<Vec<Part>> {
    (1..=plan.part_count()).map(|number| plan.part(number, digest)).collect()
}

/// Of the parts that a store lists, those that are what would be sent: by size, and by checksum or, where the store keeps
/// none, by the mark that was noted when the part was sent.
pub(super) fn believed(parts: &[Part], listed: Vec<SentPart>, noted: &BTreeMap<u32, SentPart>) -> Vec<SentPart> {
    let is_right = |sent: &SentPart| {
        let Some(part) = sent.number.checked_sub(1).and_then(|index| parts.get(index as usize)) else { return false };
        let right = match sent.crc64 {
            Some(crc64) => crc64 == part.crc64,
            None => noted.get(&sent.number).is_some_and(|noted| {
                noted.tag == sent.tag && noted.bytes == part.bytes && noted.crc64 == Some(part.crc64)
            }),
        };
        right && sent.bytes == part.bytes
    };
    // By number, so that a store that lists a part twice does not make it count twice.
    let believed: BTreeMap<u32, SentPart> =
        listed.into_iter().filter(is_right).map(|sent| (sent.number, sent)).collect();
    believed.into_values().collect()
}

/// The parts that did not arrive.
pub(super) fn missing(parts: &[Part], arrived: &[SentPart]) -> Vec<Part> {
    let arrived: std::collections::HashSet<u32> = arrived.iter().map(|sent| sent.number).collect();
    parts.iter().filter(|part| !arrived.contains(&part.number)).copied().collect()
}

/// Parts of a file that wait for a lane at most: more than there will ever be lanes, and no list of thousands.
const MOST_WAITING: usize = 64;

/// Sends parts of a file, several at a time.
#[derive(Clone, Copy)]
pub(super) struct PartsSender<'a> {
    pub(super) store: &'a dyn ObjectStore,
    pub(super) options: &'a Options,
    /// One a part on its way.
    pub(super) lanes: &'a Lanes,
    /// What counts and paces the bytes of a part.
    pub(super) flow: &'a (dyn Fn(u32) -> Flow + Sync),
    pub(super) upload: &'a Upload,
    pub(super) path: &'a Path,
    /// Whether the parts outlive this process, so that none may be sent twice.
    pub(super) in_ledger: bool,
}

impl<'a> PartsSender<'a> {
    /// Gives each part as it arrives, or the first error that does not pass or lasted. Dropped, it stops.
    pub(super) fn send(self, parts: Vec<Part>) -> impl Stream<Item = Result<SentPart, StoreError>> + 'a {
        stream::iter(parts).map(move |part| self.send_one(part)).buffer_unordered(MOST_WAITING)
    }

    async fn send_one(self, part: Part) -> Result<SentPart, StoreError> {
        let send = || async {
            // None is taken while it waits to try again.
            let _lane = self.lanes.enter().await;
            let flow = (self.flow)(part.number);
            let body = Body::File { path: self.path.to_owned(), offset: part.offset, length: part.bytes, flow };
            if self.in_ledger {
                ledger::begin("part", &format!("{}#{}", self.upload.key, part.number));
            }
            self.store.send_part(self.upload, &part, body).await
        };
        self.options.retry.run(send).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(number: u32) -> Part {
        Part { number, offset: u64::from(number - 1) * 10, bytes: 10, crc64: u64::from(number) * 7 }
    }

    fn sent(number: u32, bytes: u64, crc64: Option<u64>, tag: &str) -> SentPart {
        SentPart { number, bytes, crc64, tag: tag.into() }
    }

    #[test]
    fn only_what_would_be_sent_again_is_believed() {
        let parts = [part(1), part(2), part(3)];
        let noted = BTreeMap::from([(1, sent(1, 10, Some(7), "a")), (2, sent(2, 10, Some(99), "b"))]);
        let table = [
            (sent(1, 10, Some(7), ""), true, "size and checksum"),
            (sent(1, 9, Some(7), ""), false, "another size"),
            (sent(1, 10, Some(8), ""), false, "another checksum"),
            (sent(1, 10, Some(14), "a"), false, "the checksum counts, not the mark"),
            (sent(1, 10, None, "a"), true, "no checksum, the noted mark"),
            (sent(1, 10, None, "x"), false, "another mark"),
            (sent(2, 10, None, "b"), false, "noted for other bytes"),
            (sent(3, 10, None, "c"), false, "never noted"),
            (sent(0, 10, Some(7), ""), false, "no part has this number"),
            (sent(4, 10, Some(28), ""), false, "beyond the end"),
        ];
        for (listed, expected, why) in table {
            assert_eq!(!believed(&parts, vec![listed], &noted).is_empty(), expected, "{why}");
        }
        let twice = vec![sent(2, 10, Some(14), ""), sent(1, 10, Some(7), ""), sent(1, 10, Some(7), "")];
        let arrived = believed(&parts, twice, &noted);
        assert_eq!(arrived.iter().map(|sent| sent.number).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(missing(&parts, &arrived), [part(3)]);
    }
}
