//! An operator's shell.

use std::process::Command;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::{BehaviorVersion, Region, SharedCredentialsProvider};
use fake_cloud::emulator::Deployment;

use crate::shell::{Ran, Shell};

/// `lacquer-cli cloud …` on a deployment, with an operator's credentials and nothing of this machine's.
pub(crate) async fn run(shell: &Shell, cloud: &Deployment, arguments: &[&str]) -> Ran {
    run_at(shell, &cloud.region, &cloud.endpoint, arguments).await
}

/// The same, where there may be less than a deployment.
pub(crate) async fn run_at(shell: &Shell, region: &str, endpoint: &str, arguments: &[&str]) -> Ran {
    let mut command = command(shell);
    command.arg("cloud").args(arguments).args(["--region", region, "--endpoint", endpoint]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    shell.ran(&output)
}

/// The deployment's queues.
pub(crate) fn sqs(cloud: &Deployment) -> Client {
    let keys = aws_credential_types::Credentials::new("test", "test", None, None, "test");
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(cloud.region.clone()))
        .endpoint_url(&cloud.endpoint)
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build();
    Client::from_conf(config)
}

fn command(shell: &Shell) -> Command {
    let mut command = shell.command();
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    command
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_CONFIG_FILE", shell.path("no-config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", shell.path("no-credentials"));
    command
}
