use std::fmt::Write as _;

use crate::inputs::{Inputs, Prices};

/// Weeks of a month.
const WEEKS: f64 = 52.0 / 12.0;

/// What is used of each service, in what it charges for.
#[derive(Debug, Clone, Copy, Default)]
struct Usage {
    gigabyte_seconds: f64,
    /// Of disk beyond what comes with a function.
    storage_gigabyte_seconds: f64,
    invocations: f64,
    s3_puts: f64,
    s3_gets: f64,
    s3_gigabyte_months: f64,
    kms_requests: f64,
    sqs: f64,
    sqs_fifo: f64,
    write_units: f64,
    read_units: f64,
    table_gigabyte_months: f64,
    publishes: f64,
    emails: f64,
    api_requests: f64,
    log_gigabytes: f64,
    active_users: f64,
    gigabytes_out: f64,
    /// Months of the deployment: what it costs when nothing happens.
    deployments: f64,
}

/// Tables of cost, as Markdown.
#[must_use]
pub fn costs(inputs: &Inputs) -> String {
    let prices = &inputs.prices;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "List prices of {} as of {}, in US dollars, without free tiers.\n\n\
         | | 1,000 tracks, made and told | kept for a month | heard by the label |\n|---|---|---|---|",
        prices.region, prices.date
    );
    let columns = [made(inputs).times(1_000.0), kept(inputs).times(1_000.0), heard(inputs).times(1_000.0)];
    let lines: Vec<Vec<(&str, f64)>> = columns.iter().map(|usage| usage.charges(prices)).collect();
    for (at, (service, _)) in lines[0].iter().enumerate() {
        let amounts: Vec<String> = lines.iter().map(|line| dollars(line[at].1)).collect();
        if lines.iter().any(|line| line[at].1 > 0.0) {
            let _ = writeln!(text, "| {service} | {} |", amounts.join(" | "));
        }
    }
    let sums: Vec<String> = lines.iter().map(|line| format!("**{}**", dollars(total(line)))).collect();
    let _ = writeln!(text, "| **together** | {} |\n", sums.join(" | "));

    let _ = writeln!(
        text,
        "| labels | tracks a month | making and telling | keeping ({:.0} months' worth) | hearing | the window and sign-in | \
         the deployment itself | a month | a label a month |\n|---|---|---|---|---|---|---|---|---|",
        inputs.workload.months_kept
    );
    for labels in [10.0, 1_000.0, 100_000.0] {
        let tracks = labels * inputs.workload.releases_per_label_week * WEEKS * inputs.workload.tracks_per_release();
        let parts = [
            made(inputs).times(tracks),
            kept(inputs).times(tracks * inputs.workload.months_kept),
            heard(inputs).times(tracks),
            used(inputs).times(labels),
            deployed(inputs),
        ];
        let amounts: Vec<f64> = parts.iter().map(|usage| total(&usage.charges(prices))).collect();
        let sum: f64 = amounts.iter().sum();
        let shown: Vec<String> = amounts.iter().map(|amount| dollars(*amount)).collect();
        let _ = writeln!(
            text,
            "| {labels:.0} | {tracks:.0} | {} | {} | {} |",
            shown.join(" | "),
            dollars(sum),
            dollars(sum / labels)
        );
    }
    text.push('\n');

    let _ = writeln!(
        text,
        "| transcode's memory | vCPUs | a track takes | 1,000 tracks cost in Lambda's time |\n|---|---|---|---|"
    );
    for megabytes in [885.0, 1_769.0, 3_538.0, 5_307.0, 7_076.0, 10_240.0] {
        let seconds = transcode_seconds(inputs, megabytes);
        let _ = writeln!(
            text,
            "| {megabytes:.0} MB | {:.1} | {seconds:.1} s | {} |",
            megabytes / inputs.service.transcode.vcpu_megabytes,
            dollars(seconds * megabytes / 1_024.0 * prices.lambda_gigabyte_second * 1_000.0)
        );
    }
    text
}

/// Seconds of a master of average length.
fn transcode_seconds(inputs: &Inputs, megabytes: f64) -> f64 {
    let workload = &inputs.workload;
    inputs.service.transcode.seconds(megabytes, workload.mean_seconds(), workload.master_bytes_per_second)
}

/// A track from its upload to its e-mail, with its part of its release.
fn made(inputs: &Inputs) -> Usage {
    let (workload, service) = (&inputs.workload, &inputs.service);
    let a_track = 1.0 / workload.tracks_per_release();
    let artists = workload.artists_per_release * a_track;
    let gigabyte = |megabytes: f64| megabytes / 1_024.0;
    let sound = workload.mean_seconds();
    let (master, made) =
        (sound * workload.master_bytes_per_second, sound * service.transcode.renditions_bytes_per_second);
    // Parts of 8 MiB each way, and for each object a beginning and a completion.
    let parts = |bytes: f64| (bytes / 8_388_608.0).ceil();
    // Of the delivery: its jobs, and its news.
    let errands = 2.0 * a_track;
    let (jobs, news) =
        (service.notify.jobs(workload.tracks_per_release()), service.notify.news(workload.artists_per_release));
    let transcode_seconds = transcode_seconds(inputs, service.transcode.memory_megabytes);
    let gigabyte_seconds = gigabyte(service.transcode.memory_megabytes) * transcode_seconds
        + gigabyte(service.intake.memory_megabytes) * (service.intake.around * a_track + service.intake.per_asset)
        + gigabyte(service.catalogue.memory_megabytes) * (service.catalogue.per_message + service.catalogue.around)
        + gigabyte(service.notify.memory_megabytes) * (jobs + news) * a_track;
    // The master in parts, the renditions in parts (four objects), the manifest and the picture.
    let puts = parts(master) + 2.0 + parts(made) + 8.0 + 2.0 * a_track;
    // The master's ranges; intake's looks at each asset and the manifest; whether each rendition is there.
    let gets = parts(master) + 1.0 + 3.0 * a_track + 1.0 + 4.0 + 2.0;
    Usage {
        gigabyte_seconds,
        // The first 512 MB are free.
        storage_gigabyte_seconds: gigabyte(service.transcode.storage_megabytes - 512.0) * transcode_seconds,
        // Transcode, the catalogue's message, the errands, and intake.
        invocations: 1.0 + 1.0 + errands + a_track,
        s3_puts: puts,
        s3_gets: gets,
        // A bucket key answers for most objects; a tenth of the requests reach KMS.
        kms_requests: 0.1 * (puts + gets),
        // Each message is sent, received and deleted, and its visibility is set once; empty receives are small beside.
        sqs: 4.0 * (1.0 + a_track),
        sqs_fifo: 4.0,
        // A transaction counts double: the record (4 KB, compressed) and an outbox entry; the facts of four renditions; the
        // lease taken, kept and let go; the outbox entry marked; and what the indexes repeat of the record.
        write_units: 2.0 * (4.0 + 1.0) + 4.0 + 3.0 + 1.0 + 5.0 + (4.0 * (4.0 + 5.0) + artists * 4.0) * a_track,
        // The record before each write, four facts, and the views.
        read_units: 8.0 + 8.0 * a_track,
        publishes: artists,
        emails: artists * workload.followers_per_artist,
        log_gigabytes: 6e-6,
        ..Usage::default()
    }
}

/// A track's objects and items, for a month.
fn kept(inputs: &Inputs) -> Usage {
    let workload = &inputs.workload;
    let bytes = workload.mean_seconds()
        * (workload.master_bytes_per_second + inputs.service.transcode.renditions_bytes_per_second);
    Usage { s3_gigabyte_months: bytes / 1e9, table_gigabyte_months: 4e-6, ..Usage::default() }
}

/// A track's previews and MP3s, as far as the label's people listen.
fn heard(inputs: &Inputs) -> Usage {
    let seconds = inputs.workload.minutes_heard_per_track * 60.0;
    // 320 kbit a second, in ranges of 256 KiB; a link for each quarter of an hour.
    let bytes = seconds * 40_000.0;
    Usage {
        gigabytes_out: bytes / 1e9,
        s3_gets: bytes / 262_144.0,
        api_requests: (seconds / 900.0).ceil(),
        ..Usage::default()
    }
}

/// A label's windows that ask the API, and its accounts, for a month.
fn used(inputs: &Inputs) -> Usage {
    let workload = &inputs.workload;
    let open = workload.windows_per_label * workload.hours_open_per_day * workload.days_open_per_month * 3_600.0;
    let requests = open / workload.poll_seconds;
    Usage {
        api_requests: requests,
        invocations: requests,
        gigabyte_seconds: requests * 0.012 * 0.5,
        // Most answers are "nothing has changed", from one query of the index.
        read_units: requests * 0.5,
        gigabytes_out: requests * 400.0 / 1e9,
        log_gigabytes: requests * 400.0 / 1e9,
        active_users: workload.accounts_per_label,
        ..Usage::default()
    }
}

/// What the deployment costs when nothing happens, for a month: a key, alarms, metrics, a dashboard, and its schedule.
fn deployed(inputs: &Inputs) -> Usage {
    let minutes = 60.0 * 24.0 * 30.4;
    let lookups = 8.0; // the sweep asks each shard of its index
    Usage {
        deployments: 1.0,
        invocations: minutes,
        gigabyte_seconds: minutes * 0.03 * inputs.service.catalogue.memory_megabytes / 1_024.0,
        read_units: minutes * lookups * 0.5,
        // Pollers ask empty queues: five each, for twenty seconds at a time.
        sqs: 2.0 * 5.0 * 3.0 * minutes,
        sqs_fifo: 5.0 * 3.0 * minutes,
        log_gigabytes: minutes * 500.0 / 1e9,
        ..Usage::default()
    }
}

impl Usage {
    fn times(self, factor: f64) -> Self {
        Self {
            gigabyte_seconds: self.gigabyte_seconds * factor,
            storage_gigabyte_seconds: self.storage_gigabyte_seconds * factor,
            invocations: self.invocations * factor,
            s3_puts: self.s3_puts * factor,
            s3_gets: self.s3_gets * factor,
            s3_gigabyte_months: self.s3_gigabyte_months * factor,
            kms_requests: self.kms_requests * factor,
            sqs: self.sqs * factor,
            sqs_fifo: self.sqs_fifo * factor,
            write_units: self.write_units * factor,
            read_units: self.read_units * factor,
            table_gigabyte_months: self.table_gigabyte_months * factor,
            publishes: self.publishes * factor,
            emails: self.emails * factor,
            api_requests: self.api_requests * factor,
            log_gigabytes: self.log_gigabytes * factor,
            active_users: self.active_users * factor,
            gigabytes_out: self.gigabytes_out * factor,
            deployments: self.deployments * factor,
        }
    }

    /// Dollars by service.
    fn charges(&self, prices: &Prices) -> Vec<(&'static str, f64)> {
        const MILLION: f64 = 1e6;
        // As in the template: metrics of the functions' own, alarms, one key.
        let (metrics, alarms, keys) = (30.0, 21.0, 1.0);
        vec![
            ("Lambda, time", self.gigabyte_seconds * prices.lambda_gigabyte_second),
            ("Lambda, disk", self.storage_gigabyte_seconds * prices.lambda_storage_gigabyte_second),
            ("Lambda, requests", self.invocations / MILLION * prices.lambda_million_requests),
            (
                "S3, requests",
                self.s3_puts / 1_000.0 * prices.s3_thousand_puts + self.s3_gets / 1_000.0 * prices.s3_thousand_gets,
            ),
            ("S3, storage", self.s3_gigabyte_months * prices.s3_gigabyte_month),
            (
                "KMS",
                self.kms_requests / 10_000.0 * prices.kms_ten_thousand_requests
                    + self.deployments * keys * prices.kms_key_month,
            ),
            (
                "SQS",
                self.sqs / MILLION * prices.sqs_million_requests
                    + self.sqs_fifo / MILLION * prices.sqs_fifo_million_requests,
            ),
            (
                "DynamoDB",
                self.write_units / MILLION * prices.dynamodb_million_write_units
                    + self.read_units / MILLION * prices.dynamodb_million_read_units
                    + self.table_gigabyte_months
                        * (prices.dynamodb_gigabyte_month + prices.dynamodb_recovery_gigabyte_month),
            ),
            (
                "SNS",
                self.publishes / MILLION * prices.sns_million_publishes
                    + self.emails / 100_000.0 * prices.sns_hundred_thousand_emails,
            ),
            ("API", self.api_requests / MILLION * prices.api_million_requests),
            (
                "CloudWatch",
                self.log_gigabytes * prices.logs_gigabyte
                    + self.deployments
                        * (metrics * prices.metric_month + alarms * prices.alarm_month + prices.dashboard_month),
            ),
            ("Cognito", self.active_users * prices.cognito_active_user_month),
            ("Transfer out", self.gigabytes_out * prices.transfer_out_gigabyte),
        ]
    }
}

fn total(charges: &[(&str, f64)]) -> f64 {
    charges.iter().map(|(_, amount)| amount).sum()
}

fn dollars(amount: f64) -> String {
    match amount {
        0.0 => "–".to_owned(),
        _ if amount < 0.0095 => format!("{amount:.4}"),
        _ if amount < 99.5 => format!("{amount:.2}"),
        _ => format!("{amount:.0}"),
    }
}
