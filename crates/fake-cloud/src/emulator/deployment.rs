use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::EmulatorError;
use super::process::{REGION, python};

/// What is to be deployed.
#[derive(Debug, Clone)]
pub struct Stack {
    /// Its name: lower case, since buckets are named by it.
    pub name: String,
    /// Parameters of the template, by name: `TokenIssuer` and `TokenAudience` for an OpenID provider of one's own,
    /// `ObjectChecksums`.
    pub parameters: BTreeMap<String, String>,
    /// More environment variables, for every function.
    pub variables: BTreeMap<String, String>,
}

impl Default for Stack {
    /// `lacquer`, with no full-object checksums, which the emulator does not have.
    fn default() -> Self {
        Self {
            name: "lacquer".to_owned(),
            parameters: BTreeMap::from([("ObjectChecksums".to_owned(), "false".to_owned())]),
            variables: BTreeMap::new(),
        }
    }
}

impl Stack {
    /// With a parameter of the template.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters.insert(name.to_owned(), value.to_owned());
        self
    }

    /// With one more environment variable, for every function.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }
}

/// One of the template's functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named by what it does")]
pub enum Function {
    Intake,
    Transcode,
    Catalogue,
    Notify,
    Api,
}

impl Function {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Intake, Self::Transcode, Self::Catalogue, Self::Notify, Self::Api];

    /// Its program's name.
    #[must_use]
    pub fn program(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Transcode => "transcode",
            Self::Catalogue => "catalogue",
            Self::Notify => "notify",
            Self::Api => "api",
        }
    }
}

/// Where everything is that the template made. Names are of buckets and the table, queues are addresses.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each is named by what it is")]
pub struct Deployment {
    pub endpoint: String,
    pub region: String,
    pub stack: String,
    /// The API's base, without a slash at its end and without `/v1`.
    pub api: String,
    pub issuer: String,
    pub client: String,
    pub user_pool: String,
    pub identity_pool: String,
    pub masters: String,
    pub renditions: String,
    pub table: String,
    pub intake_queue: String,
    pub intake_dead_letters: String,
    pub transcode_queue: String,
    pub transcode_dead_letters: String,
    pub catalogue_queue: String,
    pub catalogue_dead_letters: String,
    pub notify_dead_letters: String,
    /// What the ARNs of artists' topics begin with.
    pub topic_prefix: String,
    /// All outputs of the template, by name.
    pub outputs: BTreeMap<String, String>,
    functions: BTreeMap<String, String>,
    variables: BTreeMap<String, String>,
}

/// What `infra/local/deploy.py` prints.
#[derive(Deserialize)]
struct Deployed {
    outputs: BTreeMap<String, String>,
    functions: BTreeMap<String, String>,
}

impl Deployment {
    pub(super) async fn make(endpoint: &str, bootstraps: &Path, stack: &Stack) -> Result<Self, EmulatorError> {
        let asked = json!({
            "endpoint": endpoint,
            "region": REGION,
            "stack": stack.name,
            "bootstraps": bootstraps,
            "parameters": stack.parameters,
            "variables": stack.variables,
        });
        let mut command = python("deploy.py")?;
        let ran = spawn_blocking(move || {
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn()?;
            // Closed by being dropped, so that the script sees its end.
            child.stdin.take().expect("its input is piped").write_all(asked.to_string().as_bytes())?;
            child.wait_with_output()
        });
        let ran = ran.await.expect("running it does not panic").map_err(EmulatorError::io("running deploy.py"))?;
        let not_deployed = || EmulatorError::NotDeployed(String::from_utf8_lossy(&ran.stderr).into_owned());
        if !ran.status.success() {
            return Err(not_deployed());
        }
        let deployed: Deployed = serde_json::from_slice(&ran.stdout).map_err(|_| not_deployed())?;
        Self::read(endpoint, stack, deployed)
    }

    fn read(endpoint: &str, stack: &Stack, deployed: Deployed) -> Result<Self, EmulatorError> {
        let outputs = &deployed.outputs;
        let output = |name| outputs.get(name).cloned().ok_or(EmulatorError::NoOutput(name));
        Ok(Self {
            endpoint: endpoint.to_owned(),
            region: REGION.to_owned(),
            stack: stack.name.clone(),
            // ministack's own way to an HTTP API without a name of its own.
            api: format!("{endpoint}/_aws/execute-api/{}/$default", output("ApiUrl")?),
            issuer: output("Issuer")?,
            client: output("Client")?,
            user_pool: output("UserPool")?,
            identity_pool: output("IdentityPool")?,
            masters: output("Masters")?,
            renditions: output("Renditions")?,
            table: output("Table")?,
            intake_queue: output("IntakeQueue")?,
            intake_dead_letters: output("IntakeDeadLetters")?,
            transcode_queue: output("TranscodeQueue")?,
            transcode_dead_letters: output("TranscodeDeadLetters")?,
            catalogue_queue: output("CatalogueQueue")?,
            catalogue_dead_letters: output("CatalogueDeadLetters")?,
            notify_dead_letters: output("NotifyDeadLetters")?,
            topic_prefix: output("TopicPrefix")?,
            functions: deployed.functions,
            variables: stack.variables.clone(),
            outputs: deployed.outputs,
        })
    }

    /// A function's name, as Lambda knows it.
    #[must_use]
    pub fn name_of(&self, function: Function) -> &str {
        &self.functions[function.program()]
    }

    /// The environment variables that the template gives the functions, to run code of theirs in a test's own process:
    /// with credentials and the emulator's address. The same that every function has.
    ///
    /// # Errors
    /// If the emulator does not answer.
    pub async fn surroundings(&self) -> Result<BTreeMap<String, String>, EmulatorError> {
        let mut variables = self.variables_of(Function::Api).await?;
        for (name, value) in [
            ("AWS_ENDPOINT_URL", self.endpoint.as_str()),
            ("AWS_REGION", &self.region),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
        ] {
            variables.insert(name.to_owned(), value.to_owned());
        }
        Ok(variables)
    }

    /// Has a function killed once, at its next passage of a crash point: `NAME` or `NAME:N`. Processes that run are
    /// replaced. After the first death the point is left out, until the function is configured anew, also where that is
    /// the same. Of several, with commas between them, each kills another process: those that are started first, in their
    /// order.
    ///
    /// # Errors
    /// If the emulator refuses it.
    pub async fn kill_at(&self, function: Function, point: &str) -> Result<(), EmulatorError> {
        self.set_variable(function, "LACQUER_KILL_AT", Some(point)).await
    }

    /// How many processes of a function were killed, or died, so far: `log` is the emulator's.
    #[must_use]
    pub fn deaths(&self, function: Function, log: &str) -> usize {
        let said = format!("{}: died", self.name_of(function));
        log.lines().filter(|line| **line == said).count()
    }

    /// Changes a function's environment variable, or removes it. Processes that run are replaced.
    ///
    /// # Errors
    /// If the emulator refuses it.
    pub async fn set_variable(&self, function: Function, name: &str, value: Option<&str>) -> Result<(), EmulatorError> {
        let mut variables = self.variables_of(function).await?;
        match value {
            Some(value) => variables.insert(name.to_owned(), value.to_owned()),
            None => variables.remove(name),
        };
        let body = json!({"Environment": {"Variables": variables}});
        self.call(reqwest::Method::PUT, function, "configuration", Some(&body)).await.map(|_| ())
    }

    /// Calls a function and waits for its answer, which may be an error's.
    ///
    /// # Errors
    /// If the emulator refuses it.
    pub async fn invoke(&self, function: Function, event: &Value) -> Result<Value, EmulatorError> {
        self.call(reqwest::Method::POST, function, "invocations", Some(event)).await
    }

    async fn variables_of(&self, function: Function) -> Result<BTreeMap<String, String>, EmulatorError> {
        let configuration = self.call(reqwest::Method::GET, function, "configuration", None).await?;
        let variables = configuration["Environment"]["Variables"].clone();
        Ok(serde_json::from_value(variables).unwrap_or_else(|_| self.variables.clone()))
    }

    async fn call(
        &self,
        method: reqwest::Method,
        function: Function,
        what: &str,
        body: Option<&Value>,
    ) -> Result<Value, EmulatorError> {
        let name = self.name_of(function);
        let doing = format!("{method} {what} of {name}");
        let request = reqwest::Client::new()
            .request(method, format!("{}/2015-03-31/functions/{name}/{what}", self.endpoint))
            // ministack tells by this whose call it is; it checks no signature.
            .header(
                "authorization",
                format!("AWS4-HMAC-SHA256 Credential=test/20260101/{}/lambda/aws4_request", self.region),
            );
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let silent = |cause| EmulatorError::Silent { endpoint: self.endpoint.clone(), cause };
        let answer = request.send().await.map_err(silent)?;
        let status = answer.status();
        let text = answer.text().await.map_err(silent)?;
        if !status.is_success() {
            return Err(EmulatorError::Refused { doing, answer: format!("{status} {text}") });
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}
