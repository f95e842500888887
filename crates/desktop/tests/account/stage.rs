use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cloud::ports::ManualClock;
use desktop::account::{
    Account, AccountOptions, AccountView, Ask, Browser, Deployment, Endpoints, Secret, SignedIn, Vault, VaultError,
};
use fake_cloud::FreePorts;
use fake_cloud::openid::{Answer, Call, OpenId, OpenIdSettings, User};
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::sync::Notify;

pub(crate) const MIRA: &str = "mira@low-tide.example";

/// A cloud whose time stands still, one who works for a label, and what a computer has.
pub(crate) struct Stage {
    pub(crate) openid: OpenId,
    pub(crate) deployment: Arc<Deployment>,
    pub(crate) vault: Arc<MemoryVault>,
    pub(crate) browser: Arc<Robot>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) folder: TempDir,
    /// Held for as long as somebody may sign in.
    pub(crate) _ports: FreePorts,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut OpenIdSettings)) -> Self {
        let ports = FreePorts::take(3);
        let redirects = ports.numbers().iter().map(|port| format!("http://localhost:{port}/")).collect();
        let mut settings = OpenIdSettings { redirects, ..OpenIdSettings::default() };
        change(&mut settings);
        let (pool, client) = (settings.identity_pool.clone(), settings.client.clone());
        let openid = OpenId::start(settings).await.unwrap();
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        openid.stand_at(now);
        openid.put_user(User::new(MIRA, "low-tide", &["staff", "manager"]));
        openid.answer(Answer::Approve(MIRA.to_owned()));
        let base = openid.base();
        let endpoint = || Some(base.clone());
        let deployment = Deployment {
            name: "Low Tide Records".to_owned(),
            region: "eu-west-1".to_owned(),
            api: base.clone(),
            issuer: openid.issuer(),
            sign_in: base.clone(),
            client,
            identity_pool: pool,
            masters: "low-tide-masters".to_owned(),
            ports: ports.numbers().to_vec(),
            endpoints: Endpoints { s3: endpoint(), cognito_identity: endpoint(), cognito_idp: endpoint() },
            object_checksums: false,
        };
        // What a test makes is what a file may hold.
        let deployment = Deployment::read(deployment.to_json().as_bytes()).unwrap();
        Self {
            openid,
            deployment: Arc::new(deployment),
            vault: Arc::default(),
            browser: Arc::default(),
            clock: Arc::new(ManualClock::new(now)),
            folder: tempfile::tempdir().unwrap(),
            _ports: ports,
        }
    }

    pub(crate) fn accounts_file(&self) -> PathBuf {
        self.folder.path().join("accounts.json")
    }

    /// The account as a program finds it when it starts.
    pub(crate) async fn open(&self) -> Account {
        self.open_with(|_| {}).await
    }

    pub(crate) async fn open_with(&self, change: impl FnOnce(&mut AccountOptions)) -> Account {
        let mut options = AccountOptions {
            label: Some("low-tide".parse().unwrap()),
            accounts: self.accounts_file(),
            vault: Arc::<MemoryVault>::clone(&self.vault),
            browser: Arc::<Robot>::clone(&self.browser),
            clock: Arc::<ManualClock>::clone(&self.clock),
        };
        change(&mut options);
        Account::open(Arc::clone(&self.deployment), options).await.unwrap()
    }

    /// An account that is signed in; what the cloud was asked so far is forgotten.
    pub(crate) async fn signed_in(&self) -> Account {
        let account = self.open().await;
        account.sign_in(Ask::Usual).await.unwrap();
        self.openid.calls();
        account
    }

    /// Time goes on, for the cloud and for the computer.
    pub(crate) fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
        self.openid.stand_at(cloud::ports::Clock::now(&*self.clock));
    }

    /// Asks the provider for something that it does not count: what was on its way to it has arrived by then.
    pub(crate) async fn round_trip(&self) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        http.get(format!("{}/.well-known/jwks.json", self.openid.issuer())).send().await.unwrap();
    }

    /// How often one of Cognito's calls was made since the last time.
    pub(crate) fn count(&self, action: &str) -> usize {
        self.openid.calls().iter().filter(|call| **call == Call::Cognito(action.to_owned())).count()
    }
}

pub(crate) fn signed_in(account: &Account) -> SignedIn {
    match account.view() {
        AccountView::SignedIn(who) => who,
        other => panic!("{other:?}"),
    }
}

/// A person with a browser.
#[derive(Debug, Default)]
pub(crate) struct Robot {
    manner: Mutex<Manner>,
    opened: Mutex<Vec<String>>,
    /// The status of each page that came from this computer.
    pub(crate) pages: Arc<tokio::sync::Mutex<Vec<(u16, String)>>>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Goes wherever the cloud leads.
    #[default]
    Follows,
    /// Loads the last page again.
    FollowsTwice,
    /// Comes with another's state first.
    WrongStateFirst,
    /// Closes the window.
    Leaves,
    /// Is not there.
    Missing,
}

impl Robot {
    pub(crate) fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// The addresses that were opened.
    pub(crate) fn opened(&self) -> Vec<String> {
        self.opened.lock().unwrap().clone()
    }
}

impl Browser for Robot {
    fn open(&self, address: &str) -> io::Result<()> {
        self.opened.lock().unwrap().push(address.to_owned());
        let manner = *self.manner.lock().unwrap();
        match manner {
            Manner::Missing => return Err(io::Error::new(io::ErrorKind::NotFound, "no browser")),
            Manner::Leaves => return Ok(()),
            Manner::Follows | Manner::FollowsTwice | Manner::WrongStateFirst => {}
        }
        let (address, pages) = (address.to_owned(), Arc::clone(&self.pages));
        Handle::current().spawn(async move {
            // Held until all pages are read, so that who looks at them has them all.
            let mut pages = pages.lock().await;
            let http =
                reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
            let sent_back = http.get(address).send().await.unwrap();
            let location = sent_back.headers()["location"].to_str().unwrap().to_owned();
            let mut visits = vec![location.clone()];
            if manner == Manner::WrongStateFirst {
                visits.insert(0, with_state(&location, "of-somebody-else"));
            }
            if manner == Manner::FollowsTwice {
                visits.push(location);
            }
            // Opened before anything is answered: the listener goes once it has its answer.
            let mut streams = Vec::new();
            for address in &visits {
                let url = Url::parse(address).unwrap();
                streams.push((tokio::net::TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.unwrap(), url));
            }
            for (stream, url) in streams {
                if let Some(page) = visit(stream, &url).await {
                    pages.push(page);
                }
            }
        });
        Ok(())
    }
}

/// Asks for a page over a connection that is open. None where it was closed on the way.
async fn visit(mut stream: tokio::net::TcpStream, url: &Url) -> Option<(u16, String)> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let path = format!("{}?{}", url.path(), url.query().unwrap_or_default());
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", url.port().unwrap());
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await.ok()?;
    let status = text.split(' ').nth(1)?.parse().ok()?;
    Some((status, text))
}

fn with_state(location: &str, state: &str) -> String {
    let mut url = Url::parse(location).unwrap();
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != "state")
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair("state", state);
    url.into()
}

/// A keyring that forgets when the test ends.
#[derive(Debug, Default)]
pub(crate) struct MemoryVault {
    kept: Mutex<BTreeMap<(String, String), String>>,
    fault: Mutex<Option<VaultError>>,
    /// Where set, a call to save does all of its work and never returns, as if the computer lost its power.
    dies: Mutex<Option<Arc<Notify>>>,
    /// Where set, a call to save waits before it does anything, as while a person is asked for the keyring's password.
    hangs: Mutex<Option<Arc<Hanging>>>,
    /// Where set, the next call to save finds the keyring locked, and so does every call after it.
    locks: AtomicBool,
}

/// A call that waits until it is let go on.
#[derive(Debug, Default)]
pub(crate) struct Hanging {
    pub(crate) reached: Notify,
    pub(crate) go_on: Notify,
}

impl MemoryVault {
    pub(crate) fn break_with(&self, fault: Option<VaultError>) {
        *self.fault.lock().unwrap() = fault;
    }

    /// Told when the next secret is saved, after which nothing goes on.
    pub(crate) fn die_after_save(&self) -> Arc<Notify> {
        let died = Arc::new(Notify::new());
        *self.dies.lock().unwrap() = Some(Arc::clone(&died));
        died
    }

    /// Has the next call to save wait.
    pub(crate) fn hang_at_save(&self) -> Arc<Hanging> {
        let hanging = Arc::<Hanging>::default();
        *self.hangs.lock().unwrap() = Some(Arc::clone(&hanging));
        hanging
    }

    /// Locks the keyring between reading from it and the next call to save.
    pub(crate) fn lock_at_save(&self) {
        self.locks.store(true, Ordering::SeqCst);
    }

    pub(crate) fn secrets(&self) -> Vec<String> {
        self.kept.lock().unwrap().values().cloned().collect()
    }

    pub(crate) fn entries(&self) -> Vec<(String, String)> {
        self.kept.lock().unwrap().keys().cloned().collect()
    }

    /// Another program puts something into the place of all that is there.
    pub(crate) fn replace_all(&self, secret: &str) {
        self.kept.lock().unwrap().values_mut().for_each(|kept| secret.clone_into(kept));
    }

    fn fault(&self) -> Result<(), VaultError> {
        self.fault.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl Vault for MemoryVault {
    async fn save(&self, service: &str, account: &str, secret: &Secret) -> Result<(), VaultError> {
        let hangs = self.hangs.lock().unwrap().take();
        if let Some(hanging) = hangs {
            hanging.reached.notify_one();
            hanging.go_on.notified().await;
        }
        if self.locks.swap(false, Ordering::SeqCst) {
            self.break_with(Some(VaultError::Refused { reason: "it is locked".to_owned() }));
        }
        self.fault()?;
        let entry = (service.to_owned(), account.to_owned());
        self.kept.lock().unwrap().insert(entry, secret.expose().to_owned());
        let died = self.dies.lock().unwrap().take();
        if let Some(died) = died {
            died.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(())
    }

    async fn load(&self, service: &str, account: &str) -> Result<Option<Secret>, VaultError> {
        self.fault()?;
        let entry = (service.to_owned(), account.to_owned());
        Ok(self.kept.lock().unwrap().get(&entry).cloned().map(Secret::new))
    }

    async fn forget(&self, service: &str, account: &str) -> Result<(), VaultError> {
        self.fault()?;
        self.kept.lock().unwrap().remove(&(service.to_owned(), account.to_owned()));
        Ok(())
    }
}
