use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use audio::{AudioError, Control, Order, Rendered, analyse, render};
use release::{Tags, profile};

use crate::counted::alone;
use crate::endless::Endless;
use crate::machine::folder;

/// Orders for all profiles in a folder.
fn orders<'a>(folder: &Path, tags: &'a Tags) -> [Order<'a>; 4] {
    profile::ALL.map(|profile| Order {
        profile,
        tags,
        picture: None,
        preview_start: Duration::ZERO,
        path: folder.join(format!("{}.{}", profile.name, profile.extension)),
    })
}

fn rendered(folder: &Path, source: impl audio::Source, control: &Control) -> Result<Rendered, AudioError> {
    render(source, &orders(folder, &Tags::default()), control)
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn cancelling_ends_soon_and_removes_only_what_was_begun() {
    let _alone = alone();
    let folder = folder();
    fs::write(folder.path().join("neighbour.wav"), "mine").unwrap();
    let cancelled = Arc::new(AtomicBool::new(false));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let control = {
        let (flag, seen) = (Arc::clone(&cancelled), Arc::clone(&seen));
        Control::new(Arc::clone(&cancelled), move |fraction| {
            seen.lock().unwrap().push(fraction);
            flag.store(fraction > 0.05, Ordering::Relaxed);
        })
    };
    // An hour, which nobody would wait for.
    let error = rendered(folder.path(), Endless::wav(44_100, 3600), &control).unwrap_err();
    assert!(matches!(error, AudioError::Cancelled), "{error}");
    assert_eq!(names(folder.path()), ["neighbour.wav"]);
    let last = seen.lock().unwrap().last().copied().unwrap();
    assert!(last < 0.1, "went on to {last}");
}

#[test]
fn progress_rises_to_one() {
    let _alone = alone();
    let folder = folder();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let control = {
        let seen = Arc::clone(&seen);
        Control::new(Arc::default(), move |fraction| seen.lock().unwrap().push(fraction))
    };
    rendered(folder.path(), Endless::wav(48_000, 20), &control).unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.is_sorted() && seen.len() > 30 && seen.len() < 300, "{seen:?}");
    assert_eq!(seen.last(), Some(&1.0));
}

#[test]
fn a_full_disk_is_told_with_the_file_and_nothing_is_left() {
    let _alone = alone();
    let folder = folder();
    let tags = Tags::default();
    for full in 0..4 {
        let orders = orders(folder.path(), &tags);
        // Writing to this device fails as a full disk does. It is behind a link, which may be removed.
        std::os::unix::fs::symlink("/dev/full", &orders[full].path).unwrap();
        let error = render(Endless::wav(48_000, 5), &orders, &Control::none()).unwrap_err();
        let AudioError::Write { path, source } = &error else { panic!("{error}") };
        assert_eq!(path, &orders[full].path);
        assert_eq!(source.kind(), io::ErrorKind::StorageFull);
        assert!(error.is_passing());
        assert!(error.to_string().starts_with(&orders[full].path.display().to_string()), "{error}");
        assert_eq!(names(folder.path()), [""; 0]);
    }
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let _alone = alone();
    let error = rendered(Path::new("/nowhere/at/all"), Endless::wav(48_000, 5), &Control::none()).unwrap_err();
    let AudioError::Write { path, .. } = error else { panic!("{error}") };
    assert_eq!(path.parent().map(PathBuf::from), Some(PathBuf::from("/nowhere/at/all")));
}

/// A disk that is pulled out after so many bytes.
struct Unplugged {
    inner: Endless,
    left: u64,
}

impl Read for Unplugged {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or(io::Error::other("the disk is gone"))?;
        Ok(count)
    }
}

impl Seek for Unplugged {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[test]
fn a_source_that_cannot_be_read_is_not_taken_for_a_short_one() {
    let _alone = alone();
    let folder = folder();
    for left in [0, 100_000, 1_000_000] {
        let unplugged = || Unplugged { inner: Endless::wav(44_100, 60), left };
        let error = analyse(unplugged(), &Control::none()).unwrap_err();
        assert_eq!(error.to_string(), "The file could not be read: the disk is gone.");
        let error = rendered(folder.path(), unplugged(), &Control::none()).unwrap_err();
        assert!(matches!(error, AudioError::Read(_)), "{error}");
        assert_eq!(names(folder.path()), [""; 0]);
    }
}

#[test]
fn the_caller_keeps_the_source() {
    let _alone = alone();
    static READ: AtomicU64 = AtomicU64::new(0);
    struct Counted(Endless);
    impl Read for Counted {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer).inspect(|count| _ = READ.fetch_add(*count as u64, Ordering::Relaxed))
        }
    }
    impl Seek for Counted {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let mut source = Counted(Endless::wav(44_100, 3));
    analyse(&mut source, &Control::none()).unwrap();
    // One pass: not a byte more than the file has.
    assert_eq!(READ.load(Ordering::Relaxed), 44 + 44_100 * 4 * 3);
    assert_eq!(source.seek(SeekFrom::End(0)).unwrap(), 44 + 44_100 * 4 * 3);
}

#[test]
fn nothing_at_all_is_rendered_as_nothing() {
    let _alone = alone();
    let folder = folder();
    let rendered = rendered(folder.path(), Endless::wav(48_000, 0), &Control::none()).unwrap();
    assert_eq!(rendered.facts.frames, 0);
    assert_eq!(rendered.loudness.integrated_lufs, None);
    for rendition in rendered.renditions {
        assert_eq!(rendition.frames, 0);
    }
    assert_eq!(names(folder.path()), ["flac.flac", "mp3-320.mp3", "preview.mp3", "wav-16-44.wav"]);
}
