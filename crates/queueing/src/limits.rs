use std::fmt::Write as _;

use crate::inputs::Inputs;

/// A quota beside what so many labels need of it.
struct Limit<'a> {
    what: &'a str,
    allowed: f64,
    needed: [f64; 3],
    then: &'a str,
}

const LABELS: [f64; 3] = [10.0, 1_000.0, 100_000.0];

/// Table of what AWS allows beside what 10, 1,000 and 100,000 labels need, as Markdown. The needs are of the busiest hour
/// unless they say otherwise.
#[must_use]
pub fn limits(inputs: &Inputs) -> String {
    let (workload, quotas) = (&inputs.workload, &inputs.quotas);
    let tracks = workload.tracks_per_release();
    // The busiest working hour has some 4 % of the week's deliveries, as the simulation shows; its busiest minute has twice its
    // share.
    let busiest_second = |labels: f64| labels * workload.releases_per_label_week * 0.04 * 2.0 / 3_600.0;
    let tracks_second = |labels: f64| busiest_second(labels) * tracks;
    let sound = workload.mean_seconds();
    let transcode = inputs.service.transcode.seconds(
        inputs.service.transcode.memory_megabytes,
        sound,
        workload.master_bytes_per_second,
    );
    let parts = |bytes_per_second: f64| (sound * bytes_per_second / 8_388_608.0).ceil();
    let puts =
        parts(workload.master_bytes_per_second) + parts(inputs.service.transcode.renditions_bytes_per_second) + 10.0;
    let largest_zone = workload.zones.iter().map(|zone| zone.share).fold(0.0, f64::max);
    let due_at_once = |labels: f64| labels * workload.releases_per_label_week * workload.friday_share * largest_zone;
    let open = |labels: f64| labels * workload.windows_per_label;
    // Half of the artists of a year's releases were not there before, and all are kept.
    let artists = |labels: f64| labels * workload.releases_per_label_week * 52.0 * workload.artists_per_release * 0.5;
    let at = |need: &dyn Fn(f64) -> f64| LABELS.map(need);
    let rows = [
        Limit {
            what: "Lambda: transcodes at once, on average of the busiest hour",
            allowed: f64::from(quotas.lambda_concurrency),
            needed: at(&|labels| tracks_second(labels) / 2.0 * transcode),
            then: "ask for more concurrency; the other functions keep theirs by reservation",
        },
        Limit {
            what: "SNS: topics, after a year (an artist of a label each, if all are followed)",
            allowed: quotas.sns_topics,
            needed: at(&artists),
            then: "ask for more; else a second account, or SES behind the same port: see below",
        },
        Limit {
            what: "SNS: addresses that have not confirmed (a tenth of a month's new ones)",
            allowed: quotas.sns_pending_confirmations,
            needed: at(&|labels| artists(labels) / 12.0 * workload.followers_per_artist * 0.1),
            then: "ask for more",
        },
        Limit {
            what: "SNS: subscriptions asked for, a second",
            allowed: quotas.sns_subscribes,
            needed: at(&|labels| artists(labels) / 12.0 * workload.followers_per_artist / (21.0 * 8.0 * 3_600.0) * 4.0),
            then: "the API answers 429 and the app asks again",
        },
        Limit {
            what: "SNS: messages published, a second, when the largest zone's Friday begins, within a minute",
            allowed: quotas.sns_publishes,
            needed: at(&|labels| due_at_once(labels) * workload.artists_per_release / 60.0),
            then: "the stream waits; nothing is lost",
        },
        Limit {
            what: "SNS: e-mails a second to one address (releases of one artist in one second)",
            allowed: quotas.sns_emails,
            needed: at(&|_| 1.0),
            then: "who is sent more than ten in one second is suspended by SNS, and confirms anew",
        },
        Limit {
            what: "SNS: e-mails a second of the account, if that limit is meant so, within a minute of the largest zone's Friday",
            allowed: quotas.sns_emails,
            needed: at(&|labels| {
                due_at_once(labels) * workload.artists_per_release * workload.followers_per_artist / 60.0
            }),
            then: "letters come later, or SES behind the same port: see below",
        },
        Limit {
            what: "SNS: lists of an artist's followers, a second (half of all windows open, each looks once an hour)",
            allowed: quotas.sns_lists,
            needed: at(&|labels| 0.5 * open(labels) / 3_600.0),
            then: "the app is shown what was last known, and asks again; it cannot be raised",
        },
        Limit {
            what: "KMS: requests a second (a tenth of S3's, by bucket keys)",
            allowed: quotas.kms_requests,
            needed: at(&|labels| tracks_second(labels) * puts * 2.0 * 0.1),
            then: "nothing to do",
        },
        Limit {
            what: "S3: PUTs a second to one prefix, by one label with 16 parts on their way at 20 a second",
            allowed: quotas.s3_puts_per_prefix,
            needed: at(&|_| 20.0),
            then: "keys begin with the label, so S3 splits by label by itself",
        },
        Limit {
            what: "SQS: messages a second in the catalogue's FIFO queue",
            allowed: quotas.sqs_fifo_messages,
            needed: at(&tracks_second),
            then: "high-throughput mode, by message group",
        },
        Limit {
            what: "DynamoDB: writes a second to one shard of what is due (eight shards), within a minute of the largest zone's Friday",
            allowed: quotas.dynamodb_partition_writes,
            needed: at(&|labels| due_at_once(labels) * 2.0 / 60.0 / 8.0),
            then: "more shards",
        },
        Limit {
            what: "DynamoDB: write units a second of the table",
            allowed: quotas.dynamodb_table_writes,
            needed: at(&|labels| tracks_second(labels) * 40.0),
            then: "on demand it doubles by itself within half an hour; the quota can be raised",
        },
        Limit {
            what: "API: requests a second, half of all windows open at once",
            allowed: quotas.api_requests,
            needed: at(&|labels| 0.5 * open(labels) / workload.poll_seconds),
            then: "ask for more, or have windows ask less often",
        },
        Limit {
            what: "Cognito: refreshed tokens a second, of windows that refresh every ten minutes",
            allowed: quotas.cognito_refreshes,
            needed: at(&|labels| 0.5 * open(labels) / 600.0),
            then: "ask for more; ID tokens that live longer are refreshed less often",
        },
        Limit {
            what: "Cognito: identities asked for a second (GetId), when all windows open within a quarter of an hour",
            allowed: quotas.cognito_get_id,
            needed: at(&|labels| 0.25 * open(labels) / 900.0),
            then: "the app keeps the identity it was given, and tries again later; ask for more",
        },
        Limit {
            what: "Cognito: credentials a second (GetCredentialsForIdentity), of windows that renew every hour",
            allowed: quotas.cognito_get_credentials,
            needed: at(&|labels| 0.5 * open(labels) / 3_300.0),
            then: "ask for more",
        },
    ];
    let mut text = String::from(
        "| what | allowed | 10 labels | 1,000 labels | 100,000 labels | where it is short |\n|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let needed = row.needed.map(|need| {
            let mark = if need > row.allowed { " **over**" } else { "" };
            format!("{}{mark}", amount(need))
        });
        let _ = writeln!(text, "| {} | {} | {} | {} |", row.what, amount(row.allowed), needed.join(" | "), row.then);
    }
    text
}

fn amount(value: f64) -> String {
    match value {
        _ if value < 0.0095 => "< 0.01".to_owned(),
        _ if value < 9.95 => format!("{value:.2}"),
        _ => {
            let digits = format!("{value:.0}");
            let mut text = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at).is_multiple_of(3) {
                    text.push(',');
                }
                text.push(digit);
            }
            text
        }
    }
}
