use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials as _;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::{Value, json};

use super::facts::{Alarm, Known};

/// CloudWatch, asked by its JSON protocol.
pub(super) struct Watch<'a> {
    config: &'a SdkConfig,
    http: reqwest::Client,
}

impl<'a> Watch<'a> {
    /// As the deployment is reached.
    pub(super) fn new(config: &'a SdkConfig) -> Known<Self> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build();
        Ok(Self { config, http: http.map_err(|error| error.to_string())? })
    }

    /// All alarms of the account.
    pub(super) async fn alarms(&self) -> Known<Vec<Alarm>> {
        let mut alarms = Vec::new();
        let mut next = Value::Null;
        loop {
            let question = if next.is_null() { json!({}) } else { json!({ "NextToken": next }) };
            let answer = self.ask("DescribeAlarms", &question).await?;
            alarms.extend(answer["MetricAlarms"].as_array().into_iter().flatten().map(alarm));
            next = answer["NextToken"].clone();
            if next.as_str().is_none_or(str::is_empty) {
                return Ok(alarms);
            }
        }
    }

    /// The sum of one of Lambda's own metrics of a function, over the last day.
    pub(super) async fn counted(&self, function: &str, metric: &str) -> Known<u64> {
        const DAY: u64 = 86_400;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let question = json!({
            "Namespace": "AWS/Lambda",
            "MetricName": metric,
            "Dimensions": [{ "Name": "FunctionName", "Value": function }],
            "StartTime": now - DAY,
            "EndTime": now,
            "Period": 3_600,
            "Statistics": ["Sum"],
        });
        let answer = self.ask("GetMetricStatistics", &question).await?;
        Ok(sum(&answer))
    }

    async fn ask(&self, operation: &str, question: &Value) -> Known<Value> {
        let region = self.config.region().map(ToString::to_string).unwrap_or_default();
        let address = match self.config.endpoint_url() {
            Some(endpoint) => format!("{}/", endpoint.trim_end_matches('/')),
            None => format!("https://monitoring.{region}.{}/", suffix(&region)),
        };
        let body = question.to_string();
        let target = format!("GraniteServiceVersion20100801.{operation}");
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target.as_str())];
        let mut request = self.http.post(&address).body(body.clone());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = self.signed(request, &address, &region, &headers, body.as_bytes()).await?;
        let answer = request.send().await.map_err(|error| error.without_url().to_string())?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| error.without_url().to_string())?;
        let said: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if status.is_success() { Ok(said) } else { Err(refused(status.as_u16(), &said)) }
    }

    async fn signed(
        &self,
        request: reqwest::RequestBuilder,
        address: &str,
        region: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Known<reqwest::RequestBuilder> {
        let provider = self.config.credentials_provider().ok_or("there are no AWS credentials")?;
        let credentials = provider.provide_credentials().await.map_err(|error| error.to_string())?;
        let identity = credentials.into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name("monitoring")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| error.to_string())?;
        let signable = SignableRequest::new("POST", address, headers.iter().copied(), SignableBody::Bytes(body));
        let signable = signable.map_err(|error| error.to_string())?;
        let signed = sign(signable, &params.into()).map_err(|error| error.to_string())?;
        let (instructions, _) = signed.into_parts();
        Ok(instructions.headers().fold(request, |request, (name, value)| request.header(name, value)))
    }
}

fn alarm(said: &Value) -> Alarm {
    let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
    Alarm { name: text("AlarmName"), state: text("StateValue"), reason: text("StateReason") }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of calls")]
fn sum(answer: &Value) -> u64 {
    let points = answer["Datapoints"].as_array().into_iter().flatten();
    points.filter_map(|point| point["Sum"].as_f64()).sum::<f64>() as u64
}

/// Why CloudWatch did not answer, without what was asked.
fn refused(status: u16, said: &Value) -> String {
    // Its name may stand behind a namespace.
    let code = said["__type"].as_str().map(|code| code.rsplit('#').next().unwrap_or(code));
    let message = said["message"].as_str().or_else(|| said["Message"].as_str()).unwrap_or_default();
    match code {
        Some(code) => format!("{message} ({code})").trim_start().to_owned(),
        None => format!("CloudWatch answers {status}"),
    }
}

fn suffix(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let said = json!({"AlarmName": "lacquer-dead", "StateValue": "ALARM", "StateReason": "3 > 0"});
        let alarm = alarm(&said);
        assert_eq!(
            (alarm.name.as_str(), alarm.state.as_str(), alarm.reason.as_str()),
            ("lacquer-dead", "ALARM", "3 > 0")
        );
        assert_eq!(sum(&json!({"Datapoints": [{"Sum": 2.0}, {"Sum": 1.0}]})), 3);
        assert_eq!(sum(&Value::Null), 0);
        let said = json!({"__type": "com.amazon#AccessDenied", "message": "no"});
        assert_eq!(refused(403, &said), "no (AccessDenied)");
        assert_eq!(refused(502, &Value::Null), "CloudWatch answers 502");
        assert_eq!(suffix("cn-north-1"), "amazonaws.com.cn");
    }
}
