use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use rtrb::{Producer, RingBuffer};
use tokio::sync::watch;

use super::Command;
use super::apart::Next;
use super::feed::{Feed, Opened, RING_SECONDS, Search};
use super::gain::Gain;
use super::list::{Item, Place, PlayList};
use super::output::{Device, Lost, OpenStream, Output, OutputError, Plan};
use super::renderer::Renderer;
use super::timeline::Timeline;
use super::view::{PlayState, PlayerView, Skipped, Wait};
use super::wire::{Cut, Wire};

/// What the player's thread does: obeys commands, keeps the ring full, and shows where it is.
pub(super) struct Engine {
    output: Box<dyn Output>,
    commands: Receiver<Command>,
    view: watch::Sender<Arc<PlayerView>>,
    list: PlayList,
    state: PlayState,
    length: Option<Duration>,
    volume: f32,
    chosen: Option<String>,
    devices: Arc<[Device]>,
    skipped: Vec<Skipped>,
    /// What is to be heard next, while it is looked for, and how many pieces had been skipped before.
    search: Option<(Search, usize)>,
    sounding: Option<Sounding>,
}

/// A device that is open, and what is fed to it.
struct Sounding {
    /// Which device was asked for, and for which rate.
    asked: (Option<String>, u32),
    plan: Plan,
    wire: Arc<Wire>,
    timeline: Timeline,
    feed: Feed,
    /// Samples of the last block that did not fit into the ring.
    waiting: Vec<f32>,
    has_ended: bool,
    /// Whether the next frames have yet to come from elsewhere.
    waits: bool,
    ring: Producer<f32>,
    /// Frames that were put into the ring.
    put: u64,
    lost: Receiver<OutputError>,
    stream: Option<Box<dyn OpenStream>>,
}

impl Engine {
    /// How often the position is shown while it moves, and the ring looked after where the device wakes nobody.
    const TICK: Duration = Duration::from_millis(50);

    pub(super) fn new(
        mut output: Box<dyn Output>,
        commands: Receiver<Command>,
        view: watch::Sender<Arc<PlayerView>>,
    ) -> Self {
        let devices = output.devices().into();
        Self {
            output,
            commands,
            view,
            list: PlayList::default(),
            state: PlayState::Stopped,
            length: None,
            volume: 1.0,
            chosen: None,
            devices,
            skipped: Vec::new(),
            search: None,
            sounding: None,
        }
    }

    pub(super) fn run(mut self) {
        loop {
            loop {
                match self.commands.try_recv() {
                    Ok(Command::Close) | Err(TryRecvError::Disconnected) => return,
                    Ok(command) => self.obey(command),
                    Err(TryRecvError::Empty) => break,
                }
            }
            self.go_on_searching();
            self.watch();
            if let Some(sounding) = &mut self.sounding {
                sounding.fill(&mut self.skipped);
            }
            self.show();
            // A command or a device that wants more ends the wait, even where it came before.
            match (&self.sounding, &self.search) {
                (None, None) => thread::park(),
                _ => thread::park_timeout(Self::TICK),
            }
        }
    }

    fn obey(&mut self, command: Command) {
        self.find_place();
        match command {
            Command::PlayList { items, start_at, position } => {
                self.list = PlayList::new(items, start_at, position);
                self.skipped.clear();
                self.begin(self.list.place);
            }
            Command::Play => self.play(),
            Command::Pause => self.pause(),
            Command::PlayOrPause if self.state == PlayState::Playing => self.pause(),
            Command::PlayOrPause => self.play(),
            Command::Stop => self.stop(),
            Command::Next => match self.list.next() {
                Some(place) => self.go(place),
                None => self.stop(),
            },
            Command::Previous => self.go(self.list.previous()),
            Command::Seek(position) => {
                let position = self.length.map_or(position, |length| position.min(length));
                self.go(Place { position, ..self.list.place });
            }
            Command::SetVolume(volume) if volume.is_finite() => self.set_volume(volume.clamp(0.0, 1.0)),
            Command::SetVolume(_) | Command::Close => {}
            Command::UseDevice(device) => self.use_device(device),
            Command::RefreshDevices => self.devices = self.output.devices().into(),
        }
    }

    fn play(&mut self) {
        match (&self.state, &self.sounding) {
            (PlayState::Playing, _) => {}
            (PlayState::Paused, Some(sounding)) => {
                sounding.set_running(true);
                self.state = PlayState::Playing;
            }
            _ => self.begin(self.list.place),
        }
    }

    fn pause(&mut self) {
        if self.state == PlayState::Playing {
            self.state = PlayState::Paused;
            self.leave_search();
            self.set_running(false);
        }
    }

    fn stop(&mut self) {
        self.leave_search();
        self.state = PlayState::Stopped;
        self.set_running(false);
        self.list.place = self.list.beginning();
    }

    /// Goes to a place, and plays there if it was playing.
    fn go(&mut self, place: Place) {
        match self.state {
            PlayState::Playing => self.begin(place),
            PlayState::Paused => {
                self.sounding = None;
                self.set_place(place);
            }
            PlayState::Stopped | PlayState::NoDevice { .. } | PlayState::Failed { .. } => self.set_place(place),
        }
    }

    fn set_place(&mut self, place: Place) {
        if place.index != self.list.place.index {
            self.length = None;
        }
        self.list.place = place;
    }

    fn set_volume(&mut self, volume: f32) {
        self.volume = volume;
        if let Some(sounding) = &self.sounding {
            sounding.wire.set_volume(volume);
        }
    }

    fn set_running(&self, is_running: bool) {
        if let Some(sounding) = &self.sounding {
            sounding.set_running(is_running);
        }
    }

    fn use_device(&mut self, device: Option<String>) {
        self.chosen = device;
        self.search = None;
        self.sounding = None;
        if matches!(self.state, PlayState::Playing | PlayState::NoDevice { .. }) {
            self.begin(self.list.place);
        }
    }

    /// Plays from a place on.
    fn begin(&mut self, place: Place) {
        self.set_place(place);
        if self.list.items.is_empty() {
            self.stop();
            return;
        }
        let search = Search::new(Arc::clone(&self.list.items), place);
        self.search = Some((search, self.skipped.len()));
        self.state = PlayState::Playing;
        self.go_on_searching();
    }

    /// Plays what was looked for, once it is there.
    fn go_on_searching(&mut self) {
        let Some((search, before)) = &mut self.search else { return };
        let before = *before;
        let Poll::Ready(found) = search.poll(&mut self.skipped) else {
            // What was heard before is not wanted any more.
            return self.set_running(false);
        };
        self.search = None;
        let Some(opened) = found else {
            let first = self.skipped.get(before);
            let reason = first.map_or_else(String::new, |skipped| skipped.reason.clone());
            self.state = PlayState::Failed { reason, help: first.and_then(|skipped| skipped.help) };
            self.sounding = None;
            return;
        };
        if opened.index() != self.list.place.index {
            self.set_place(Place { index: opened.index(), ..Place::default() });
        }
        match self.sound(opened) {
            Ok(()) => self.state = PlayState::Playing,
            Err(error) => self.lose(&error),
        }
    }

    /// Looks no longer for what is to be heard next. What was heard before is over then.
    fn leave_search(&mut self) {
        if self.search.take().is_some() {
            self.sounding = None;
        }
    }

    /// Feeds what was opened to the device: the one that is open if it suits, or it is opened.
    fn sound(&mut self, opened: Opened) -> Result<(), OutputError> {
        let asked = (self.chosen.clone(), opened.rate());
        if let Some(sounding) = self.sounding.as_mut().filter(|sounding| sounding.asked == asked) {
            if let Ok(error) = sounding.lost.try_recv() {
                return Err(error);
            }
            sounding.jump(Arc::clone(&self.list.items), opened);
            return Ok(());
        }
        // Many devices cannot be opened twice.
        self.sounding = None;
        let plan = self.output.plan(self.chosen.as_deref(), opened.rate())?;
        let items = Arc::clone(&self.list.items);
        let (mut sounding, renderer, lost) = Sounding::new(asked, plan, self.volume, items, opened);
        // It begins with a full ring.
        sounding.fill(&mut self.skipped);
        sounding.stream = Some(self.output.open(&sounding.plan, renderer, lost)?);
        self.sounding = Some(sounding);
        Ok(())
    }

    /// There is no device to play on: it stays where it is.
    fn lose(&mut self, error: &OutputError) {
        self.search = None;
        self.sounding = None;
        self.devices = self.output.devices().into();
        self.state = PlayState::NoDevice { reason: error.to_string(), help: error.help() };
    }

    /// Sees what became of the device and of what it plays.
    fn watch(&mut self) {
        self.find_place();
        let Some(sounding) = &self.sounding else { return };
        let wire = &sounding.wire;
        if let Ok(error) = sounding.lost.try_recv() {
            if self.state == PlayState::Playing {
                self.lose(&error);
            } else {
                self.sounding = None;
                self.devices = self.output.devices().into();
            }
            return;
        }
        let is_over = wire.taken() >= wire.end();
        let is_idle = wire.silent() >= idle(&sounding.plan);
        let is_sought = self.search.is_some();
        if self.state == PlayState::Playing && is_over && !is_sought {
            self.state = PlayState::Stopped;
            self.list.place = self.list.beginning();
        }
        if (self.state != PlayState::Playing || is_sought) && is_idle {
            self.sounding = None;
        }
    }

    /// Takes over where the device is.
    fn find_place(&mut self) {
        // What is looked for has its place already.
        let Some(sounding) = self.sounding.as_mut().filter(|_| self.search.is_none()) else { return };
        if let Some((place, length)) = sounding.place() {
            self.length = length;
            if matches!(self.state, PlayState::Playing | PlayState::Paused) {
                self.list.place = place;
            }
        }
    }

    /// What is waited for, where something is to be heard.
    fn wait(&self) -> Option<Wait> {
        let trouble = match (&self.search, &self.sounding) {
            _ if self.state != PlayState::Playing => return None,
            (Some((search, _)), _) => search.trouble(),
            (None, Some(sounding)) if sounding.is_dry() => sounding.feed.trouble(),
            _ => return None,
        };
        Some(trouble.map_or(Wait::Loading, Wait::Trouble))
    }

    fn show(&mut self) {
        let Place { index, position } = self.list.place;
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let view = PlayerView {
            state: self.state.clone(),
            wait: self.wait(),
            item: self.list.item().cloned(),
            index,
            pieces: self.list.items.len(),
            position_ms: millis(position),
            length_ms: self.length.map(millis),
            volume: self.volume,
            device: self.sounding.as_ref().map(|sounding| sounding.plan.name.clone()),
            chosen_device: self.chosen.clone(),
            devices: Arc::clone(&self.devices),
            skipped: self.skipped.clone().into(),
        };
        self.view.send_if_modified(|shown| {
            let is_new = **shown != view;
            if is_new {
                *shown = Arc::new(view);
            }
            is_new
        });
    }
}

impl Sounding {
    /// What a device is to be opened with.
    fn new(
        asked: (Option<String>, u32),
        plan: Plan,
        volume: f32,
        items: Arc<[Item]>,
        opened: Opened,
    ) -> (Self, Renderer, Lost) {
        let samples = plan.rate as usize * usize::from(plan.channels) * RING_SECONDS as usize;
        let (ring, taking) = RingBuffer::new(samples);
        let mut timeline = Timeline::new(plan.rate);
        let wire = Arc::new(Wire::new(thread::current(), volume, !opened.begins()));
        let feed = Feed::new(items, opened, (plan.rate, plan.channels), 0, &mut timeline);
        let (sender, lost) = channel();
        let (waiting, renderer) =
            (Vec::new(), Renderer::new(taking, Arc::clone(&wire), plan.rate, plan.channels, idle(&plan)));
        let sounding = Self {
            asked,
            plan,
            wire,
            timeline,
            feed,
            waiting,
            has_ended: false,
            waits: false,
            ring,
            put: 0,
            lost,
            stream: None,
        };
        (sounding, renderer, Lost { sender, player: thread::current() })
    }

    fn set_running(&self, is_running: bool) {
        self.wire.set_running(is_running);
        self.feed_stream();
    }

    fn feed_stream(&self) {
        if let Some(stream) = &self.stream {
            stream.feed();
        }
    }

    /// Goes on from elsewhere. What is in the ring is not heard, but for what fades out.
    fn jump(&mut self, items: Arc<[Item]>, opened: Opened) {
        // A device that has just emptied the ring would have nothing to fade out, and click.
        while self.ahead() < Gain::fade_frames(self.plan.rate) && self.put_block(&mut Vec::new()) {}
        let fades_in = !opened.begins();
        self.timeline.cut(self.put);
        self.feed = Feed::new(items, opened, (self.plan.rate, self.plan.channels), self.put, &mut self.timeline);
        self.waiting.clear();
        self.has_ended = false;
        self.wire.set_cut(Cut { frame: self.put, fades_in });
        self.set_running(true);
    }

    /// Decodes until the ring is full or the list is at its end.
    fn fill(&mut self, skipped: &mut Vec<Skipped>) {
        while self.put_block(skipped) {}
        self.feed_stream();
    }

    /// Puts what waits into the ring, and decodes what comes next. False where the ring is full or the list at its end.
    fn put_block(&mut self, skipped: &mut Vec<Skipped>) -> bool {
        let (put, _) = self.ring.push_partial_slice(&self.waiting);
        let count = put.len();
        self.waiting.drain(..count);
        self.put += (count / usize::from(self.plan.channels)) as u64;
        if !self.waiting.is_empty() || self.has_ended {
            return false;
        }
        match self.feed.next(&mut self.timeline, skipped) {
            Next::Block(block) => self.waiting.extend_from_slice(block),
            Next::Wait => {
                self.waits = true;
                return false;
            }
            Next::End => {
                self.has_ended = true;
                self.wire.set_end(self.feed.made());
            }
        }
        self.waits = false;
        true
    }

    /// Frames in the ring.
    fn ahead(&self) -> usize {
        (self.ring.buffer().capacity() - self.ring.slots()) / usize::from(self.plan.channels)
    }

    /// Whether there is nothing to be heard until more has come.
    fn is_dry(&self) -> bool {
        self.waits && self.ahead() == 0
    }

    /// What the device plays, or after a jump is about to.
    fn place(&mut self) -> Option<(Place, Option<Duration>)> {
        self.timeline.place(self.wire.taken().max(self.wire.cut().frame))
    }
}

/// Frames of silence after which a device is let go: more than any device holds back, so that the end is heard.
fn idle(plan: &Plan) -> u64 {
    u64::from(plan.rate / 2)
}
