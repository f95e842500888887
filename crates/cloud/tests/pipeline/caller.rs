//! Somebody who asks the API's own program, behind the emulator's gateway.

use fake_cloud::label_cloud::LabelCloud;
use reqwest::{Client, Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) struct Caller<'a> {
    cloud: &'a LabelCloud,
    http: Client,
    token: String,
}

impl<'a> Caller<'a> {
    /// One of the label's accounts.
    pub(crate) fn new(cloud: &'a LabelCloud, email: &str) -> Self {
        let http = Client::builder().no_proxy().build().unwrap();
        Self { cloud, http, token: cloud.openid.id_token(email).unwrap() }
    }

    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, T) {
        let mut request = self.http.request(method, format!("{}{path}", self.cloud.deployed.api));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.bearer_auth(&self.token).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        let read = serde_json::from_str(&text);
        (
            status,
            read.unwrap_or_else(|error| panic!("{path}: {status} {text} ({error})\n{}", self.cloud.emulator.log())),
        )
    }

    /// Sends bytes by a link, which asks for no token.
    pub(crate) async fn send(&self, link: &str, bytes: Vec<u8>) -> (StatusCode, String) {
        let answer = self.http.put(link).body(bytes).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }
}
