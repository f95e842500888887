use std::io::{self, Read, Seek, SeekFrom};

/// A WAV file of any length that is made up while it is read: 16 bit, two channels, quiet noise.
pub(crate) struct Endless {
    head: Vec<u8>,
    bytes: u64,
    position: u64,
}

impl Endless {
    pub(crate) fn wav(sample_rate: u32, seconds: u64) -> Self {
        let sound = seconds * u64::from(sample_rate) * 4;
        let size = |bytes: u64| u32::try_from(bytes).unwrap().to_le_bytes();
        let mut head = b"RIFF".to_vec();
        head.extend(size(sound + 36));
        head.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
        head.extend(sample_rate.to_le_bytes());
        head.extend((sample_rate * 4).to_le_bytes());
        head.extend(b"\x04\0\x10\0data");
        head.extend(size(sound));
        let bytes = head.len() as u64 + sound;
        Self { head, bytes, position: 0 }
    }

    fn byte(&self, position: u64) -> u8 {
        match usize::try_from(position).ok().and_then(|position| self.head.get(position)) {
            Some(byte) => *byte,
            // The low bytes are noise; the high ones keep it quiet.
            None if position.is_multiple_of(2) => (position.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8,
            None => (position >> 7 & 15) as u8,
        }
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.bytes.saturating_sub(self.position)).unwrap();
        let count = buffer.len().min(left);
        for byte in &mut buffer[..count] {
            *byte = self.byte(self.position);
            self.position += 1;
        }
        Ok(count)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match to {
            SeekFrom::Start(position) => position,
            SeekFrom::Current(distance) => self.position.checked_add_signed(distance).unwrap(),
            SeekFrom::End(distance) => self.bytes.checked_add_signed(distance).unwrap(),
        };
        Ok(self.position)
    }
}
