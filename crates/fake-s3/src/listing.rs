use std::fmt::Write as _;

use crate::answer::Answer;
use crate::call::Call;
use crate::object::escaped_etag;
use crate::refusal::Refusal;
use crate::state::{State, checksum_text};

impl State {
    /// The parts of an upload that arrived, by number, a page at a time.
    pub(crate) fn list_parts(&self, call: &Call) -> Result<Answer, Refusal> {
        let upload = self.upload(call)?;
        let number = |name: &str| call.query.get(name).and_then(|value| value.parse::<u32>().ok());
        let after = number("part-number-marker").unwrap_or(0);
        let most = number("max-parts").map_or(usize::MAX, |most| most as usize).min(self.manners.parts_a_page);
        let page: Vec<_> = upload.parts.range(after.saturating_add(1)..).take(most).collect();
        let last = page.last().map_or(after, |(number, _)| **number);
        let more = upload.parts.range(last.saturating_add(1)..).next().is_some();

        let mut xml = format!(
            "<ListPartsResult><PartNumberMarker>{after}</PartNumberMarker><NextPartNumberMarker>{last}</NextPartNumberMarker><MaxParts>{most}</MaxParts><IsTruncated>{more}</IsTruncated>",
        );
        if self.manners.checksums {
            xml.push_str("<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>");
        }
        for (number, part) in page {
            let (etag, bytes) = (escaped_etag(part.crc64), part.bytes.len());
            let _ = write!(xml, "<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag><Size>{bytes}</Size>");
            if self.manners.checksums {
                let _ = write!(xml, "<ChecksumCRC64NVME>{}</ChecksumCRC64NVME>", checksum_text(part.crc64));
            }
            xml.push_str("</Part>");
        }
        xml.push_str("</ListPartsResult>");
        Ok(Answer::ok().body(xml))
    }
}
