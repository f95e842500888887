//! A label's cloud, a computer that joined it, and who works there.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cloud::ports::ManualClock;
use desktop::account::{Ask, Browser, Deployment, Endpoints, Secret, SignedIn, Vault, VaultError};
use desktop::player::Player;
use desktop::{Joining, Options, Session, View};
use fake_cloud::FreePorts;
use fake_cloud::openid::{Answer, OpenId, OpenIdSettings, User};
use fake_s3::FakeS3;
use jiff::{SignedDuration, Timestamp};
use release::{DeliveryId, ReleaseId, keys};
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::album;
use crate::api::FakeApi;

pub(crate) const MIRA: &str = "mira@low-tide.example";
pub(crate) const ANN: &str = "ann@low-tide.example";
pub(crate) const LABEL: &str = "low-tide";
const BUCKET: &str = "low-tide-masters";

pub(crate) struct Stage {
    pub(crate) openid: OpenId,
    pub(crate) s3: FakeS3,
    pub(crate) api: FakeApi,
    pub(crate) clock: Arc<ManualClock>,
    deployment: Deployment,
    _ports: FreePorts,
}

/// A computer, with its keyring and folders.
pub(crate) struct Computer {
    pub(crate) folder: TempDir,
    vault: Arc<MemoryVault>,
    home: PathBuf,
    clock: Arc<ManualClock>,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let ports = FreePorts::take(3);
        let redirects = ports.numbers().iter().map(|port| format!("http://localhost:{port}/")).collect();
        let settings = OpenIdSettings { redirects, ..OpenIdSettings::default() };
        let (pool, client) = (settings.identity_pool.clone(), settings.client.clone());
        let openid = OpenId::start(settings).await.unwrap();
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        openid.stand_at(now);
        openid.put_user(User::new(MIRA, LABEL, &["staff", "manager"]));
        openid.put_user(User::new(ANN, LABEL, &["artist"]));
        let s3 = FakeS3::start().await.unwrap();
        let api = FakeApi::start(now, openid.issuer(), client.clone()).await;
        let base = openid.base();
        let deployment = Deployment {
            name: "Low Tide Records".to_owned(),
            region: "eu-west-1".to_owned(),
            api: api.base.clone(),
            issuer: openid.issuer(),
            sign_in: base.clone(),
            client,
            identity_pool: pool,
            masters: BUCKET.to_owned(),
            ports: ports.numbers().to_vec(),
            endpoints: Endpoints {
                s3: Some(s3.endpoint()),
                cognito_identity: Some(base.clone()),
                cognito_idp: Some(base),
            },
            object_checksums: true,
        };
        Self { openid, s3, api, clock: Arc::new(ManualClock::new(now)), deployment, _ports: ports }
    }

    /// A computer on which somebody joined the cloud.
    pub(crate) async fn joined(&self, who: &str) -> Computer {
        self.openid.answer(Answer::Approve(who.to_owned()));
        let (folder, vault) = (tempfile::tempdir().unwrap(), Arc::<MemoryVault>::default());
        let joining = Joining::begin(
            folder.path().join("workspaces"),
            self.deployment.clone(),
            Arc::clone(&vault) as _,
            Arc::new(Robot),
            Arc::clone(&self.clock) as _,
        );
        let joining = joining.await.unwrap();
        let signed_in: SignedIn = joining.account().sign_in(Ask::Usual).await.unwrap();
        let home = joining.finish(signed_in, Timestamp::UNIX_EPOCH).await.unwrap();
        Computer { folder, vault, home, clock: Arc::clone(&self.clock) }
    }

    /// Time goes on, everywhere.
    pub(crate) fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
        self.openid.stand_at(cloud::ports::Clock::now(&*self.clock));
        self.api.pass(time);
    }

    /// What was delivered arrives in the cloud, as S3 tells it, and everything is done that is to be done.
    pub(crate) async fn hear_of(&self, release: ReleaseId, delivery: DeliveryId, review: bool) {
        let label = LABEL.parse().unwrap();
        let key = keys::manifest(&label, release, delivery);
        let json = self.s3.object(BUCKET, &key).expect("the manifest is in the store");
        let manifest = release::Manifest::from_json(&json).unwrap();
        for asset in manifest.release.assets() {
            let key = keys::asset(&label, asset);
            self.api.cloud().arrive(&key, self.s3.object(BUCKET, &key).expect("assets come first")).await;
        }
        self.api.cloud().arrive(&key, json).await;
        self.api.cloud().hear_of(&key).await;
        self.api.cloud().settle(review).await;
    }
}

impl Computer {
    pub(crate) async fn open(&self) -> Session {
        self.open_with(Player::none()).await
    }

    pub(crate) async fn open_with(&self, player: Player) -> Session {
        let options = Options {
            player,
            clock: Arc::clone(&self.clock) as _,
            vault: Arc::clone(&self.vault) as _,
            browser: Arc::new(Robot),
            ..Options::default()
        };
        Session::open(&self.home, options).await.unwrap()
    }

    /// An album that may be delivered, as a draft.
    pub(crate) async fn draft(&self, session: &Session, titles: &[&str]) -> ReleaseId {
        let folder = album::write(self.folder.path(), titles);
        let draft = session.import(vec![folder]).await.unwrap();
        album::complete(session, draft).await.unwrap();
        draft
    }
}

/// Queues a draft, and waits until its manifest is in the store.
pub(crate) async fn deliver(session: &Session, draft: ReleaseId) -> DeliveryId {
    let delivery = session.queue(draft).await.unwrap().delivery;
    sent(session, delivery).await;
    delivery
}

pub(crate) async fn sent(session: &Session, delivery: DeliveryId) {
    let is_sent = |view: &View| {
        let known = &view.delivery(delivery)?.delivery;
        assert!(known.state != desktop::DeliveryState::Failed, "{:?}", known.trouble);
        (known.state == desktop::DeliveryState::Sent).then_some(())
    };
    session.wait_for(is_sent).await.unwrap();
}

/// Waits until a release stands somewhere, as the cloud says.
pub(crate) async fn stands(session: &Session, release: ReleaseId, state: desktop::State) -> Arc<desktop::ReleaseView> {
    session.look_for_news().await.unwrap();
    let found = |view: &View| view.release(release).filter(|view| view.state == state).cloned();
    session.wait_for(found).await.unwrap()
}

/// A person whose browser follows wherever it is led.
#[derive(Debug)]
pub(crate) struct Robot;

impl Browser for Robot {
    fn open(&self, address: &str) -> io::Result<()> {
        let address = address.to_owned();
        Handle::current().spawn(async move {
            let here = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
            let http = reqwest::Client::builder().no_proxy().resolve("localhost", here);
            let http = http.redirect(reqwest::redirect::Policy::none()).build().unwrap();
            let sent_back = http.get(address).send().await.unwrap();
            let location = sent_back.headers()["location"].to_str().unwrap().to_owned();
            http.get(location).send().await.unwrap();
        });
        Ok(())
    }
}

/// A keyring that forgets when the test ends.
#[derive(Debug, Default)]
pub(crate) struct MemoryVault(Mutex<BTreeMap<(String, String), String>>);

fn entry(service: &str, account: &str) -> (String, String) {
    (service.to_owned(), account.to_owned())
}

#[async_trait]
impl Vault for MemoryVault {
    async fn save(&self, service: &str, account: &str, secret: &Secret) -> Result<(), VaultError> {
        self.0.lock().unwrap().insert(entry(service, account), secret.expose().to_owned());
        Ok(())
    }

    async fn load(&self, service: &str, account: &str) -> Result<Option<Secret>, VaultError> {
        Ok(self.0.lock().unwrap().get(&entry(service, account)).cloned().map(Secret::new))
    }

    async fn forget(&self, service: &str, account: &str) -> Result<(), VaultError> {
        self.0.lock().unwrap().remove(&entry(service, account));
        Ok(())
    }
}
