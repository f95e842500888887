use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use super::{Deployment, EmulatorError, Stack};

/// Where everything is, as far as the emulator knows.
pub(super) const REGION: &str = "eu-west-1";

/// How an emulator is to behave.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// How often each message of a queue reaches its function.
    pub delivery: Delivery,
    /// No message is delayed longer than this, in seconds, and one whose function failed or died comes back this soon:
    /// so that no test waits for a delay that is right for a real cloud.
    pub patience: Option<f64>,
    /// How long a minute of a schedule lasts, in seconds: so that no test waits for the next one.
    pub minute: Option<f64>,
    /// Whether an e-mail subscription waits for the token that its owner is sent, as with SNS. Else it is confirmed at
    /// once.
    pub asks: bool,
}

/// How often each message of a queue reaches its function.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Delivery {
    /// As seldom as can be.
    #[default]
    Once,
    /// A second time after it was dealt with.
    Again,
    /// To two instances of the function beside each other.
    TwiceAtOnce,
}

/// A ministack of its own, on a free port of 127.0.0.1. It ends, with all the functions that it runs, when this is dropped,
/// and also when the process is killed that holds it.
#[derive(Debug)]
pub struct Emulator {
    endpoint: String,
    child: Child,
    /// It ends once this is closed.
    input: Option<ChildStdin>,
    /// Its temporary files and its log.
    home: TempDir,
}

impl Emulator {
    /// Starts one that delivers each message once.
    ///
    /// # Errors
    /// If the Python environment is not there, or the emulator does not start.
    pub async fn start() -> Result<Self, EmulatorError> {
        Self::start_with(Settings::default()).await
    }

    /// Starts one.
    ///
    /// # Errors
    /// As [`Emulator::start`].
    pub async fn start_with(settings: Settings) -> Result<Self, EmulatorError> {
        let emulator = spawn_blocking(move || Self::spawn(&settings)).await.expect("starting it does not panic")?;
        let asked = reqwest::get(format!("{}/_ministack/health", emulator.endpoint)).await;
        match asked.and_then(reqwest::Response::error_for_status) {
            Ok(_) => Ok(emulator),
            Err(cause) => Err(EmulatorError::Silent { endpoint: emulator.endpoint.clone(), cause }),
        }
    }

    /// Where it listens: `http://127.0.0.1:PORT`, for `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Deploys the template with the programs in a folder, [`super::bootstraps`] for one: a few seconds.
    ///
    /// # Errors
    /// If a program is not there, or the emulator refuses a part of the template.
    pub async fn deploy(&self, bootstraps: &Path, stack: &Stack) -> Result<Deployment, EmulatorError> {
        Deployment::make(&self.endpoint, bootstraps, stack).await
    }

    /// What it and the functions have written so far.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read(self.log_path()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// The process's id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    fn log_path(&self) -> PathBuf {
        self.home.path().join("log")
    }

    fn spawn(settings: &Settings) -> Result<Self, EmulatorError> {
        let home = TempDir::with_prefix("lacquer-emulator-").map_err(EmulatorError::io("making a temporary folder"))?;
        let log = home.path().join("log");
        let log = File::create(&log).map_err(EmulatorError::io("making the emulator's log"))?;
        let mut command = python("emulator.py")?;
        command
            .env("TMPDIR", home.path())
            .env("LACQUER_EMULATED_DELIVERY", settings.delivery.name())
            .env("LACQUER_EMULATED_ASKING", if settings.asks { "yes" } else { "no" })
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            // It ends its whole group, and with it the functions.
            .process_group(0);
        let shortened =
            [("LACQUER_EMULATED_PATIENCE", settings.patience), ("LACQUER_EMULATED_MINUTE", settings.minute)];
        for (name, seconds) in shortened {
            if let Some(seconds) = seconds {
                command.env(name, seconds.to_string());
            }
        }
        let mut child = command.spawn().map_err(EmulatorError::io("starting the emulator"))?;
        let input = child.stdin.take();
        let output = child.stdout.take().expect("its output is piped");
        let mut emulator = Self { endpoint: String::new(), child, input, home };

        let mut port = String::new();
        BufReader::new(output).read_line(&mut port).map_err(EmulatorError::io("reading the emulator's port"))?;
        if port.trim().is_empty() {
            return Err(EmulatorError::Ended(emulator.log()));
        }
        emulator.endpoint = format!("http://127.0.0.1:{}", port.trim());
        Ok(emulator)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.input = None;
        // Nothing is to be done about a process that cannot be waited for.
        let _ = self.child.wait();
    }
}

impl Delivery {
    fn name(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Again => "again",
            Self::TwiceAtOnce => "twice-at-once",
        }
    }
}

/// A script of `infra/local`, to be run in the project's Python environment with no surroundings of the person's own.
pub(super) fn python(script: &str) -> Result<Command, EmulatorError> {
    let interpreter = environment()?.join("bin/python");
    if !interpreter.exists() {
        return Err(EmulatorError::NoPython(interpreter));
    }
    let mut command = Command::new(interpreter);
    command
        .arg("-B")
        .arg(root().join("infra/local").join(script))
        .env("MINISTACK_REGION", REGION)
        .env("AWS_DEFAULT_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test");
    let own = ["AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"];
    for name in own {
        command.env_remove(name);
    }
    Ok(command)
}

/// Where `scripts/setup` makes the Python environment: its name is a hash of what is in it.
fn environment() -> Result<PathBuf, EmulatorError> {
    if let Some(folder) = std::env::var_os("LACQUER_VENV") {
        return Ok(folder.into());
    }
    let requirements = root().join("infra/requirements.txt");
    let bytes = fs::read(&requirements).map_err(EmulatorError::io(format!("reading {}", requirements.display())))?;
    let home = std::env::home_dir().ok_or(EmulatorError::NoHome)?;
    let hash = hex::encode(Sha256::digest(bytes));
    Ok(home.join(".cache/lacquer").join(format!("venv-{}", &hash[..16])))
}

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
