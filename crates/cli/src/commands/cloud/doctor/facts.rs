use std::collections::BTreeMap;

/// What was found out, or why it could not be.
pub(super) type Known<T> = Result<T, String>;

/// What a deployment is like, as plain facts.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    /// What CloudFormation says of the stack.
    pub(super) status: String,
    /// By their names in the template.
    pub(super) functions: BTreeMap<String, Known<Function>>,
    /// By their names in the template.
    pub(super) queues: BTreeMap<String, Known<Queue>>,
    /// By their names in the template.
    pub(super) buckets: BTreeMap<String, Known<Bucket>>,
    pub(super) table: Known<Table>,
    /// The status of its answer to a question after its health.
    pub(super) api: Known<u16>,
    pub(super) pool: Known<Pool>,
    pub(super) identity_pool: Known<IdentityPool>,
    /// How many topics the account has, of artists and others.
    pub(super) topics: Known<usize>,
    pub(super) alarms: Known<Vec<Alarm>>,
    /// Alarms of the template, by their names in AWS.
    pub(super) wanted_alarms: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Function {
    pub(super) name: String,
    /// `Active`, `Pending`, `Inactive`, `Failed`.
    pub(super) state: String,
    /// `Successful`, `InProgress`, `Failed`.
    pub(super) last_update: String,
    /// Its environment variables' names.
    pub(super) variables: Vec<String>,
    /// At a time, where it is limited.
    pub(super) reserved: Option<i32>,
    /// Of the last 24 hours.
    pub(super) errors: Known<u64>,
    /// Of the last 24 hours.
    pub(super) throttles: Known<u64>,
    /// What calls it: queues and streams.
    pub(super) sources: Vec<Source>,
}

#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The queue's or stream's ARN.
    pub(super) arn: String,
    /// `Enabled`, `Disabled`, …
    pub(super) state: String,
    /// Whether a message of a batch may fail by itself.
    pub(super) partial: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Queue {
    /// How many wait.
    pub(super) waiting: u64,
    /// The ARN of its dead letters, where it has some.
    pub(super) dead_letters: Option<String>,
    /// For dead letters themselves: none are theirs.
    pub(super) is_dead_letters: bool,
    /// How long messages are kept, in seconds.
    pub(super) kept: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Bucket {
    pub(super) name: String,
    /// Whether its policy refuses what comes without TLS.
    pub(super) asks_for_tls: Known<bool>,
    /// Whether its policy refuses to write over what is there.
    pub(super) writes_once: Known<bool>,
    /// Whether all four blocks of public access are on.
    pub(super) blocks_public: Known<bool>,
    /// `aws:kms` or another algorithm.
    pub(super) encryption: Known<Option<String>>,
    /// Whether one key of KMS serves many objects.
    pub(super) bucket_key: Known<bool>,
    pub(super) versioned: Known<bool>,
    /// Whether uploads that nobody finishes are ended.
    pub(super) ends_uploads: Known<bool>,
    /// The ARNs of queues that it tells of new manifests; of the bucket of masters only.
    pub(super) tells: Option<Known<Vec<String>>>,
}

#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) status: String,
    pub(super) indexes: Vec<String>,
    /// `NEW_IMAGE`, where there is a stream.
    pub(super) stream: Option<String>,
    pub(super) protected: bool,
    pub(super) recovers: Known<bool>,
    /// The attribute by which items expire.
    pub(super) expires: Known<Option<String>>,
}

#[derive(Debug, Clone)]
pub(super) struct Pool {
    /// Whether only administrators make accounts.
    pub(super) by_invitation: bool,
    pub(super) groups: Vec<String>,
    /// What the app's client may write of an account; none said means all.
    pub(super) writable: Vec<String>,
    pub(super) has_secret: bool,
    pub(super) callbacks: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct IdentityPool {
    pub(super) classic_flow: bool,
    pub(super) unauthenticated: bool,
    /// Which claim becomes which tag.
    pub(super) tags: Known<BTreeMap<String, String>>,
}

#[derive(Debug, Clone)]
pub(super) struct Alarm {
    pub(super) name: String,
    /// `OK`, `ALARM`, `INSUFFICIENT_DATA`.
    pub(super) state: String,
    pub(super) reason: String,
}
