use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Device, Form, Lost, OpenStream, Output, OutputError, Plan, Renderer};

/// Writes what a card would get: interleaved little-endian 32-bit floats, two channels. It asks for sound as a card does,
/// but waits for what is not decoded yet, so that what it gets does not depend on the machine's speed.
#[derive(Debug)]
pub struct Capture {
    devices: Vec<CaptureDevice>,
    controls: CaptureControls,
}

/// A device that is none.
#[derive(Debug, Clone)]
pub struct CaptureDevice {
    /// What it is chosen by.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The file that what is played is added to, begun anew by each [`Capture`]; without one it is but counted.
    pub path: Option<PathBuf>,
    /// The rates that it has, in Hz; all where there are none.
    pub rates: Vec<u32>,
    /// How fast it plays.
    pub pace: Pace,
}

/// How fast a captured device plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As a card does.
    RealTime,
    /// As fast as sound is decoded.
    Quick,
    /// As far as [`CaptureControls::allow`] lets it.
    Metered,
}

/// What happens to captured devices from outside. Clones are handles to the same.
#[derive(Debug, Clone, Default)]
pub struct CaptureControls(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// By device, whether it is there, and the file to which it plays.
    devices: BTreeMap<String, Socket>,
    /// Frames that metered devices may still play.
    allowance: u64,
    /// Frames that all devices played.
    frames: u64,
    /// Streams that are open.
    open: usize,
    /// Counts what was told: a stream that is fed, or to be closed.
    nudges: u64,
}

#[derive(Debug, Default)]
struct Socket {
    is_unplugged: bool,
    file: Option<Arc<File>>,
}

impl Capture {
    /// Devices, the first of which is the system's choice; without any, a machine without a sound card.
    #[must_use]
    pub fn new(devices: Vec<CaptureDevice>) -> Self {
        Self { devices, controls: CaptureControls::default() }
    }

    /// What the devices are controlled by.
    #[must_use]
    pub fn controls(&self) -> CaptureControls {
        self.controls.clone()
    }

    fn present(&self) -> impl Iterator<Item = &CaptureDevice> {
        self.devices.iter().filter(|device| !self.controls.is_unplugged(&device.id))
    }

    fn find(&self, device: Option<&str>) -> Result<&CaptureDevice, OutputError> {
        match device {
            Some(id) => {
                let found = self.present().find(|device| device.id == id);
                found.ok_or_else(|| OutputError::Gone(self.name(id)))
            }
            None => self.present().next().ok_or(OutputError::NoDevice),
        }
    }

    fn name(&self, id: &str) -> String {
        self.devices.iter().find(|device| device.id == id).map_or(id, |device| &device.name).to_owned()
    }
}

impl Output for Capture {
    fn devices(&mut self) -> Vec<Device> {
        self.present().map(|device| Device { id: device.id.clone(), name: device.name.clone() }).collect()
    }

    fn plan(&mut self, device: Option<&str>, rate: u32) -> Result<Plan, OutputError> {
        let found = self.find(device)?;
        let rate = if found.rates.contains(&rate) { rate } else { *found.rates.first().unwrap_or(&rate) };
        let (device, name) = (Some(found.id.clone()), found.name.clone());
        Ok(Plan { device, name, rate, channels: 2, form: Form::Float32 })
    }

    fn open(&mut self, plan: &Plan, renderer: Renderer, lost: Lost) -> Result<Box<dyn OpenStream>, OutputError> {
        let device = self.find(plan.device.as_deref())?.clone();
        let unusable = |error: io::Error| OutputError::Unusable {
            device: plan.name.clone(),
            reason: upload::said_by_system(&error),
        };
        let file = self.controls.file(&device).map_err(unusable)?;
        let controls = self.controls.clone();
        controls.state().open += 1;
        let mut recording = Recording { device, file, controls: controls.clone(), rate: plan.rate, renderer, lost };
        let ending = Arc::new(AtomicBool::new(false));
        let is_ending = Arc::clone(&ending);
        let thread = std::thread::Builder::new()
            .name("capture".to_owned())
            .spawn(move || recording.run(&is_ending))
            .map_err(unusable)?;
        Ok(Box::new(CaptureStream { controls, ending, thread: Some(thread) }))
    }
}

impl CaptureControls {
    /// Lets metered devices play so many frames more.
    pub fn allow(&self, frames: u64) {
        self.state().allowance += frames;
        self.0.changed.notify_all();
    }

    /// Waits until metered devices have played all that they may.
    pub fn wait_until_played(&self) {
        drop(self.wait(|state| state.allowance == 0));
    }

    /// Waits until no device is open.
    pub fn wait_until_closed(&self) {
        drop(self.wait(|state| state.open == 0));
    }

    /// Frames that all devices played.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.state().frames
    }

    /// Pulls a device out; what plays on it is lost.
    pub fn unplug(&self, id: &str) {
        self.state().devices.entry(id.to_owned()).or_default().is_unplugged = true;
        self.0.changed.notify_all();
    }

    /// Puts it in again.
    pub fn plug(&self, id: &str) {
        self.state().devices.entry(id.to_owned()).or_default().is_unplugged = false;
    }

    fn is_unplugged(&self, id: &str) -> bool {
        self.state().devices.get(id).is_some_and(|socket| socket.is_unplugged)
    }

    /// The device's file, which is begun when it is first used.
    fn file(&self, device: &CaptureDevice) -> io::Result<Option<Arc<File>>> {
        let Some(path) = &device.path else { return Ok(None) };
        let mut state = self.state();
        let socket = state.devices.entry(device.id.clone()).or_default();
        if socket.file.is_none() {
            socket.file = Some(Arc::new(OpenOptions::new().create(true).write(true).truncate(true).open(path)?));
        }
        Ok(socket.file.clone())
    }

    fn nudge(&self) {
        self.state().nudges += 1;
        self.0.changed.notify_all();
    }

    fn wait(&self, is_reached: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let state = self.state();
        self.0.changed.wait_while(state, |state| !is_reached(state)).unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct CaptureStream {
    controls: CaptureControls,
    ending: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl OpenStream for CaptureStream {
    fn feed(&self) {
        self.controls.nudge();
    }
}

impl Drop for CaptureStream {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Release);
        self.controls.nudge();
        if let Some(thread) = self.thread.take() {
            // A panic there was told by the thread itself.
            let _ = thread.join();
        }
        self.controls.state().open -= 1;
        self.controls.0.changed.notify_all();
    }
}

/// What plays on a device.
struct Recording {
    device: CaptureDevice,
    file: Option<Arc<File>>,
    controls: CaptureControls,
    rate: u32,
    renderer: Renderer,
    lost: Lost,
}

impl Recording {
    const BUFFER_FRAMES: usize = 1024;

    fn run(&mut self, ending: &AtomicBool) {
        let mut samples = [0.0_f32; Self::BUFFER_FRAMES * 2];
        let begun = Instant::now();
        let mut played = 0_u64;
        loop {
            let frames = match self.wait_for_turn(ending, begun + self.time(played)) {
                Turn::Frames(frames) => frames,
                Turn::End => return,
                Turn::Unplugged => {
                    self.lost.tell(OutputError::Gone(self.device.name.clone()));
                    return;
                }
            };
            let samples = &mut samples[..frames * 2];
            self.renderer.render(samples);
            if let Err(error) = self.write(samples) {
                let (device, reason) = (self.device.name.clone(), error.to_string());
                self.lost.tell(OutputError::Unusable { device, reason });
                return;
            }
            played += frames as u64;
            let mut state = self.controls.state();
            state.frames += frames as u64;
            if self.device.pace == Pace::Metered {
                state.allowance -= frames as u64;
            }
            drop(state);
            self.controls.0.changed.notify_all();
        }
    }

    /// Waits until frames are wanted and there. In real time they are played whether they are there or not.
    fn wait_for_turn(&self, ending: &AtomicBool, due: Instant) -> Turn {
        let mut state = self.controls.state();
        loop {
            if ending.load(Ordering::Acquire) {
                return Turn::End;
            }
            if state.devices.get(&self.device.id).is_some_and(|socket| socket.is_unplugged) {
                return Turn::Unplugged;
            }
            let early = match self.device.pace {
                Pace::RealTime => due.saturating_duration_since(Instant::now()),
                Pace::Quick | Pace::Metered => Duration::ZERO,
            };
            let frames = match self.device.pace {
                Pace::Metered => Self::BUFFER_FRAMES.min(usize::try_from(state.allowance).unwrap_or(usize::MAX)),
                Pace::RealTime | Pace::Quick => Self::BUFFER_FRAMES,
            };
            if !early.is_zero() {
                let waited = self.controls.0.changed.wait_timeout(state, early);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
            } else if frames > 0 && (self.device.pace == Pace::RealTime || self.renderer.is_ready(frames)) {
                return Turn::Frames(frames);
            } else {
                state = self.controls.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    fn time(&self, frames: u64) -> Duration {
        crate::player::timeline::duration(frames, self.rate)
    }

    fn write(&self, samples: &[f32]) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        (&**file).write_all(&bytes)
    }
}

/// What a recording does next.
enum Turn {
    Frames(usize),
    Unplugged,
    End,
}
