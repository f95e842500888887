use std::fmt::{self, Debug};
use std::time::Duration;

use async_trait::async_trait;
use jsonwebtoken::jwk::JwkSet;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use thiserror::Error;

use crate::api::KeySource;
use crate::ports::PortError;

/// The keys that an issuer publishes beside its name (OpenID Connect; Cognito does so at this very path).
pub(super) struct PublishedKeys {
    client: Client,
    url: Url,
}

/// Why an issuer's keys cannot be asked for.
#[derive(Debug, Error)]
pub(super) enum IssuerError {
    /// Not the address of an issuer.
    #[error("the issuer \"{}\" is not an address that starts with https://", .0.escape_debug())]
    Address(String),
    /// This machine cannot ask anybody.
    #[error("no HTTPS connection can be made: {0}")]
    Client(#[from] reqwest::Error),
}

impl PublishedKeys {
    /// More than any issuer publishes.
    const LARGEST: usize = 256 * 1024;

    /// The keys of an issuer. Whoever could change them on the way could sign in as anybody: HTTPS, and no redirects.
    ///
    /// # Errors
    /// Where the issuer is no address of HTTPS, loopback aside.
    pub(super) fn of(issuer: &str) -> Result<Self, IssuerError> {
        let address = || IssuerError::Address(issuer.to_owned());
        let url = Url::parse(&format!("{}/.well-known/jwks.json", issuer.trim_end_matches('/')));
        let url = url.map_err(|_| address())?;
        let is_near = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if url.scheme() != "https" && !(url.scheme() == "http" && is_near) {
            return Err(address());
        }
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(8))
            .build()?;
        Ok(Self { client, url })
    }

    async fn asked(&self) -> Result<JwkSet, Box<dyn std::error::Error + Send + Sync>> {
        let mut response = self.client.get(self.url.clone()).send().await?.error_for_status()?;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if bytes.len() + chunk.len() > Self::LARGEST {
                return Err(format!("the answer has more than {} bytes", Self::LARGEST).into());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(serde_json::from_slice(&bytes)?)
    }
}

#[async_trait]
impl KeySource for PublishedKeys {
    async fn fetch(&self) -> Result<JwkSet, PortError> {
        self.asked().await.map_err(|error| PortError::new(format!("asking for the keys at {}", self.url), true, error))
    }
}

impl Debug for PublishedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublishedKeys").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// Serves one answer; its own address.
    async fn served(
        status: &'static str,
        more: &'static str,
        body: String,
    ) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let issuer = format!("http://{}/pool", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            let read = stream.read(&mut request).await.unwrap();
            let answer =
                format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{more}Connection: close\r\n\r\n{body}", body.len());
            // Who has read enough hangs up.
            let _ = stream.write_all(answer.as_bytes()).await;
            String::from_utf8_lossy(&request[..read]).into_owned()
        });
        (issuer, serving)
    }

    #[tokio::test]
    async fn keys_are_read_from_where_the_issuer_publishes_them() {
        let set = r#"{"keys":[{"kid":"a","kty":"RSA","alg":"RS256","use":"sig","n":"AQAB","e":"AQAB"},
            {"kid":"b","kty":"later","x":1}]}"#;
        let (issuer, serving) = served("200 OK", "", set.to_owned()).await;
        let keys = PublishedKeys::of(&issuer).unwrap().fetch().await.unwrap();
        assert_eq!(keys.keys.len(), 2);
        assert!(serving.await.unwrap().starts_with("GET /pool/.well-known/jwks.json HTTP/1.1"));
    }

    #[tokio::test]
    async fn what_is_no_set_of_keys_is_tried_again() {
        let answers = [
            ("500 Internal Server Error", "", "{\"keys\":[]}".to_owned()),
            ("302 Found", "Location: https://example.org/\r\n", String::new()),
            ("200 OK", "", "<html>".to_owned()),
            ("200 OK", "", format!("{{\"keys\":[],\"more\":\"{}\"}}", "x".repeat(300_000))),
        ];
        for (status, more, body) in answers {
            let (issuer, serving) = served(status, more, body).await;
            let error = PublishedKeys::of(&issuer).unwrap().fetch().await.unwrap_err();
            assert!(error.passing, "{status}: {error}");
            serving.await.unwrap();
        }
    }

    #[test]
    fn an_issuer_is_asked_by_https_only() {
        for issuer in ["http://issuer.example.org", "ftp://127.0.0.1", "issuer", "", "file:///etc/passwd"] {
            assert!(matches!(PublishedKeys::of(issuer), Err(IssuerError::Address(_))), "{issuer}");
        }
        for issuer in ["https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool", "http://localhost:1234/"] {
            assert!(PublishedKeys::of(issuer).is_ok(), "{issuer}");
        }
    }
}
