use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::emulator::{Deployment, EmulatorError, project};
use crate::openid::OpenId;

/// What `infra/workspace-json` makes of a deployment, with the provider's client, pool and ports in the place of the
/// user pool's, which the emulator has no sign-in pages for.
pub(super) async fn workspace_json(
    deployed: &Deployment,
    openid: &OpenId,
    identity_pool: &str,
    ports: &[u16],
) -> Result<String, EmulatorError> {
    let outputs = deployed.outputs.iter().map(|(key, value)| json!({ "OutputKey": key, "OutputValue": value }));
    let described = json!({ "Stacks": [{ "Outputs": outputs.collect::<Vec<_>>() }] }).to_string();
    let mut command = Command::new(project().join("infra/workspace-json"));
    let provider = openid.base();
    for (option, address) in [
        ("--api", &deployed.api),
        ("--sign-in", &provider),
        ("--s3", &deployed.endpoint),
        ("--cognito-identity", &provider),
        ("--cognito-idp", &provider),
    ] {
        command.arg(option).arg(address);
    }
    let ran = spawn_blocking(move || {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        // Closed by being dropped, so that the script sees its end.
        child.stdin.take().expect("its input is piped").write_all(described.as_bytes())?;
        child.wait_with_output()
    });
    let ran = ran.await.expect("running it does not panic").map_err(EmulatorError::io("running workspace-json"))?;
    let mut workspace: Value = serde_json::from_slice(&ran.stdout)
        .map_err(|_| EmulatorError::NotDeployed(String::from_utf8_lossy(&ran.stderr).into_owned()))?;
    workspace["identity_pool"] = json!(identity_pool);
    workspace["ports"] = json!(ports);
    Ok(format!("{workspace:#}\n"))
}
