//! A cloud to sign in to, the person before the browser, and the computer's keyring.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use desktop::account::{Deployment, Endpoints};
use fake_cloud::FreePorts;
use fake_cloud::openid::{Answer, OpenId, OpenIdSettings, User};
use fake_keyring::Session;
use tokio::runtime::Runtime;

use crate::browser;
use crate::shell::{Ran, Shell};

pub(crate) const MIRA: &str = "mira@low-tide.example";

/// A cloud's OpenID provider, and a shell whose browser leads to it.
pub(crate) struct Cloud {
    pub(crate) shell: Shell,
    pub(crate) openid: Arc<OpenId>,
    browser: PathBuf,
    keyring: Option<Session>,
    /// The one that the browser comes back to.
    ports: FreePorts,
    // Serves the provider; ends last.
    _runtime: Runtime,
}

impl Cloud {
    /// On a computer with a keyring.
    pub(crate) fn new() -> Self {
        let mut cloud = Self::without_keyring();
        cloud.keyring = Some(Session::start(&cloud.shell.path("keyring")));
        cloud
    }

    pub(crate) fn without_keyring() -> Self {
        let (shell, runtime) = (Shell::new(), Runtime::new().unwrap());
        let ports = FreePorts::take(1);
        let port = ports.numbers()[0];
        let settings = OpenIdSettings { redirects: vec![format!("http://localhost:{port}/")], ..Default::default() };
        let (pool, client) = (settings.identity_pool.clone(), settings.client.clone());
        let openid = Arc::new(runtime.block_on(OpenId::start(settings)).unwrap());
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
            ports: vec![port],
            endpoints: Endpoints { s3: endpoint(), cognito_identity: endpoint(), cognito_idp: endpoint() },
            object_checksums: true,
        };
        shell.write("workspace.json", deployment.to_json().as_bytes());
        let browser = browser::make(&shell.path(""), runtime.handle().clone());
        Self { shell, openid, browser, keyring: None, ports, _runtime: runtime }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.shell.command();
        // Where nobody listens there is no keyring.
        let bus = self.keyring.as_ref().map_or("unix:path=/nobody/listens/here", Session::address);
        command.args(arguments).env("BROWSER", &self.browser).env("DBUS_SESSION_BUS_ADDRESS", bus);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.settled(self.shell.ran(&self.command(arguments).output().unwrap()))
    }

    /// Joined, in the folder `workspace`.
    pub(crate) fn join(&self) -> Ran {
        self.run(&["join", "workspace.json", "--yes", "--workspace", "workspace"])
    }

    /// Runs a command on the workspace.
    pub(crate) fn at(&self, arguments: &[&str]) -> Ran {
        self.run(&[arguments, &["--workspace", "workspace"]].concat())
    }

    /// Without what differs from run to run: ports, and the page's address, which is this sign-in's own.
    pub(crate) fn settled(&self, mut ran: Ran) -> Ran {
        for text in [&mut ran.stdout, &mut ran.stderr] {
            let page = format!("{}/oauth2/authorize?", self.openid.base());
            let lines = text.split_inclusive('\n');
            let lines = lines.map(|line| if line.starts_with(&page) { "PAGE\n" } else { line });
            let host = self.openid.base().replace("http://", "");
            *text =
                lines.collect::<String>().replace(&host, "HOST").replace(&self.ports.numbers()[0].to_string(), "PORT");
        }
        ran
    }

    /// What of all that nobody may see is in the folder, but for the keyring's own files.
    pub(crate) fn secrets_on_disk(&self) -> Vec<PathBuf> {
        let secrets = self.openid.secrets();
        assert!(!secrets.is_empty(), "nobody signed in yet");
        let mut found = Vec::new();
        let mut folders = vec![self.shell.path("")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                let (path, kind) = (entry.path(), entry.file_type().unwrap());
                if kind.is_dir() && entry.file_name() != "keyring" {
                    folders.push(path);
                } else if kind.is_file() {
                    let bytes = fs::read(&path).unwrap();
                    let holds = |secret: &String| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                    if secrets.iter().any(holds) {
                        found.push(path);
                    }
                }
            }
        }
        found
    }
}
