//! A label's own cloud, whole: the template on an emulator with the functions' real programs, an OpenID provider that the
//! API trusts, accounts of a label, and the `workspace.json` that an app joins it by.
//!
//! ```no_run
//! # async fn example() -> Result<(), fake_cloud::emulator::EmulatorError> {
//! use fake_cloud::label_cloud::{LabelCloud, MANAGER};
//!
//! let cloud = LabelCloud::start().await?;
//! // Whoever opens the sign-in page from now on is the manager, at once.
//! cloud.sign_in_as(MANAGER);
//! std::fs::write("workspace.json", cloud.workspace_json()).unwrap();
//! // … an app joins by it and delivers; somebody follows an artist, and so there is a topic.
//! cloud.hear_topics().await?;
//! // … a release goes live.
//! for news in cloud.news().await? {
//!     println!("{}: {}", news.subject, news.text);
//! }
//! # Ok(())
//! # }
//! ```

mod asking;
mod joining;
mod kept;
mod topics;

use crate::emulator::{Deployment, Emulator, EmulatorError, Function, Settings, Stack, bootstraps};
use crate::openid::{Answer, OpenId, OpenIdSettings, User};
use crate::ports::FreePorts;

use asking::held_by;
pub use kept::Item;
pub use topics::News;

/// The label that all accounts are of.
pub const LABEL: &str = "night-office";
/// Delivers releases and decides on them.
pub const MANAGER: &str = "mira@night-office.example";
/// Delivers releases.
pub const STAFF: &str = "tom@night-office.example";
/// An artist's account, which sees nothing until it is mapped to artists.
pub const ARTIST: &str = "ada@night-office.example";

/// A label's cloud. It ends when this is dropped, with all that it runs.
#[derive(Debug)]
pub struct LabelCloud {
    /// Where everything of it runs.
    pub emulator: Emulator,
    /// Whose tokens its API takes.
    pub openid: OpenId,
    /// What the template made.
    pub deployed: Deployment,
    workspace: String,
    /// The queue that hears what topics tell.
    news: String,
    /// Where a browser comes back to an app that joined.
    _ports: FreePorts,
}

impl LabelCloud {
    /// Starts one in which each message comes once, and nothing is waited for longer than half a second.
    ///
    /// # Errors
    /// If the emulator does not start, the functions do not build, or the template is not deployed.
    pub async fn start() -> Result<Self, EmulatorError> {
        Self::start_with(Settings { patience: Some(0.5), ..Settings::default() }, Stack::default()).await
    }

    /// Starts one on an emulator that behaves so, with more parameters and variables than it needs.
    ///
    /// # Errors
    /// As [`LabelCloud::start`].
    pub async fn start_with(settings: Settings, stack: Stack) -> Result<Self, EmulatorError> {
        let bootstraps = tokio::task::spawn_blocking(bootstraps).await.expect("building them does not panic")?;
        let emulator = Emulator::start_with(settings).await?;
        let ports = FreePorts::take(3);
        let redirects = ports.numbers().iter().map(|port| format!("http://localhost:{port}/")).collect();
        // As the template sets the user pool up: who is ended between a renewal and noting it is signed in still.
        let settings = OpenIdSettings { redirects, grace_seconds: 60, ..OpenIdSettings::default() };
        let identity_pool = settings.identity_pool.clone();
        let openid = OpenId::start(settings).await.map_err(EmulatorError::io("starting the OpenID provider"))?;
        for (email, groups) in [(MANAGER, &["staff", "manager"][..]), (STAFF, &["staff"]), (ARTIST, &["artist"])] {
            openid.put_user(User::new(email, LABEL, groups));
        }
        let stack = stack
            .parameter("WorkspaceName", "Night Office")
            .parameter("TokenIssuer", &openid.issuer())
            .parameter("TokenAudience", &openid.client())
            // What a dead function was at is taken over within seconds, rather than minutes.
            .variable("LACQUER_TAKE_OVER_SECONDS", "2");
        let deployed = emulator.deploy(&bootstraps, &stack).await?;
        let workspace = joining::workspace_json(&deployed, &openid, &identity_pool, ports.numbers()).await?;
        let news = topics::queue(&deployed).await?;
        Ok(Self { emulator, openid, deployed, workspace, news, _ports: ports })
    }

    /// The file that a person opens to join it.
    #[must_use]
    pub fn workspace_json(&self) -> &str {
        &self.workspace
    }

    /// Has whoever opens the sign-in page signed in as an account at once, as a browser does that is signed in already.
    pub fn sign_in_as(&self, email: &str) {
        self.openid.answer(Answer::Approve(email.to_owned()));
    }

    /// How many messages all queues of dead letters hold.
    ///
    /// # Errors
    /// If the emulator does not answer.
    pub async fn dead_letters(&self) -> Result<u64, EmulatorError> {
        let of = &self.deployed;
        let queues =
            [&of.intake_dead_letters, &of.transcode_dead_letters, &of.catalogue_dead_letters, &of.notify_dead_letters];
        self.held_by_all(&queues).await
    }

    /// How many messages the functions have still to deal with, or are dealing with.
    ///
    /// # Errors
    /// If the emulator does not answer.
    pub async fn under_way(&self) -> Result<u64, EmulatorError> {
        let of = &self.deployed;
        self.held_by_all(&[&of.intake_queue, &of.transcode_queue, &of.catalogue_queue]).await
    }

    /// How many processes of a function were killed, or died, so far.
    #[must_use]
    pub fn deaths(&self, function: Function) -> usize {
        self.deployed.deaths(function, &self.emulator.log())
    }

    async fn held_by_all(&self, queues: &[&String]) -> Result<u64, EmulatorError> {
        let mut held = 0;
        for queue in queues {
            held += held_by(&self.deployed, queue).await?;
        }
        Ok(held)
    }
}
