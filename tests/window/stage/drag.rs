use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::PATIENCE;
use super::display::{Display, SCREEN};
use super::process::Group;

/// Where files are dragged from.
const SOURCE: (i32, i32) = (SCREEN.0 - 40, 0);

/// Files that hang at the pointer, with the button held down.
pub(crate) struct Drag<'a> {
    display: &'a Display,
    words: Receiver<String>,
    _source: Group,
}

impl<'a> Drag<'a> {
    /// Takes hold of files, in a window beside the app's.
    pub(crate) fn begin(display: &'a Display, files: &[PathBuf]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/window/stage/drag_source.py");
        // The system's own Python has GTK; another one may not.
        let mut command = display.command("/usr/bin/python3");
        command.arg(script).arg(SOURCE.0.to_string()).arg(SOURCE.1.to_string()).args(files);
        let (source, first, more) = Group::start_and_hear(&mut command);
        assert_eq!(first, "ready", "the window to drag from");
        let (sender, words) = channel();
        std::thread::spawn(move || more.map_while(Result::ok).try_for_each(|word| sender.send(word)));
        let drag = Self { display, words, _source: source };
        drag.move_to(SOURCE.0 + 20, SOURCE.1 + 20);
        display.xdotool(&["mousedown", "1"]);
        drag.nudge_until("begun", SOURCE.0 - 20, SOURCE.1 + 40);
        drag
    }

    /// Holds them over a point of the screen until the window there says that it takes them.
    pub(crate) fn hold_over(&self, (x, y): (i32, i32)) {
        self.nudge_until("accepted", x, y);
    }

    /// Lets go of them where they are.
    pub(crate) fn drop_here(self) {
        self.display.xdotool(&["mouseup", "1"]);
        self.hear("done", PATIENCE).expect("the drag ends");
    }

    /// Moves about a point, as a hand does, until the source says a word: a window is asked only as the pointer moves.
    fn nudge_until(&self, word: &str, x: i32, y: i32) {
        let start = Instant::now();
        for step in 0.. {
            self.move_to(x + step % 2, y);
            if self.hear(word, Duration::from_millis(30)).is_ok() {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "no \"{word}\" at {x}, {y}");
        }
    }

    fn hear(&self, word: &str, patience: Duration) -> Result<(), RecvTimeoutError> {
        loop {
            if self.words.recv_timeout(patience)? == word {
                return Ok(());
            }
        }
    }

    fn move_to(&self, x: i32, y: i32) {
        self.display.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
    }
}
