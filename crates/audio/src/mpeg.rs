//! Headers of MPEG audio and ADTS frames: enough to know such a stream by its content.

/// The layer of MPEG audio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    One,
    Two,
    Three,
}

/// What the header of an MPEG audio frame tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub(crate) layer: Layer,
    /// Bytes from this header to the next.
    pub(crate) bytes: usize,
    /// Bytes of side information, between the header and the place of a Xing tag.
    side_bytes: usize,
    /// Version, layer and rate, which do not change within a stream.
    family: u32,
}

impl FrameHeader {
    /// Reads a header (ISO 11172-3 2.4.1.3, ISO 13818-3); none where there is none, or of free format.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        const MPEG1_L3: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
        const MPEG1_L2: [usize; 15] = [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
        const MPEG1_L1: [usize; 15] = [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448];
        const MPEG2_L1: [usize; 15] = [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
        const MPEG2_L23: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        let word = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
        if word >> 21 != 0x7ff {
            return None;
        }
        let (is_mpeg1, rate_divisor) = match word >> 19 & 3 {
            0 => (false, 4),
            2 => (false, 2),
            3 => (true, 1),
            _ => return None,
        };
        let layer = match word >> 17 & 3 {
            1 => Layer::Three,
            2 => Layer::Two,
            3 => Layer::One,
            _ => return None,
        };
        let kbps = match (is_mpeg1, layer) {
            (true, Layer::One) => MPEG1_L1,
            (true, Layer::Two) => MPEG1_L2,
            (true, Layer::Three) => MPEG1_L3,
            (false, Layer::One) => MPEG2_L1,
            (false, _) => MPEG2_L23,
        };
        let kbps = *kbps.get((word >> 12 & 15) as usize).filter(|kbps| **kbps > 0)?;
        let rate = [44_100, 48_000, 32_000].get((word >> 10 & 3) as usize)? / rate_divisor;
        let padding = (word >> 9 & 1) as usize;
        let is_mono = word >> 6 & 3 == 3;
        let bytes = match (layer, is_mpeg1) {
            (Layer::One, _) => (12_000 * kbps / rate + padding) * 4,
            (Layer::Three, false) => 72_000 * kbps / rate + padding,
            _ => 144_000 * kbps / rate + padding,
        };
        let side_bytes = match (is_mpeg1, is_mono) {
            (true, false) => 32,
            (true, true) | (false, false) => 17,
            (false, true) => 9,
        };
        Some(Self { layer, bytes, side_bytes, family: word & 0xfffe_0c00 })
    }

    /// Where the first of three frames of one stream in a row begins, at most `within` bytes from the start; two are
    /// enough where the bytes end after them.
    pub(crate) fn find(bytes: &[u8], within: usize) -> Option<(usize, Self)> {
        (0..bytes.len().min(within)).find_map(|start| {
            let first = Self::parse(&bytes[start..])?;
            let mut next = start;
            let mut header = first;
            for _ in 0..2 {
                next += header.bytes;
                if next + 4 > bytes.len() {
                    return (next > start + first.bytes).then_some((start, first));
                }
                header = Self::parse(&bytes[next..]).filter(|header| header.family == first.family)?;
            }
            Some((start, first))
        })
    }

    /// Whether the frame that begins `bytes` is not sound but a tag that tells the stream's length.
    pub(crate) fn has_length_tag(&self, bytes: &[u8]) -> bool {
        let is_at = |offset: usize, name: &[u8]| bytes.get(offset..offset + 4) == Some(name);
        let xing = 4 + self.side_bytes;
        is_at(xing, b"Xing") || is_at(xing, b"Info") || is_at(36, b"VBRI")
    }
}

/// Whether bytes begin with two ADTS frames of AAC in a row (ISO 14496-3 1.A.2.2), or with one that is all there is.
pub(crate) fn is_adts(bytes: &[u8]) -> bool {
    let frame_bytes = |bytes: &[u8]| -> Option<usize> {
        let header = bytes.get(..7)?;
        let is_sync = header[0] == 0xff && header[1] & 0xf6 == 0xf0;
        let length = usize::from(header[3] & 3) << 11 | usize::from(header[4]) << 3 | usize::from(header[5]) >> 5;
        (is_sync && header[2] >> 2 & 15 < 13 && length >= 7).then_some(length)
    };
    frame_bytes(bytes).is_some_and(|length| match bytes.get(length..) {
        Some(next) if next.len() >= 7 => frame_bytes(next).is_some(),
        rest => rest.is_some_and(<[u8]>::is_empty),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_of_320_kbps_is_1044_or_1045_bytes() {
        let header = FrameHeader::parse(&[0xff, 0xfb, 0xe0, 0x00]).unwrap();
        assert_eq!((header.layer, header.bytes), (Layer::Three, 1044));
        let padded = FrameHeader::parse(&[0xff, 0xfb, 0xe2, 0x00]).unwrap();
        assert_eq!(padded.bytes, 1045);
    }

    #[test]
    fn one_sync_alone_is_no_stream() {
        let mut bytes = vec![0; 4000];
        bytes[..4].copy_from_slice(&[0xff, 0xfb, 0xe0, 0x00]);
        assert_eq!(FrameHeader::find(&bytes, 4000), None);
        for start in [1044, 2088] {
            bytes[start..start + 4].copy_from_slice(&[0xff, 0xfb, 0xe0, 0x00]);
        }
        assert_eq!(FrameHeader::find(&bytes, 4000).unwrap().0, 0);
    }
}
