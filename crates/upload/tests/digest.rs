//! The digest of a file is the same in whatever way someone reads the file meanwhile.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use proptest::prelude::*;
use sha2::Digest as _;
use upload::digest::MIB;
use upload::{DigestingReader, FileDigest, crc64};

/// What the reader's user does.
#[derive(Debug, Clone)]
enum Act {
    Read(usize),
    Start(u64),
    Current(i64),
    End(i64),
    /// The next read or seek fails.
    Fail,
    /// The next read is interrupted.
    Interrupt,
    /// Reads give at most so many bytes from now on.
    Short(usize),
}

/// A file of `len` bytes that fails, is interrupted and reads short when told.
struct Moody {
    file: Cursor<Vec<u8>>,
    fails: Option<io::ErrorKind>,
    most: usize,
}

impl Read for Moody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(kind) = self.fails.take() {
            return Err(kind.into());
        }
        let most = buffer.len().min(self.most);
        self.file.read(&mut buffer[..most])
    }
}

impl Seek for Moody {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if let Some(kind) = self.fails.take() {
            return Err(kind.into());
        }
        self.file.seek(to)
    }
}

fn acts(len: u64) -> impl Strategy<Value = Vec<Act>> {
    let far = len.cast_signed() + 10;
    let act = prop_oneof![
        6 => (0..300_000_usize).prop_map(Act::Read),
        2 => (0..len + 10).prop_map(Act::Start),
        2 => (-far..far).prop_map(Act::Current),
        1 => (-far..10).prop_map(Act::End),
        1 => Just(Act::Fail),
        1 => Just(Act::Interrupt),
        1 => (1..70_000_usize).prop_map(Act::Short),
    ];
    prop::collection::vec(act, 0..40)
}

fn bytes(len: usize, seed: u8) -> Vec<u8> {
    (0..len).map(|n| (n.wrapping_mul(31) >> 3) as u8 ^ seed).collect()
}

fn expected(bytes: &[u8]) -> FileDigest {
    FileDigest {
        bytes: bytes.len() as u64,
        sha256: sha2::Sha256::digest(bytes).into(),
        crc64: crc64::of(bytes),
        crc64_per_mib: bytes.chunks(MIB as usize).map(crc64::of).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_pattern_of_reads_and_seeks(
        (len, acts) in (0..2 * MIB + 7).prop_flat_map(|len| (Just(len), acts(len))),
        seed: u8,
    ) {
        let content = bytes(len as usize, seed);
        let moody = Moody { file: Cursor::new(content.clone()), fails: None, most: usize::MAX };
        let shared = std::cell::RefCell::new(moody);
        let mut reader = DigestingReader::new(Borrowed(&shared));
        let mut buffer = vec![0; 300_000];
        let mut position = 0_u64;
        for act in acts {
            let sought = match act {
                Act::Read(most) => {
                    if let Ok(read) = reader.read(&mut buffer[..most]) {
                        let start = (position.min(len)) as usize;
                        prop_assert_eq!(&buffer[..read], &content[start..start + read], "the user gets the file's bytes");
                        position += read as u64;
                    }
                    continue;
                }
                Act::Start(to) => reader.seek(SeekFrom::Start(to)),
                Act::Current(by) => reader.seek(SeekFrom::Current(by)),
                Act::End(by) => reader.seek(SeekFrom::End(by)),
                Act::Fail => { shared.borrow_mut().fails = Some(io::ErrorKind::Other); continue }
                Act::Interrupt => { shared.borrow_mut().fails = Some(io::ErrorKind::Interrupted); continue }
                Act::Short(most) => { shared.borrow_mut().most = most; continue }
            };
            if let Ok(to) = sought {
                position = to;
            }
        }
        shared.borrow_mut().fails = None;
        prop_assert_eq!(reader.finish().unwrap(), expected(&content));
    }
}

/// Lets the test reach into what the reader reads.
struct Borrowed<'a>(&'a std::cell::RefCell<Moody>);

impl Read for Borrowed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(buffer)
    }
}

impl Seek for Borrowed<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.borrow_mut().seek(to)
    }
}

#[test]
fn each_byte_is_hashed_once() {
    let content = bytes(100_000, 1);
    let mut reader = DigestingReader::new(Cursor::new(content.clone()));
    io::copy(&mut reader, &mut io::sink()).unwrap();
    assert_eq!(reader.hashed(), 100_000);
    reader.rewind().unwrap();
    io::copy(&mut reader, &mut io::sink()).unwrap();
    assert_eq!(reader.hashed(), 100_000);
    assert_eq!(reader.finish().unwrap(), expected(&content));
}

#[test]
fn an_error_while_finishing_is_given_on() {
    let moody = Moody { file: Cursor::new(bytes(10, 0)), fails: Some(io::ErrorKind::PermissionDenied), most: 3 };
    assert_eq!(DigestingReader::new(moody).finish().unwrap_err().kind(), io::ErrorKind::PermissionDenied);
}

#[test]
fn the_stored_form_stays() {
    let digest = expected(&bytes(1_500_000, 9));
    let fixture = include_str!("fixtures/digest-1.json");
    assert_eq!(serde_json::to_string(&digest).unwrap(), fixture.trim_end());
    assert_eq!(serde_json::from_str::<FileDigest>(fixture).unwrap(), digest);
}

#[test]
fn a_stored_digest_is_not_trusted_blindly() {
    let good: serde_json::Value = serde_json::from_str(include_str!("fixtures/digest-1.json")).unwrap();
    let spoilt = [
        ("bytes", serde_json::json!(1)),
        ("bytes", serde_json::json!(5_000_000)),
        ("sha256", serde_json::json!("00")),
        ("crc64", serde_json::json!("AAAAAAAAAAA=")),
        ("crc64", serde_json::json!(7)),
        ("crc64_per_mib", serde_json::json!("AAAA")),
    ];
    for (field, value) in spoilt {
        let mut bad = good.clone();
        bad[field] = value;
        assert!(serde_json::from_value::<FileDigest>(bad).is_err(), "{field}");
    }
}
