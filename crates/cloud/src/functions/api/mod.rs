//! The API behind API Gateway.

mod gateway;
mod published;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use aws_sdk_s3::config::RequestChecksumCalculation;
use serde_json::Value;
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::call::{CallError, Function, take_calls};
use super::wiring::Wires;
use crate::api::token::Trust;
use crate::api::{Api, CachedKeys};
use crate::aws::S3Links;
use crate::ports::{Clock, SystemClock};
use published::{IssuerError, PublishedKeys};

/// The gateway waits for 30 seconds: what is not done by then is answered as far as it is.
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers what apps and partners ask.
///
/// # Errors
/// Where it cannot start, or the runtime's own interface fails.
pub async fn api() -> Result<(), lambda_runtime::Error> {
    let wires = Wires::lay().await?;
    let trust = trust(&|name| std::env::var(name).ok())?;
    take_calls(Gateway(assembled(&wires, trust)?)).await
}

/// Why the API cannot start.
#[derive(Debug, Error)]
enum StartError {
    /// A variable that is needed is not there, or empty.
    #[error("the environment variable {0} is not set: without it, nobody's sign-in can be checked")]
    Missing(&'static str),
    /// The issuer's keys cannot be asked for.
    #[error(transparent)]
    Issuer(#[from] IssuerError),
}

/// Whose tokens count, as the template says.
fn trust(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Trust, StartError> {
    let needed = |name| lookup(name).filter(|value| !value.is_empty()).ok_or(StartError::Missing(name));
    Ok(Trust { issuer: needed("LACQUER_ISSUER")?, audience: needed("LACQUER_AUDIENCE")? })
}

fn assembled(wires: &Wires, trust: Trust) -> Result<Api, lambda_runtime::Error> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let published = PublishedKeys::of(&trust.issuer).map_err(StartError::from)?;
    let table = Arc::new(wires.table());
    let links: Arc<S3Links> = Arc::new(links(wires));
    Ok(Api {
        keys: Arc::new(CachedKeys::new(Arc::new(published), Arc::clone(&clock))),
        trust,
        catalogue: Arc::clone(&table) as _,
        changes: Arc::clone(&table) as _,
        renditions: Arc::clone(&table) as _,
        labels: Arc::clone(&table) as _,
        followers: Arc::new(wires.topics()),
        announcements: Arc::clone(&table) as _,
        handovers: table,
        masters: wires.masters()?,
        master_links: Arc::clone(&links) as _,
        rendition_links: links,
        clock,
        patience: PATIENCE,
    })
}

fn links(wires: &Wires) -> S3Links {
    let surroundings = &wires.surroundings;
    let config = aws_sdk_s3::config::Builder::from(&wires.sdk)
        .force_path_style(surroundings.path_style)
        // A link carries the checksum that it is made for, and no other.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .build();
    let client = aws_sdk_s3::Client::from_conf(config);
    S3Links::new(client, surroundings.renditions.clone(), surroundings.masters.clone())
}

/// Hands requests through, and an operator's orders.
struct Gateway(Api);

#[async_trait]
impl Function for Gateway {
    async fn call(&self, payload: Value, _: &CancellationToken) -> Result<Value, CallError> {
        if payload.get("operator").is_some() {
            let order = serde_json::from_value(payload)
                .map_err(|error| CallError::Order(format!("this order is not known here: {error}")))?;
            return self.0.obey(order).await.map_err(|error| CallError::Order(error.to_string()));
        }
        let event: ApiGatewayV2httpRequest = serde_json::from_value(payload)
            .map_err(|error| CallError::Order(format!("this is no request of API Gateway's: {error}")))?;
        let response = self.0.answer(gateway::request(event)).await;
        Ok(serde_json::to_value(gateway::response(response)).expect("an answer always serialises"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_somebody_to_trust_it_does_not_start() {
        let of = |issuer: &str, audience: &str| {
            let said = [("LACQUER_ISSUER", issuer.to_owned()), ("LACQUER_AUDIENCE", audience.to_owned())];
            trust(&|name| said.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()))
        };
        assert_eq!(of("https://issuer", "client").unwrap().audience, "client");
        for (issuer, audience, missing) in
            [("", "client", "LACQUER_ISSUER"), ("https://issuer", "", "LACQUER_AUDIENCE")]
        {
            assert!(of(issuer, audience).unwrap_err().to_string().contains(missing));
        }
    }
}
