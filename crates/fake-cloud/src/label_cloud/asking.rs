//! Asks the emulator as its owner, in the protocols of AWS's services.

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::emulator::{Deployment, EmulatorError};

pub(super) async fn sqs(deployed: &Deployment, action: &str, body: &Value) -> Result<Value, EmulatorError> {
    json_call(deployed, ("sqs", "AmazonSQS"), action, body).await
}

pub(super) async fn dynamodb(deployed: &Deployment, action: &str, body: &Value) -> Result<Value, EmulatorError> {
    json_call(deployed, ("dynamodb", "DynamoDB_20120810"), action, body).await
}

/// SNS speaks AWS's query protocol, and XML.
pub(super) async fn sns(
    deployed: &Deployment,
    action: &str,
    parameters: &[(&str, &str)],
) -> Result<String, EmulatorError> {
    let mut form = reqwest::Url::parse("http://form/").expect("a good address");
    let mut pairs = form.query_pairs_mut();
    pairs.append_pair("Version", "2010-03-31").append_pair("Action", action).extend_pairs(parameters);
    drop(pairs);
    let request = Client::new()
        .post(&deployed.endpoint)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.query().unwrap_or_default().to_owned());
    let answer = send(deployed, request, "sns", action).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// What S3 answers to a `GET` of a path: `bucket/key`, or `bucket?list-type=2`.
pub(super) async fn get(deployed: &Deployment, path: &str) -> Result<Vec<u8>, EmulatorError> {
    let request = Client::new().get(format!("{}/{path}", deployed.endpoint));
    send(deployed, request, "s3", &format!("GET {path}")).await
}

/// How many messages a queue holds, received or not.
pub(super) async fn held_by(deployed: &Deployment, queue: &str) -> Result<u64, EmulatorError> {
    let asked = json!({ "QueueUrl": queue, "AttributeNames": ["All"] });
    let answer = sqs(deployed, "GetQueueAttributes", &asked).await?;
    let number = |name: &str| answer["Attributes"][name].as_str().and_then(|text| text.parse::<u64>().ok());
    match (number("ApproximateNumberOfMessages"), number("ApproximateNumberOfMessagesNotVisible")) {
        (Some(waiting), Some(received)) => Ok(waiting + received),
        _ => Err(EmulatorError::Refused { doing: format!("count what {queue} holds"), answer: answer.to_string() }),
    }
}

async fn json_call(
    deployed: &Deployment,
    (service, target): (&str, &str),
    action: &str,
    body: &Value,
) -> Result<Value, EmulatorError> {
    let request = Client::new()
        .post(&deployed.endpoint)
        .header("x-amz-target", format!("{target}.{action}"))
        .header("content-type", "application/x-amz-json-1.0")
        .body(body.to_string());
    let answer = send(deployed, request, service, action).await?;
    // What SQS has nothing to say about is answered with nothing.
    Ok(serde_json::from_slice(&answer).unwrap_or_default())
}

async fn send(
    deployed: &Deployment,
    request: RequestBuilder,
    service: &str,
    action: &str,
) -> Result<Vec<u8>, EmulatorError> {
    let silent = |cause| EmulatorError::Silent { endpoint: deployed.endpoint.clone(), cause };
    // ministack tells by this whose call it is; it checks no signature.
    let scope = format!("AWS4-HMAC-SHA256 Credential=test/20260101/{}/{service}/aws4_request", deployed.region);
    let answer = request.header("authorization", scope).send().await.map_err(silent)?;
    let status = answer.status();
    let bytes = answer.bytes().await.map_err(silent)?.to_vec();
    if !status.is_success() {
        let answer = format!("{status} {}", String::from_utf8_lossy(&bytes));
        return Err(EmulatorError::Refused { doing: format!("{action} ({service})"), answer });
    }
    Ok(bytes)
}
