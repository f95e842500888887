use serde::Serialize;

use super::facts::{Alarm, Bucket, Facts, Function, IdentityPool, Known, Pool, Queue, Table};

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub(super) severity: Severity,
    pub(super) area: Area,
    /// A stable name.
    pub(super) code: &'static str,
    /// What is wrong, on what.
    pub(super) message: String,
    /// What to do.
    pub(super) help: String,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Severity {
    /// Releases do not get on, or somebody can do what they must not.
    Wrong,
    /// It could not be seen.
    Unknown,
    /// All works; it should be looked at.
    Notice,
}

/// A part of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Area {
    Stack,
    Functions,
    Queues,
    Objects,
    Catalogue,
    Api,
    People,
    Topics,
    Alarms,
}

impl Area {
    pub(super) const ALL: [Self; 9] = [
        Self::Stack,
        Self::Functions,
        Self::Queues,
        Self::Objects,
        Self::Catalogue,
        Self::Api,
        Self::People,
        Self::Topics,
        Self::Alarms,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Stack => "stack",
            Self::Functions => "functions",
            Self::Queues => "queues",
            Self::Objects => "objects",
            Self::Catalogue => "catalogue",
            Self::Api => "API",
            Self::People => "people",
            Self::Topics => "topics",
            Self::Alarms => "alarms",
        }
    }
}

/// The template's functions, with the variables that they cannot do without.
pub(super) const FUNCTIONS: [&str; 5] =
    ["IntakeFunction", "TranscodeFunction", "CatalogueFunction", "NotifyFunction", "ApiFunction"];

const VARIABLES: [&str; 7] = [
    "LACQUER_TABLE",
    "LACQUER_MASTERS",
    "LACQUER_RENDITIONS",
    "LACQUER_INTAKE_QUEUE",
    "LACQUER_TRANSCODE_QUEUE",
    "LACQUER_CATALOGUE_QUEUE",
    "LACQUER_TOPIC_PREFIX",
];

const DEPLOY: &str = "Deploy the template again (`make deploy`), which sets it.";

/// Days that dead letters are kept, as long as SQS allows.
const KEPT: u64 = 14 * 86_400;

/// What is not as it should be, in the order of the areas.
pub(super) fn judge(facts: &Facts) -> Vec<Finding> {
    let mut findings = Findings::default();
    stack(&facts.status, &mut findings);
    for (name, known) in &facts.functions {
        findings.of(Area::Functions, name, known, |function, findings| self::function(name, function, findings));
    }
    for (name, known) in &facts.queues {
        findings.of(Area::Queues, name, known, |queue, findings| self::queue(name, queue, findings));
    }
    for (name, known) in &facts.buckets {
        findings.of(Area::Objects, name, known, bucket);
    }
    findings.of(Area::Catalogue, "the table", &facts.table, table);
    api(&facts.api, &mut findings);
    findings.of(Area::People, "the user pool", &facts.pool, pool);
    findings.of(Area::People, "the identity pool", &facts.identity_pool, identity_pool);
    findings.of(Area::Topics, "the artists' topics", &facts.topics, |count, findings| topics(*count, findings));
    findings.of(Area::Alarms, "alarms", &facts.alarms, |alarms, findings| {
        self::alarms(alarms, &facts.wanted_alarms, findings);
    });
    findings.0
}

fn stack(status: &str, findings: &mut Findings) {
    let (code, message, help) = if status.ends_with("_IN_PROGRESS") {
        (
            "stack-changing",
            format!("The stack is being changed: {status}."),
            "Wait until that has ended, and ask again.",
        )
    } else if status.contains("ROLLBACK") || status.ends_with("_FAILED") {
        (
            "stack-failed",
            format!("The last change of the stack failed: {status}."),
            "CloudFormation's console says at which resource, under Events. Mend it and deploy again.",
        )
    } else {
        return;
    };
    findings.wrong(Area::Stack, code, message, help);
}

fn function(resource: &str, function: &Function, findings: &mut Findings) {
    let (area, name) = (Area::Functions, &function.name);
    if function.state == "Failed" || function.last_update == "Failed" {
        let message =
            format!("{name} cannot run: its state is {}, its last update {}.", function.state, function.last_update);
        findings.wrong(area, "function-failed", message, DEPLOY);
    }
    for missing in VARIABLES.iter().filter(|wanted| !function.variables.iter().any(|there| there == *wanted)) {
        let message = format!("{name} is not told {missing}.");
        findings.wrong(area, "function-variable", message, DEPLOY);
    }
    if function.reserved == Some(0) {
        let message = format!("{name} may not run at all: its reserved concurrency is 0.");
        findings.wrong(
            area,
            "function-stopped",
            message,
            "Somebody stopped it on purpose: raise it in Lambda's console.",
        );
    }
    // The API's gateway and the schedule call by themselves; what calls the others is listed.
    if resource != "ApiFunction" && function.sources.is_empty() {
        let message = format!("Nothing calls {name}: its queue or stream is not connected.");
        findings.wrong(area, "source-missing", message, DEPLOY);
    }
    for source in &function.sources {
        let from = source
            .arn
            .rsplit([':', '/'])
            .next()
            .filter(|_| source.arn.contains(":sqs:"))
            .unwrap_or("the table's stream");
        if !["Enabled", "Enabling", "Updating", "Creating"].contains(&source.state.as_str()) {
            let message = format!("{name} gets nothing from {from}: the connection is {}.", source.state);
            let help = "Enable the trigger in Lambda's console, or deploy the template again.";
            findings.wrong(area, "source-off", message, help);
        }
        if !source.partial {
            let message = format!("{name} cannot say which message of {from} failed: ReportBatchItemFailures is off.");
            findings.wrong(area, "source-whole-batches", message, DEPLOY);
        }
    }
    match &function.errors {
        Ok(0) => {}
        Ok(count) => {
            let message = format!("{name} failed {} in the last 24 hours.", times(*count));
            let help = format!("Its log says why: /aws/lambda/{name} in CloudWatch.");
            findings.notice(area, "function-errors", message, help);
        }
        Err(why) => findings.unknown(area, &format!("how often {name} failed"), why),
    }
    match &function.throttles {
        Ok(0) => {}
        Ok(count) => {
            let message = format!("{name} was held back by its concurrency {} in the last 24 hours.", times(*count));
            let help =
                "Nothing is lost, it takes longer. Raise TranscodeConcurrency or the account's quota: docs/scale.md.";
            findings.notice(area, "function-throttled", message, help);
        }
        // The same as of errors.
        Err(_) => {}
    }
}

fn queue(name: &str, queue: &Queue, findings: &mut Findings) {
    let area = Area::Queues;
    if !queue.is_dead_letters {
        if queue.dead_letters.is_none() {
            let message = format!("{name} has no dead-letter queue: what cannot be done is tried for ever.");
            findings.wrong(area, "queue-no-dead-letters", message, DEPLOY);
        }
        return;
    }
    if queue.waiting > 0 {
        let messages = if queue.waiting == 1 { "1 message".to_owned() } else { format!("{} messages", queue.waiting) };
        let message = format!("{name} holds {messages} that could not be dealt with.");
        let help = "See to the cause, which the function's log names, then: lacquer-cli cloud redrive.";
        findings.wrong(area, "dead-letters", message, help);
    }
    if queue.kept < KEPT {
        let message = format!("{name} keeps messages for {} days only.", queue.kept / 86_400);
        findings.notice(area, "dead-letters-kept", message, DEPLOY);
    }
}

fn bucket(bucket: &Bucket, findings: &mut Findings) {
    let name = &bucket.name;
    let mut on = |code, known: &Known<bool>, what: &str, wrong: String| match known {
        Ok(true) => {}
        Ok(false) => findings.wrong(Area::Objects, code, wrong, DEPLOY),
        Err(why) => findings.unknown(Area::Objects, &format!("{what} of {name}"), why),
    };
    on("bucket-tls", &bucket.asks_for_tls, "the policy", format!("{name} can be read and written without TLS."));
    if bucket.asks_for_tls.is_ok() {
        let message = format!("Objects in {name} can be written over: its policy does not ask for If-None-Match.");
        on("bucket-write-once", &bucket.writes_once, "the policy", message);
    }
    let message = format!("Public access to {name} is not blocked.");
    on("bucket-public", &bucket.blocks_public, "the block of public access", message);
    on("bucket-versions", &bucket.versioned, "the versioning", format!("{name} keeps no earlier versions of objects."));
    let message = format!("Uploads to {name} that nobody finishes are kept, and paid for, for ever.");
    on("bucket-uploads", &bucket.ends_uploads, "the lifecycle", message);
    match &bucket.encryption {
        Ok(Some(algorithm)) if algorithm.starts_with("aws:kms") => {
            let message = format!("{name} asks KMS for every object: its bucket key is off.");
            on("bucket-key", &bucket.bucket_key, "the encryption", message);
        }
        Ok(other) => {
            let by = other.as_deref().unwrap_or("nothing");
            let message = format!("{name} is encrypted by {by}, and not by a key of KMS.");
            findings.wrong(Area::Objects, "bucket-encryption", message, DEPLOY);
        }
        Err(why) => findings.unknown(Area::Objects, &format!("the encryption of {name}"), why),
    }
    match &bucket.tells {
        None => {}
        Some(Ok(queues)) if queues.is_empty() => {
            let message = format!("{name} tells nobody of new manifests: what is delivered is not taken in.");
            findings.wrong(Area::Objects, "bucket-silent", message, DEPLOY);
        }
        Some(Ok(_)) => {}
        Some(Err(why)) => findings.unknown(Area::Objects, &format!("the events of {name}"), why),
    }
}

fn table(table: &Table, findings: &mut Findings) {
    let area = Area::Catalogue;
    if !["ACTIVE", "UPDATING"].contains(&table.status.as_str()) {
        let message = format!("The table is {}.", table.status);
        findings.wrong(area, "table-status", message, "Wait, or see to it in DynamoDB's console.");
    }
    for missing in ["gsi1", "gsi2"].iter().filter(|wanted| !table.indexes.iter().any(|there| there == *wanted)) {
        findings.wrong(area, "table-index", format!("The table has no index {missing}."), DEPLOY);
    }
    match table.stream.as_deref() {
        Some("NEW_IMAGE" | "NEW_AND_OLD_IMAGES") => {}
        Some(other) => {
            let message =
                format!("The table's stream holds {other}, and the function that tells artists needs NEW_IMAGE.");
            findings.wrong(area, "table-stream", message, DEPLOY);
        }
        None => {
            let message = "The table has no stream: what is to be sent waits for the next sweep.".to_owned();
            findings.wrong(area, "table-stream", message, DEPLOY);
        }
    }
    if !table.protected {
        let message = "The table is not protected against being deleted.".to_owned();
        let help = "Deploy with RetainRecords=true, but where this is a trial.";
        findings.notice(area, "table-protection", message, help);
    }
    match &table.recovers {
        Ok(true) => {}
        Ok(false) => {
            let message = "The table cannot be put back to an earlier time: point-in-time recovery is off.".to_owned();
            findings.wrong(area, "table-recovery", message, DEPLOY);
        }
        Err(why) => findings.unknown(area, "the table's point-in-time recovery", why),
    }
    match &table.expires {
        Ok(Some(attribute)) if attribute == "expires" => {}
        Ok(_) => {
            let message = "Leases and links of the table never expire: its time to live is off.".to_owned();
            findings.wrong(area, "table-ttl", message, DEPLOY);
        }
        Err(why) => findings.unknown(area, "the table's time to live", why),
    }
}

fn api(known: &Known<u16>, findings: &mut Findings) {
    let message = match known {
        Ok(200) => return,
        Ok(status) => format!("The API answers {status} when it is asked how it is."),
        Err(why) => format!("The API does not answer: {why}."),
    };
    let help = "See the log of its function, and whether its address can be reached from here.";
    findings.wrong(Area::Api, "api", message, help);
}

fn pool(pool: &Pool, findings: &mut Findings) {
    let area = Area::People;
    if !pool.by_invitation {
        let message = "Anybody can make an account for themselves.".to_owned();
        findings.wrong(area, "self-sign-up", message, DEPLOY);
    }
    if pool.writable.is_empty() || pool.writable.iter().any(|name| name == "custom:label_id") {
        let message = "Whoever has an account can choose the label that it belongs to: the app's client may write \
                       custom:label_id."
            .to_owned();
        findings.wrong(area, "label-writable", message, DEPLOY);
    }
    for missing in
        ["staff", "manager", "artist"].iter().filter(|wanted| !pool.groups.iter().any(|name| name == *wanted))
    {
        findings.wrong(area, "group-missing", format!("There is no group {missing}."), DEPLOY);
    }
    if pool.has_secret {
        let message = "The app's client has a secret, which no app can keep: nobody can sign in.".to_owned();
        findings.wrong(area, "client-secret", message, DEPLOY);
    }
    if !pool
        .callbacks
        .iter()
        .any(|address| address.starts_with("http://localhost:") || address.starts_with("http://127.0.0.1:"))
    {
        let message = "No address on people's own computers is registered: nobody can sign in.".to_owned();
        findings.wrong(area, "client-callbacks", message, DEPLOY);
    }
}

fn identity_pool(pool: &IdentityPool, findings: &mut Findings) {
    let area = Area::People;
    if pool.classic_flow {
        let message =
            "The identity pool's classic flow is on, with which sessions come without their label's tag.".to_owned();
        findings.wrong(area, "classic-flow", message, DEPLOY);
    }
    if pool.unauthenticated {
        let message = "The identity pool gives sessions to who has not signed in.".to_owned();
        findings.wrong(area, "unauthenticated", message, DEPLOY);
    }
    match &pool.tags {
        Ok(tags) if tags.get("label").is_some_and(|claim| claim == "custom:label_id") => {}
        Ok(_) => {
            let message = "Sessions do not carry their label as a tag: nobody can deliver.".to_owned();
            findings.wrong(area, "label-tag", message, DEPLOY);
        }
        Err(why) => findings.unknown(area, "the tags of sessions", why),
    }
}

/// A topic per artist: AWS's default for an account in a region, which it raises when asked.
const TOPICS: usize = 100_000;

fn topics(count: usize, findings: &mut Findings) {
    if count >= TOPICS / 10 * 8 {
        let message = format!("The account has {count} topics, of {TOPICS} by default: an artist needs one each.");
        let help = "Ask for more in Service Quotas, in good time: artists without a topic are told nothing.";
        findings.notice(Area::Topics, "topics", message, help);
    }
}

fn alarms(alarms: &[Alarm], wanted: &[String], findings: &mut Findings) {
    let area = Area::Alarms;
    if wanted.is_empty() {
        findings.wrong(area, "alarms-none", "The stack has no alarms.".to_owned(), DEPLOY);
    }
    for missing in wanted.iter().filter(|name| !alarms.iter().any(|alarm| alarm.name == **name)) {
        findings.wrong(area, "alarm-missing", format!("The alarm {missing} was removed."), DEPLOY);
    }
    for alarm in alarms.iter().filter(|alarm| alarm.state == "ALARM" && wanted.contains(&alarm.name)) {
        let message = format!("The alarm {} rings: {}.", alarm.name, alarm.reason.trim_end_matches('.'));
        findings.wrong(area, "alarm", message, "CloudWatch's console shows since when.");
    }
}

fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn wrong(&mut self, area: Area, code: &'static str, message: String, help: impl Into<String>) {
        self.0.push(Finding { severity: Severity::Wrong, area, code, message, help: help.into() });
    }

    fn notice(&mut self, area: Area, code: &'static str, message: String, help: impl Into<String>) {
        self.0.push(Finding { severity: Severity::Notice, area, code, message, help: help.into() });
    }

    fn unknown(&mut self, area: Area, what: &str, why: &str) {
        let message = format!("It could not be seen: {what} ({}).", why.trim_end_matches('.'));
        let help = "Ask with credentials that may read it.".to_owned();
        self.0.push(Finding { severity: Severity::Unknown, area, code: "unknown", message, help });
    }

    /// Judges what is known; else says that it is not.
    fn of<T>(&mut self, area: Area, what: &str, known: &Known<T>, judge: impl FnOnce(&T, &mut Self)) {
        match known {
            Ok(facts) => judge(facts, self),
            Err(why) => self.unknown(area, what, why),
        }
    }
}
