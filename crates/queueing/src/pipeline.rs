use std::collections::BTreeMap;

use crate::agenda::Agenda;
use crate::figures::Figures;
use crate::groups::{Batch, Groups};
use crate::inputs::Inputs;
use crate::random::Random;
use crate::station::{Scaling, Station};
use crate::week::{Due, Week};

/// How the deployment is set.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The most transcodes at a time: the function's reserved concurrency, or what is left of the account's.
    pub transcodes: u32,
    /// Its memory in megabytes, and with it its cores.
    pub megabytes: f64,
    /// How many releases that are due a sweep takes on at a time.
    pub sweep_at_once: f64,
    /// How many invocations read the outbox's stream at a time.
    pub lanes: usize,
}

/// What came of a week.
#[derive(Debug, Clone, Default)]
pub struct Ran {
    /// From the manifest to the last rendition's being known, in seconds.
    pub ready: Figures,
    /// From the manifest to the artists' being told, of releases without a date.
    pub told: Figures,
    /// From midnight to the artists' being told, of releases with one.
    pub late: Figures,
    /// From the manifest to ready, of a back catalogue.
    pub backlog_ready: Figures,
    /// How long messages waited for intake.
    pub intake_age: Figures,
    /// And for transcode.
    pub transcode_age: Figures,
    /// And for the catalogue.
    pub catalogue_age: Figures,
    /// And in the stream.
    pub stream_age: Figures,
    /// The most intakes at a time.
    pub intakes: u32,
    /// The most transcodes at a time.
    pub transcodes: u32,
    /// The most invocations of the catalogue at a time.
    pub catalogues: usize,
    /// New instances of the transcode function, of all its invocations.
    pub cold_share: f64,
    /// Errands a second, in the busiest minute.
    pub errands_per_second: f64,
    /// Transactions of the catalogue a second, in the busiest minute.
    pub writes_per_second: f64,
    /// How many releases went live, and how many tracks were made.
    pub live: usize,
    /// Tracks whose renditions were made.
    pub tracks: usize,
}

/// Lets a week happen: S3's event → intake → catalogue, outbox → stream → a job a track → transcode → catalogue, in order
/// within a release → live, at once or by the sweep → outbox → stream → the artists' topics.
#[must_use]
pub fn run(inputs: &Inputs, settings: Settings, week: &Week, seed: u64) -> Ran {
    let mut run = Run::new(inputs, settings, week, seed);
    while let Some(event) = run.agenda.take() {
        run.happen(event);
    }
    run.end()
}

#[derive(Debug)]
enum Event {
    Manifest(usize),
    TakenIn(usize),
    Errand(Errand),
    ErrandsDone(Batch),
    Made(usize),
    Recorded(Batch),
    Sweep,
    Live(usize),
    Minute,
}

/// What is to be done for a release: a job for each of its tracks, or news for each of its artists.
#[derive(Debug, Clone, Copy)]
enum Errand {
    Transcode(usize),
    Tell(usize),
}

struct Release {
    delivered: Option<f64>,
    tracks_left: usize,
    date: Option<f64>,
    artists: u32,
    is_ready: bool,
    is_backlog: bool,
}

struct Track {
    release: usize,
    seconds: f64,
}

struct Run<'a> {
    inputs: &'a Inputs,
    settings: Settings,
    random: Random,
    agenda: Agenda<Event>,
    releases: Vec<Release>,
    tracks: Vec<Track>,
    first_track: Vec<usize>,
    errands: Vec<Errand>,
    /// Deliveries whose manifest is not there yet, or that are on their way: as long as there are some, minutes pass.
    open: usize,
    /// Ready and waiting for their date, by the date in whole seconds.
    due: BTreeMap<u64, Vec<usize>>,
    intake: Station,
    transcode: Station,
    catalogue: Groups,
    stream: Groups,
    minute_errands: u32,
    minute_writes: u32,
    ran: Ran,
}

impl<'a> Run<'a> {
    fn new(inputs: &'a Inputs, settings: Settings, week: &Week, seed: u64) -> Self {
        let quotas = &inputs.quotas;
        let pollers = |most: u32| Scaling {
            first: quotas.pollers_first,
            per_minute: quotas.pollers_per_minute,
            most: most.min(quotas.pollers_most),
        };
        let mut run = Self {
            inputs,
            settings,
            random: Random::new(seed),
            agenda: Agenda::new(),
            releases: Vec::new(),
            tracks: Vec::new(),
            first_track: Vec::new(),
            errands: Vec::new(),
            open: week.deliveries.len() + week.due.len(),
            due: BTreeMap::new(),
            intake: Station::new(pollers(inputs.service.intake.most)),
            transcode: Station::new(pollers(settings.transcodes)),
            catalogue: Groups::new(100, inputs.service.catalogue.batch),
            stream: Groups::new(settings.lanes, inputs.service.notify.batch),
            minute_errands: 0,
            minute_writes: 0,
            ran: Ran::default(),
        };
        for delivery in &week.deliveries {
            let number = run.releases.len();
            run.first_track.push(run.tracks.len());
            run.tracks.extend(delivery.tracks.iter().map(|&seconds| Track { release: number, seconds }));
            run.releases.push(Release {
                delivered: Some(delivery.at),
                tracks_left: delivery.tracks.len(),
                date: delivery.date,
                artists: delivery.artists,
                is_ready: false,
                is_backlog: delivery.is_backlog,
            });
            run.agenda.at(delivery.at, Event::Manifest(number));
        }
        run.first_track.push(run.tracks.len());
        for &Due { at, artists } in &week.due {
            let number = run.releases.len();
            run.releases.push(Release {
                delivered: None,
                tracks_left: 0,
                date: Some(at),
                artists,
                is_ready: true,
                is_backlog: false,
            });
            run.wait_for(at, number);
        }
        run.agenda.at(0.0, Event::Minute);
        run
    }

    fn happen(&mut self, event: Event) {
        let now = self.agenda.now();
        match event {
            Event::Manifest(release) => self.intake.arrive(now, release),
            Event::TakenIn(release) => {
                self.intake.finish(now);
                self.minute_writes += 2;
                self.put_out(Errand::Transcode(release));
            }
            Event::Errand(errand) => {
                let number = self.errands.len();
                self.errands.push(errand);
                let lane = self.random.whole(0, u32::try_from(self.settings.lanes).unwrap_or(1) - 1) as usize;
                self.stream.arrive(now, lane, number);
            }
            Event::ErrandsDone(batch) => {
                self.stream.finish(batch.group);
                for number in batch.jobs {
                    self.minute_errands += 1;
                    self.minute_writes += 1;
                    match self.errands[number] {
                        Errand::Transcode(release) => {
                            for track in self.tracks_of(release) {
                                self.transcode.arrive(now, track);
                            }
                        }
                        Errand::Tell(release) => self.told(release),
                    }
                }
            }
            Event::Made(track) => {
                self.transcode.finish(now);
                self.ran.tracks += 1;
                self.catalogue.arrive(now, self.tracks[track].release, track);
            }
            Event::Recorded(batch) => {
                self.catalogue.finish(batch.group);
                for _ in &batch.jobs {
                    self.minute_writes += 1;
                    self.recorded(batch.group);
                }
            }
            Event::Sweep => self.sweep(),
            Event::Live(release) => self.live(release),
            Event::Minute => self.minute(),
        }
        self.begin();
    }

    /// Begins all that may begin.
    fn begin(&mut self) {
        let (now, service) = (self.agenda.now(), &self.inputs.service);
        while let Some(started) = self.intake.start(now) {
            let assets = self.first_track[started.job + 1] - self.first_track[started.job] + 1;
            #[expect(clippy::cast_precision_loss, reason = "a release has few tracks")]
            let seconds = service.intake.around + service.intake.per_asset * assets as f64;
            let cold = if started.cold { service.intake.cold_start } else { 0.0 };
            self.agenda.after(seconds + cold, Event::TakenIn(started.job));
        }
        while let Some(started) = self.transcode.start(now) {
            let sound = self.tracks[started.job].seconds;
            let bytes = self.inputs.workload.master_bytes_per_second;
            let seconds = service.transcode.seconds(self.settings.megabytes, sound, bytes);
            let cold = if started.cold { service.transcode.cold_start } else { 0.0 };
            self.agenda.after(seconds + cold, Event::Made(started.job));
        }
        while let Some(batch) = self.catalogue.start(now) {
            let seconds = service.catalogue.around + service.catalogue.per_message * count(batch.jobs.len());
            self.agenda.after(seconds, Event::Recorded(batch));
        }
        while let Some(batch) = self.stream.start(now) {
            let seconds = batch.jobs.iter().map(|&number| match self.errands[number] {
                Errand::Transcode(release) => service.notify.jobs(count(self.tracks_of(release).len())),
                Errand::Tell(release) => service.notify.news(f64::from(self.releases[release].artists)),
            });
            self.agenda.after(seconds.sum(), Event::ErrandsDone(batch));
        }
    }

    /// A rendition's facts are in the catalogue.
    fn recorded(&mut self, number: usize) {
        let now = self.agenda.now();
        let release = &mut self.releases[number];
        release.tracks_left -= 1;
        if release.tracks_left > 0 {
            return;
        }
        release.is_ready = true;
        if let Some(delivered) = release.delivered {
            let figures = if release.is_backlog { &mut self.ran.backlog_ready } else { &mut self.ran.ready };
            figures.add(now - delivered);
        }
        match release.date {
            Some(date) if date == f64::INFINITY => self.open -= 1,
            Some(date) if date > now => self.wait_for(date, number),
            _ => self.live(number),
        }
    }

    /// What is due goes live, a few at a time; what does not fit into an invocation is left to the next minute's.
    fn sweep(&mut self) {
        let (now, sweep) = (self.agenda.now(), &self.inputs.service.sweep);
        let each = sweep.per_release / self.settings.sweep_at_once;
        let mut at = 0.0;
        while at < sweep.longest
            && let Some(mut first) = self.due.first_entry()
            && *first.key() <= whole_seconds(now)
        {
            match first.get_mut().pop() {
                Some(release) => {
                    at += each;
                    self.agenda.after(at, Event::Live(release));
                }
                None => drop(first.remove()),
            }
        }
    }

    fn wait_for(&mut self, date: f64, release: usize) {
        self.due.entry(whole_seconds(date)).or_default().push(release);
    }

    fn live(&mut self, number: usize) {
        self.minute_writes += 1;
        self.ran.live += 1;
        self.put_out(Errand::Tell(number));
    }

    fn told(&mut self, number: usize) {
        let now = self.agenda.now();
        let release = &self.releases[number];
        self.open -= 1;
        match (release.date, release.delivered) {
            // What was delivered after its date was late by itself.
            (Some(date), delivered) => self.ran.late.add(now - date.max(delivered.unwrap_or(date))),
            (None, Some(delivered)) if !release.is_backlog => self.ran.told.add(now - delivered),
            (None, _) => {}
        }
    }

    /// An entry of the outbox was stored with its transaction; the stream brings it.
    fn put_out(&mut self, errand: Errand) {
        self.agenda.after(self.inputs.service.notify.stream_delay, Event::Errand(errand));
    }

    fn minute(&mut self) {
        self.intake.minute();
        self.transcode.minute();
        self.ran.errands_per_second = self.ran.errands_per_second.max(f64::from(self.minute_errands) / 60.0);
        self.ran.writes_per_second = self.ran.writes_per_second.max(f64::from(self.minute_writes) / 60.0);
        (self.minute_errands, self.minute_writes) = (0, 0);
        if self.open > 0 {
            // The schedule keeps to the minute, and to no second of it.
            let within = self.random.between(0.0, 60.0);
            self.agenda.after(within, Event::Sweep);
            self.agenda.after(60.0, Event::Minute);
        }
    }

    fn tracks_of(&self, release: usize) -> std::ops::Range<usize> {
        self.first_track[release]..self.first_track[release + 1]
    }

    fn end(mut self) -> Ran {
        let (intake, transcode) = (self.intake.counts(), self.transcode.counts());
        self.ran.intake_age = intake.waited.clone();
        self.ran.transcode_age = transcode.waited.clone();
        self.ran.catalogue_age = self.catalogue.waited().clone();
        self.ran.stream_age = self.stream.waited().clone();
        self.ran.intakes = intake.most_busy;
        self.ran.transcodes = transcode.most_busy;
        self.ran.catalogues = self.catalogue.most_busy();
        self.ran.cold_share = f64::from(transcode.cold) / count(transcode.waited.count().max(1));
        self.ran
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a simulation are far below 2^53")]
fn count(number: usize) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time of the week is not negative")]
fn whole_seconds(time: f64) -> u64 {
    time as u64
}
