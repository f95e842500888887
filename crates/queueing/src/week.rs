use crate::inputs::Inputs;
use crate::random::Random;

/// Seconds of a day.
const DAY: f64 = 86_400.0;
/// A simulated week begins on Saturday at 0:00 UTC, so that this is Friday at 0:00 UTC.
const FRIDAY: f64 = 6.0 * DAY;

/// What a week brings: deliveries, and releases that were ready before and come out in it.
#[derive(Debug, Clone, Default)]
pub struct Week {
    /// In no order.
    pub deliveries: Vec<Delivery>,
    /// Releases that were delivered in the weeks before.
    pub due: Vec<Due>,
}

/// A delivery.
#[derive(Debug, Clone, Default)]
pub struct Delivery {
    /// When its manifest is written, in seconds of the week.
    pub at: f64,
    /// Seconds of sound of each track.
    pub tracks: Vec<f64>,
    /// How many artists are told.
    pub artists: u32,
    /// When it comes out, if it is to come out in this week; at infinity if later; none goes live at once.
    pub date: Option<f64>,
    /// Whether it belongs to a back catalogue that came all at once.
    pub is_backlog: bool,
}

/// A release that has been ready for a while.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// When it comes out, in seconds of the week.
    pub at: f64,
    /// How many artists are told.
    pub artists: u32,
}

/// A label that moves in and sends all that it has.
#[derive(Debug, Clone, Copy)]
pub struct Backlog {
    /// When it begins, in seconds of the week.
    pub at: f64,
    /// Tracks, ten a release.
    pub tracks: u32,
    /// Seconds between its manifests: its uplink.
    pub every: f64,
}

/// A week of so many labels, the same for the same seed.
#[must_use]
pub fn week(inputs: &Inputs, labels: u32, backlog: Option<Backlog>, seed: u64) -> Week {
    let workload = &inputs.workload;
    let mut random = Random::new(seed);
    let mut week = Week::default();
    let releases = random.poisson(f64::from(labels) * workload.releases_per_label_week);
    for _ in 0..releases {
        let zone = random.one_of(&workload.zones, |zone| zone.share).hours * 3_600.0;
        let artists = 1 + random.poisson(workload.artists_per_release - 1.0);
        let tracks = tracks(inputs, &mut random);
        let [from, by, until] = workload.work_hours;
        let hour = random.triangle(from, by, until) * 3_600.0;
        if random.even() >= workload.friday_share {
            // Without a date, on any working day.
            let day = [2.0, 3.0, 4.0, 5.0, 6.0][random.whole(0, 4) as usize];
            let at = wrapped(day * DAY + hour - zone);
            week.deliveries.push(Delivery { at, tracks, artists, date: None, is_backlog: false });
            continue;
        }
        let midnight = FRIDAY - zone;
        let days = days_ahead(&workload.days_ahead, &mut random);
        let at = midnight - f64::from(days) * DAY + hour;
        let is_this_week = at >= 0.0;
        let date = if is_this_week { midnight } else { f64::INFINITY };
        if !is_this_week {
            // Of those that are delivered in this week for a later Friday, as many come out in this one.
            week.due.push(Due { at: midnight, artists });
        }
        week.deliveries.push(Delivery { at: wrapped(at), tracks, artists, date: Some(date), is_backlog: false });
    }
    if let Some(backlog) = backlog {
        for number in 0..backlog.tracks / 10 {
            let tracks = (0..10).map(|_| length(inputs, &mut random)).collect();
            let at = backlog.at + f64::from(number) * backlog.every;
            week.deliveries.push(Delivery { at, tracks, artists: 1, date: None, is_backlog: true });
        }
    }
    week
}

/// A day of some week as that of this one.
fn wrapped(at: f64) -> f64 {
    at.rem_euclid(7.0 * DAY)
}

/// Days from the delivery's day to the Friday, at least 1. What is not within the first days is on a working day of the three
/// weeks before.
fn days_ahead(shares: &[f64], random: &mut Random) -> u32 {
    let mut left = random.even();
    for (day, share) in (1..).zip(shares) {
        left -= share;
        if left < 0.0 {
            return day;
        }
    }
    // Counted back from a Friday, 1 to 4 is Thursday to Monday, and 7 the Friday before.
    7 * random.whole(1, 3) + random.whole(0, 4)
}

fn tracks(inputs: &Inputs, random: &mut Random) -> Vec<f64> {
    let kind = random.one_of(&inputs.workload.kinds, |kind| kind.share).clone();
    (0..random.whole(kind.fewest, kind.most)).map(|_| length(inputs, random)).collect()
}

fn length(inputs: &Inputs, random: &mut Random) -> f64 {
    inputs.workload.master_median_seconds * (inputs.workload.master_sigma * random.normal()).exp()
}
