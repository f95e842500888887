use serde::Deserialize;
use thiserror::Error;

/// All that is assumed, measured, allowed and charged.
#[derive(Debug, Clone)]
pub struct Inputs {
    pub(crate) workload: Workload,
    pub(crate) service: Service,
    pub(crate) quotas: Quotas,
    pub(crate) prices: Prices,
}

/// Why a file of inputs is not one.
#[derive(Debug, Error)]
#[error("{file} is not understood: {source}")]
pub struct InputsError {
    file: String,
    source: toml::de::Error,
}

impl Inputs {
    /// What stands in `inputs/`.
    ///
    /// # Errors
    /// Where a file lacks a number.
    pub fn built_in() -> Result<Self, InputsError> {
        Ok(Self {
            workload: read("inputs/workload.toml", include_str!("../inputs/workload.toml"))?,
            service: read("inputs/service.toml", include_str!("../inputs/service.toml"))?,
            quotas: read("inputs/quotas.toml", include_str!("../inputs/quotas.toml"))?,
            prices: read("inputs/prices.toml", include_str!("../inputs/prices.toml"))?,
        })
    }

    /// With other prices than those that are built in: the text of a file like `inputs/prices.toml`.
    ///
    /// # Errors
    /// Where it lacks a price.
    pub fn with_prices(self, file: &str, text: &str) -> Result<Self, InputsError> {
        Ok(Self { prices: read(file, text)?, ..self })
    }
}

fn read<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, InputsError> {
    toml::from_str(text).map_err(|source| InputsError { file: file.to_owned(), source })
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Workload {
    pub(crate) releases_per_label_week: f64,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) master_median_seconds: f64,
    pub(crate) master_sigma: f64,
    pub(crate) master_bytes_per_second: f64,
    pub(crate) artists_per_release: f64,
    pub(crate) followers_per_artist: f64,
    pub(crate) friday_share: f64,
    pub(crate) days_ahead: Vec<f64>,
    pub(crate) work_hours: [f64; 3],
    pub(crate) zones: Vec<Zone>,
    pub(crate) windows_per_label: f64,
    pub(crate) hours_open_per_day: f64,
    pub(crate) days_open_per_month: f64,
    pub(crate) poll_seconds: f64,
    pub(crate) accounts_per_label: f64,
    pub(crate) minutes_heard_per_track: f64,
    pub(crate) months_kept: f64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Kind {
    pub(crate) share: f64,
    pub(crate) fewest: u32,
    pub(crate) most: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Zone {
    pub(crate) hours: f64,
    pub(crate) share: f64,
}

impl Workload {
    /// Tracks of a release, on average.
    pub(crate) fn tracks_per_release(&self) -> f64 {
        let shares: f64 = self.kinds.iter().map(|kind| kind.share).sum();
        let tracks = |kind: &Kind| kind.share * f64::from(kind.fewest + kind.most) / 2.0;
        self.kinds.iter().map(tracks).sum::<f64>() / shares
    }

    /// Seconds of sound of a master, on average: the mean of the log-normal.
    pub(crate) fn mean_seconds(&self) -> f64 {
        self.master_median_seconds * (self.master_sigma.powi(2) / 2.0).exp()
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    pub(crate) transcode: Transcode,
    pub(crate) intake: Intake,
    pub(crate) catalogue: CatalogueTimes,
    pub(crate) sweep: Sweep,
    pub(crate) notify: Notify,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transcode {
    pub(crate) sound_seconds: f64,
    pub(crate) one_core: f64,
    pub(crate) two_cores: f64,
    pub(crate) most: u32,
    pub(crate) memory_megabytes: f64,
    pub(crate) storage_megabytes: f64,
    pub(crate) vcpu_megabytes: f64,
    pub(crate) vcpu_against_core: f64,
    pub(crate) network_megabytes: f64,
    pub(crate) renditions_bytes_per_second: f64,
    pub(crate) around: f64,
    pub(crate) cold_start: f64,
}

impl Transcode {
    /// Seconds of work on so many cores for a second of sound. By Amdahl's law through the two measured points: one share
    /// of the work is spread over the cores, the rest is not. Below one core, time is shared out.
    pub(crate) fn on_cores(&self, cores: f64) -> f64 {
        let spread = 2.0 * (1.0 - self.two_cores / self.one_core);
        let share = if cores < 1.0 { 1.0 / cores } else { 1.0 - spread + spread / cores };
        self.one_core / self.sound_seconds * share
    }

    /// Seconds that a function of so many megabytes of memory takes for a master of so many seconds and bytes, warm. It is
    /// read while it is decoded; what is made is sent afterwards.
    pub(crate) fn seconds(&self, megabytes: f64, sound: f64, bytes_per_second: f64) -> f64 {
        let work = sound * self.on_cores(megabytes / self.vcpu_megabytes) / self.vcpu_against_core;
        let read = sound * bytes_per_second / (self.network_megabytes * 1e6);
        let written = sound * self.renditions_bytes_per_second / (self.network_megabytes * 1e6);
        work.max(read) + written + self.around
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Intake {
    pub(crate) most: u32,
    pub(crate) around: f64,
    pub(crate) per_asset: f64,
    pub(crate) cold_start: f64,
    pub(crate) memory_megabytes: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CatalogueTimes {
    pub(crate) per_message: f64,
    pub(crate) around: f64,
    pub(crate) batch: usize,
    pub(crate) memory_megabytes: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sweep {
    pub(crate) per_release: f64,
    pub(crate) at_once: f64,
    pub(crate) longest: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notify {
    pub(crate) stream_delay: f64,
    pub(crate) per_entry: f64,
    pub(crate) per_artist: f64,
    pub(crate) per_ten_jobs: f64,
    pub(crate) batch: usize,
    pub(crate) partitions: usize,
    pub(crate) factor: usize,
    pub(crate) memory_megabytes: f64,
}

impl Notify {
    /// Seconds of a delivery's jobs, one for each of its tracks.
    pub(crate) fn jobs(&self, tracks: f64) -> f64 {
        self.per_entry + self.per_ten_jobs * (tracks / 10.0).ceil()
    }

    /// Seconds of the news for so many artists.
    pub(crate) fn news(&self, artists: f64) -> f64 {
        self.per_entry + self.per_artist * artists
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quotas {
    pub(crate) lambda_concurrency: u32,
    pub(crate) pollers_first: u32,
    pub(crate) pollers_per_minute: u32,
    pub(crate) pollers_most: u32,
    pub(crate) kms_requests: f64,
    pub(crate) s3_puts_per_prefix: f64,
    pub(crate) sns_publishes: f64,
    pub(crate) sns_subscribes: f64,
    pub(crate) sns_lists: f64,
    pub(crate) sns_emails: f64,
    pub(crate) sqs_fifo_messages: f64,
    pub(crate) dynamodb_partition_writes: f64,
    pub(crate) dynamodb_table_writes: f64,
    pub(crate) api_requests: f64,
    pub(crate) cognito_refreshes: f64,
    pub(crate) cognito_get_id: f64,
    pub(crate) cognito_get_credentials: f64,
    pub(crate) sns_topics: f64,
    pub(crate) sns_pending_confirmations: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prices {
    pub(crate) region: String,
    pub(crate) date: String,
    pub(crate) lambda_gigabyte_second: f64,
    pub(crate) lambda_million_requests: f64,
    pub(crate) lambda_storage_gigabyte_second: f64,
    pub(crate) s3_gigabyte_month: f64,
    pub(crate) s3_thousand_puts: f64,
    pub(crate) s3_thousand_gets: f64,
    pub(crate) kms_key_month: f64,
    pub(crate) kms_ten_thousand_requests: f64,
    pub(crate) sqs_million_requests: f64,
    pub(crate) sqs_fifo_million_requests: f64,
    pub(crate) dynamodb_million_write_units: f64,
    pub(crate) dynamodb_million_read_units: f64,
    pub(crate) dynamodb_gigabyte_month: f64,
    pub(crate) dynamodb_recovery_gigabyte_month: f64,
    pub(crate) sns_million_publishes: f64,
    pub(crate) sns_hundred_thousand_emails: f64,
    pub(crate) api_million_requests: f64,
    pub(crate) logs_gigabyte: f64,
    pub(crate) metric_month: f64,
    pub(crate) alarm_month: f64,
    pub(crate) dashboard_month: f64,
    pub(crate) cognito_active_user_month: f64,
    pub(crate) transfer_out_gigabyte: f64,
}
