//! Somebody's computer, which joined a label's cloud from a shell.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use fake_cloud::label_cloud::LabelCloud;
use fake_keyring::Session;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::browser;
use crate::shell::{Ran, Shell};

/// A computer with a browser, and a keyring or none.
pub(crate) struct Desk {
    pub(crate) shell: Shell,
    keyring: Option<Session>,
    browser: PathBuf,
}

impl Desk {
    /// One with a keyring, at which somebody joined, in the folder `workspace`.
    pub(crate) async fn joined(cloud: &LabelCloud, who: &str) -> Self {
        let shell = Shell::new();
        let keyring = Session::start(&shell.path("keyring"));
        Self::of(cloud, who, shell, Some(keyring)).await
    }

    /// One without a keyring, such as a server.
    pub(crate) async fn joined_without_keyring(cloud: &LabelCloud, who: &str) -> Self {
        Self::of(cloud, who, Shell::new(), None).await
    }

    async fn of(cloud: &LabelCloud, who: &str, shell: Shell, keyring: Option<Session>) -> Self {
        shell.write("workspace.json", cloud.workspace_json().as_bytes());
        let browser = browser::make(&shell.path(""), Handle::current());
        let desk = Self { shell, keyring, browser };
        cloud.sign_in_as(who);
        let joined = desk.run(&["join", "workspace.json", "--yes"]).await;
        assert_eq!(joined.exit, 0, "{}", joined.text());
        desk
    }

    /// Runs a command on the workspace.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Ran {
        let ran = self.begin(arguments).await.unwrap();
        self.shell.ran(&ran)
    }

    /// Starts a command on the workspace.
    pub(crate) fn begin(&self, arguments: &[&str]) -> JoinHandle<std::process::Output> {
        let mut command = self.command(arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        tokio::task::spawn_blocking(move || child.wait_with_output().unwrap())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.shell.command();
        // Where nobody listens there is no keyring.
        let bus = self.keyring.as_ref().map_or("unix:path=/nobody/listens/here", Session::address);
        command
            .args(arguments)
            .args(["--workspace", "workspace"])
            .env("BROWSER", &self.browser)
            .env("DBUS_SESSION_BUS_ADDRESS", bus);
        command
    }
}

/// Asks the API as an account does, and answers with what it says.
pub(crate) async fn ask(cloud: &LabelCloud, who: &str, method: Method, path: &str, body: Option<&Value>) -> Value {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let token = cloud.openid.id_token(who).unwrap();
    let request = http.request(method, format!("{}/v1/{path}", cloud.deployed.api)).bearer_auth(token);
    let request = match body {
        Some(body) => request.json(body),
        None => request,
    };
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{path}: {status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

/// Approves the only release there is, having heard all of it.
pub(crate) async fn approve(cloud: &LabelCloud, who: &str) {
    let releases = ask(cloud, who, Method::GET, "releases", None).await;
    let release = &releases["releases"][0];
    let tracks = release["tracks"].as_array().unwrap().iter();
    let renditions = tracks.flat_map(|track| track["renditions"].as_array().unwrap());
    let heard: Vec<&Value> = renditions.map(|rendition| &rendition["recipe"]).collect();
    let decision = json!({
        "delivery": release["delivery"],
        "heard": heard,
        "metadata": release["metadata"],
        "verdict": "approve",
    });
    let path = format!("releases/{}/decision", release["key"]["release"].as_str().unwrap());
    ask(cloud, who, Method::POST, &path, Some(&decision)).await;
}

/// Takes the only release there is back.
pub(crate) async fn withdraw(cloud: &LabelCloud, who: &str, reason: &str) {
    let releases = ask(cloud, who, Method::GET, "releases", None).await;
    let release = releases["releases"][0]["key"]["release"].as_str().unwrap();
    ask(cloud, who, Method::POST, &format!("releases/{release}/withdrawal"), Some(&json!({ "reason": reason }))).await;
}
