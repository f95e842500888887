use std::fmt;
use std::str::FromStr as _;

use cpal::traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _};
use cpal::{BufferSize, DeviceId, ErrorKind, Host, I24, SampleFormat, StreamConfig};

use super::{Device, Form, Lost, OpenStream, Output, OutputError, Plan, Renderer};
use crate::player::renderer::DeviceSample;

/// The system's sound devices.
#[derive(Default)]
pub struct SoundCard {
    host: Option<Host>,
    /// All that were ever listed, for the name of one that is gone.
    listed: Vec<Device>,
}

/// Rates and form that a device has with some count of channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ability {
    channels: u16,
    rates: (u32, u32),
    form: Form,
}

impl SoundCard {
    fn host(&mut self) -> &Host {
        self.host.get_or_insert_with(cpal::default_host)
    }

    fn find(&mut self, device: Option<&str>) -> Result<cpal::Device, OutputError> {
        let host = self.host();
        let Some(id) = device else { return host.default_output_device().ok_or(OutputError::NoDevice) };
        let known = DeviceId::from_str(id).ok().and_then(|id| host.device_by_id(&id));
        known.ok_or_else(|| {
            let name = self.listed.iter().find(|device| device.id == id).map_or(id, |device| &device.name);
            OutputError::Gone(name.to_owned())
        })
    }
}

impl Output for SoundCard {
    fn devices(&mut self) -> Vec<Device> {
        // A new host sees devices that came since the last was made.
        self.host = None;
        let Ok(devices) = self.host().output_devices() else { return Vec::new() };
        let listed: Vec<Device> = devices
            .filter_map(|device| {
                let id = device.id().ok()?;
                let name = device.description().ok()?.name().to_owned();
                is_for_people(id.id()).then(|| Device { id: id.to_string(), name })
            })
            .collect();
        self.listed.retain(|device| listed.iter().all(|other| other.id != device.id));
        self.listed.extend_from_slice(&listed);
        listed
    }

    fn plan(&mut self, device: Option<&str>, rate: u32) -> Result<Plan, OutputError> {
        let found = self.find(device)?;
        let name = name(&found);
        let is_chosen = device.is_some();
        let abilities = found.supported_output_configs().map_err(|error| refused(&error, &name, is_chosen))?;
        let abilities: Vec<_> = abilities.filter_map(|range| ability(&range)).collect();
        let Some((channels, rate, form)) = best(&abilities, rate) else {
            let reason = "it takes no form of sound that is made here".to_owned();
            return Err(OutputError::Unusable { device: name, reason });
        };
        Ok(Plan { device: device.map(ToOwned::to_owned), name, rate, channels, form })
    }

    fn open(&mut self, plan: &Plan, renderer: Renderer, lost: Lost) -> Result<Box<dyn OpenStream>, OutputError> {
        let device = self.find(plan.device.as_deref())?;
        let stream = match plan.form {
            Form::Float32 => build::<f32>(&device, plan, renderer, lost),
            Form::Int32 => build::<i32>(&device, plan, renderer, lost),
            Form::Int24 => build::<I24>(&device, plan, renderer, lost),
            Form::Int16 => build::<i16>(&device, plan, renderer, lost),
        };
        let stream = stream.and_then(|stream| stream.play().map(|()| stream));
        let stream = stream.map_err(|error| refused(&error, &plan.name, plan.device.is_some()))?;
        Ok(Box::new(CardStream { _stream: stream }))
    }
}

impl fmt::Debug for SoundCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SoundCard").field("listed", &self.listed).finish_non_exhaustive()
    }
}

struct CardStream {
    _stream: cpal::Stream,
}

impl OpenStream for CardStream {}

fn build<T: cpal::SizedSample + DeviceSample>(
    device: &cpal::Device,
    plan: &Plan,
    mut renderer: Renderer,
    lost: Lost,
) -> Result<cpal::Stream, cpal::Error> {
    let config = StreamConfig { channels: plan.channels, sample_rate: plan.rate, buffer_size: BufferSize::Default };
    let name = plan.name.clone();
    let mut is_lost = false;
    device.build_output_stream::<T, _, _>(
        config,
        move |buffer, _| renderer.render(buffer),
        move |error| match error.kind() {
            // Sound goes on after these.
            ErrorKind::Xrun | ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => {}
            _ if std::mem::replace(&mut is_lost, true) => {}
            ErrorKind::DeviceNotAvailable => lost.tell(OutputError::Gone(name.clone())),
            _ => lost.tell(OutputError::Unusable { device: name.clone(), reason: error.to_string() }),
        },
        None,
    )
}

/// Why a device was refused. The system's choice that is not there means that there is none.
fn refused(error: &cpal::Error, name: &str, is_chosen: bool) -> OutputError {
    match error.kind() {
        ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable if is_chosen => OutputError::Gone(name.to_owned()),
        ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable => OutputError::NoDevice,
        ErrorKind::DeviceBusy => OutputError::Busy(name.to_owned()),
        _ => OutputError::Unusable { device: name.to_owned(), reason: error.to_string() },
    }
}

fn name(device: &cpal::Device) -> String {
    device.description().map_or_else(|_| "of the system".to_owned(), |description| description.name().to_owned())
}

fn ability(range: &cpal::SupportedStreamConfigRange) -> Option<Ability> {
    let form = match range.sample_format() {
        SampleFormat::F32 => Form::Float32,
        SampleFormat::I32 => Form::Int32,
        SampleFormat::I24 => Form::Int24,
        SampleFormat::I16 => Form::Int16,
        _ => return None,
    };
    let channels = Some(range.channels()).filter(|channels| *channels > 0)?;
    Some(Ability { channels, rates: (range.min_sample_rate(), range.max_sample_rate()), form })
}

/// Of what a device can do, what suits sound of a rate best: two channels, the rate itself or the next that loses
/// nothing, and samples as exact as can be.
fn best(abilities: &[Ability], rate: u32) -> Option<(u16, u32, Form)> {
    let choice = abilities.iter().map(|ability| {
        let (least, most) = ability.rates;
        (ability.channels, rate.clamp(least.max(1), most.max(1)), ability.form)
    });
    choice.min_by_key(|(channels, offered, form)| {
        let channels = if *channels == 2 { 0 } else { i32::from(*channels == 1) * 1_000 + i32::from(*channels) };
        let lost = rate.saturating_sub(*offered);
        (channels, lost, offered.abs_diff(rate), *form)
    })
}

/// Whether a device is one that people would choose. ALSA also lists its building blocks: what discards sound, what
/// converts it, and each way to wire the same card to more loudspeakers.
fn is_for_people(id: &str) -> bool {
    const BUILDING_BLOCKS: &[&str] = &[
        "null",
        "lavrate",
        "samplerate",
        "speexrate",
        "speex",
        "upmix",
        "vdownmix",
        "jack",
        "oss",
        "usbstream",
        "dmix",
        "dsnoop",
        "front",
        "surround21",
        "surround40",
        "surround41",
        "surround50",
        "surround51",
        "surround71",
        "hw",
    ];
    let kind = id.split([':', ',']).next().unwrap_or(id);
    !cfg!(target_os = "linux") || !BUILDING_BLOCKS.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ability(channels: u16, least: u32, most: u32, form: Form) -> Ability {
        Ability { channels, rates: (least, most), form }
    }

    #[test]
    fn the_recording_s_own_rate_is_liked_best_and_none_below_it() {
        use Form::{Float32, Int16, Int32};
        let fixed = |rate| ability(2, rate, rate, Int32);
        for (abilities, rate, wanted) in [
            (
                vec![ability(2, 4_000, 384_000, Int16), ability(2, 4_000, 384_000, Float32)],
                44_100,
                (2, 44_100, Float32),
            ),
            (vec![fixed(44_100), fixed(48_000), fixed(96_000)], 48_000, (2, 48_000, Int32)),
            (vec![fixed(44_100), fixed(48_000)], 96_000, (2, 48_000, Int32)),
            (vec![fixed(44_100), fixed(48_000), fixed(96_000)], 47_000, (2, 48_000, Int32)),
            (vec![ability(1, 48_000, 48_000, Float32), ability(6, 48_000, 48_000, Int16)], 48_000, (6, 48_000, Int16)),
            (vec![ability(1, 8_000, 16_000, Int16)], 44_100, (1, 16_000, Int16)),
        ] {
            assert_eq!(best(&abilities, rate), Some(wanted), "{abilities:?} for {rate}");
        }
        assert_eq!(best(&[], 48_000), None);
    }

    #[test]
    fn what_is_refused_is_said_so_that_people_know_what_to_do() {
        let told = |kind: ErrorKind, is_chosen| {
            let error = refused(&cpal::Error::new(kind), "Headphones", is_chosen);
            format!("{error} {}", error.help())
        };
        insta::assert_snapshot!([
            told(ErrorKind::DeviceNotAvailable, false),
            told(ErrorKind::DeviceNotAvailable, true),
            told(ErrorKind::DeviceBusy, false),
            told(ErrorKind::PermissionDenied, true),
        ].join("\n"), @r#"
        There is no sound device. Connect headphones or speakers, then play again.
        The sound device "Headphones" is not connected. Connect it again, or choose another device.
        The sound device "Headphones" is in use by another program. Stop the other program, or choose another device.
        The sound device "Headphones" cannot be used: Permission denied. Grant the required access and retry. Play again, or choose another device.
        "#);
    }
}
