//! Sound that is not on this machine.

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use desktop::player::output::Pace;
use desktop::player::{Command, Elsewhere, Item, PlayState, RangeError, Ranges, ReadAhead, Sound, Wait};
use tokio::sync::watch;

use crate::stage::{Stage, assert_same, decoded};

/// A file that is read as if it were far away: over a line that can be cut, and that breaks off now and then.
#[derive(Debug)]
struct Far {
    bytes: Bytes,
    line: watch::Sender<Line>,
    read: Mutex<Vec<Range<u64>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Good,
    /// Each read fails once before it is answered.
    Shaky,
    Cut,
    Forbidden,
}

#[async_trait]
impl Ranges for Far {
    async fn read(&self, range: Range<u64>) -> Result<Bytes, RangeError> {
        let is_new = {
            let mut read = self.read.lock().unwrap();
            let is_new = !read.contains(&range);
            read.push(range.clone());
            is_new
        };
        let failed =
            |message: &str, passing| RangeError { message: message.to_owned(), help: Some("Sign in."), passing };
        match *self.line.borrow() {
            Line::Shaky if is_new => return Err(failed("The link has run out.", true)),
            Line::Cut => return Err(failed("The cloud does not answer.", true)),
            Line::Forbidden => return Err(failed("You may not hear this.", false)),
            Line::Good | Line::Shaky => {}
        }
        Ok(self.bytes.slice(usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()))
    }
}

/// A player, and a network whose clock jumps over every wait.
struct Network {
    stage: Stage,
    runtime: tokio::runtime::Runtime,
    line: watch::Sender<Line>,
    kept: ReadAhead,
}

impl Network {
    fn new(pace: Pace) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { stage: Stage::new(pace), runtime, line: watch::Sender::new(Line::Good), kept: ReadAhead::default() }
    }

    fn item(&self, path: &Path) -> (Item, Arc<Far>) {
        let bytes = Bytes::from(std::fs::read(path).unwrap());
        let (name, length) = (path.display().to_string(), bytes.len() as u64);
        let far = Arc::new(Far { bytes, line: self.line.clone(), read: Mutex::default() });
        let _inside = self.runtime.enter();
        let ranges = Arc::clone(&far) as Arc<dyn Ranges>;
        let sound = Sound::Elsewhere(Elsewhere::new(name.clone(), length, ranges, self.kept.clone()));
        (Item { id: name.clone(), title: name, sound }, far)
    }

    fn play(&self, items: Vec<Item>, position: Duration) {
        self.stage.player.send(Command::PlayList { items, start_at: 0, position });
    }
}

#[test]
fn what_is_far_away_is_heard_to_the_sample_and_without_a_gap() {
    let network = Network::new(Pace::Quick);
    network.line.send_replace(Line::Shaky);
    let first = network.stage.music("first.flac", 5.0, "-c:a flac -sample_fmt s32");
    let second = network.stage.music("second.wav", 4.0, "-c:a pcm_s24le");
    let here = network.stage.music("here.flac", 2.0, "-c:a flac");
    let wanted = [decoded(&first), decoded(&second), decoded(&here)].concat();
    let ((one, far), (two, _)) = (network.item(&first), network.item(&second));
    network.play(vec![one, two, crate::stage::item(&here)], Duration::ZERO);
    assert_same(&network.stage.captured_to_the_end(), &wanted);
    assert_eq!(network.stage.player.view().skipped.len(), 0);
    // Every byte came once, though each read had failed once.
    let mut read = far.read.lock().unwrap().clone();
    read.sort_by_key(|range| range.start);
    assert!(read.chunks(2).all(|both| both[0] == both[1]), "{read:?}");
}

#[test]
fn going_elsewhere_lands_on_the_frame() {
    let network = Network::new(Pace::Metered);
    let path = network.stage.music("a.flac", 6.0, "-c:a flac");
    let whole = decoded(&path);
    let (item, _) = network.item(&path);
    network.play(vec![item], Duration::from_millis(2_000));
    network.stage.roll(44_100);
    let captured = network.stage.captured("one");
    // Behind the fade.
    assert_eq!(captured[882..88_200], whole[176_400 + 882..176_400 + 88_200]);
    network.stage.player.send(Command::Seek(Duration::from_millis(500)));
    network.stage.wait_for(|view| view.position_ms == 500 && view.wait.is_none());
    network.stage.controls.allow(1 << 40);
    let captured = network.stage.captured_to_the_end();
    let run = &whole[44_100 + 4_410..44_100 + 4_610];
    let start = crate::stage::find(&captured, run);
    assert_same(&captured[start..], &whole[44_100 + 4_410..]);
}

#[test]
fn a_line_that_is_cut_is_said_and_gone_on_with() {
    let network = Network::new(Pace::Quick);
    // Long enough not to be read ahead as a whole.
    let path = network.stage.music("a.wav", 30.0, "-ar 96000 -c:a pcm_s24le");
    let (item, _) = network.item(&path);
    network.line.send_replace(Line::Cut);
    network.play(vec![item], Duration::ZERO);
    let trouble = Wait::Trouble("The cloud does not answer.".to_owned());
    let view = network.stage.wait_for(|view| view.wait == Some(trouble.clone()));
    assert_eq!((&view.state, view.position_ms), (&PlayState::Playing, 0));
    // Nobody is held up meanwhile.
    network.stage.player.send(Command::Pause);
    let view = network.stage.wait_for_state(&PlayState::Paused);
    assert_eq!(view.wait, None);
    network.stage.player.send(Command::Play);
    network.line.send_replace(Line::Good);
    assert_same(&network.stage.captured_to_the_end(), &decoded(&path));
}

#[test]
fn what_may_not_be_heard_is_left_out_and_said() {
    let network = Network::new(Pace::Quick);
    let (far, here) =
        (network.stage.music("far.flac", 1.0, "-c:a flac"), network.stage.music("b.flac", 1.0, "-c:a flac"));
    let (item, _) = network.item(&far);
    network.line.send_replace(Line::Forbidden);
    network.play(vec![item, crate::stage::item(&here)], Duration::ZERO);
    assert_same(&network.stage.captured_to_the_end(), &decoded(&here));
    let view = network.stage.player.view();
    let said: Vec<_> = view.skipped.iter().map(|skipped| (skipped.reason.as_str(), skipped.help)).collect();
    assert_eq!(said, [("You may not hear this.", Some("Sign in."))]);
}
