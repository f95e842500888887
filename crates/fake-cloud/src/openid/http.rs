//! As much of HTTP/1.1 as a client asks of such a provider: a request a connection.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use ::http::StatusCode;
use reqwest::Url;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A request.
pub(super) struct Asked {
    pub(super) method: String,
    url: Url,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// What is answered.
pub(super) struct Reply {
    status: StatusCode,
    headers: Vec<(&'static str, String)>,
    body: String,
}

const MOST_BYTES: usize = 256 * 1024;

/// Answers until it is aborted.
pub(super) async fn serve(listener: TcpListener, answer: impl Fn(Asked) -> Reply + Send + Sync + 'static) {
    let answer = Arc::new(answer);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((mut stream, _)) = accepted else { return };
                let answer = Arc::clone(&answer);
                connections.spawn(async move {
                    // A client that goes away wants no answer.
                    if let Ok(Some(asked)) = read(&mut stream).await {
                        let _ = write(&mut stream, answer(asked)).await;
                    }
                });
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

async fn read(stream: &mut TcpStream) -> io::Result<Option<Asked>> {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 8192];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let Some(mut asked) = head(&bytes[..end]) else { return Ok(None) };
            let length = asked.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            if length > MOST_BYTES {
                return Ok(None);
            }
            while bytes.len() < end + 4 + length {
                match stream.read(&mut buffer).await? {
                    0 => return Ok(None),
                    read => bytes.extend_from_slice(&buffer[..read]),
                }
            }
            asked.body = bytes[end + 4..end + 4 + length].to_vec();
            return Ok(Some(asked));
        }
        match stream.read(&mut buffer).await? {
            0 => return Ok(None),
            _ if bytes.len() > MOST_BYTES => return Ok(None),
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}

fn head(bytes: &[u8]) -> Option<Asked> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?);
    let url = Url::parse(&format!("http://provider{target}")).ok()?;
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    Some(Asked { method, url, headers, body: Vec::new() })
}

async fn write(stream: &mut TcpStream, reply: Reply) -> io::Result<()> {
    let mut head =
        format!("HTTP/1.1 {}\r\nConnection: close\r\nContent-Length: {}\r\n", reply.status, reply.body.len());
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(b"\r\n").await?;
    stream.write_all(reply.body.as_bytes()).await?;
    stream.shutdown().await
}

impl Asked {
    pub(super) fn path(&self) -> String {
        self.url.path().to_owned()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn query(&self) -> BTreeMap<String, String> {
        self.url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
    }

    /// The body, where it is a form.
    pub(super) fn form(&self) -> BTreeMap<String, String> {
        let text = String::from_utf8_lossy(&self.body).into_owned();
        let Ok(url) = Url::parse(&format!("http://form/?{text}")) else { return BTreeMap::new() };
        url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
    }

    /// The body, where it is JSON.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Reply {
    pub(super) fn status(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    pub(super) fn json(body: &Value) -> Self {
        let headers = vec![("Content-Type", "application/json".to_owned()), ("Cache-Control", "no-store".to_owned())];
        Self { status: StatusCode::OK, headers, body: body.to_string() }
    }

    pub(super) fn page(body: String) -> Self {
        let headers = vec![("Content-Type", "text/html; charset=utf-8".to_owned())];
        Self { status: StatusCode::OK, headers, body }
    }

    pub(super) fn redirect(location: String) -> Self {
        Self { headers: vec![("Location", location)], ..Self::status(StatusCode::FOUND) }
    }

    /// As OAuth says no (RFC 6749, 5.2).
    pub(super) fn oauth_error(error: &str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, ..Self::json(&json!({ "error": error })) }
    }

    /// As an AWS service with a JSON protocol says no.
    pub(super) fn refusal(kind: &str, message: &str) -> Self {
        let mut reply = Self::json(&json!({ "__type": kind, "message": message }));
        reply.status = StatusCode::BAD_REQUEST;
        reply.headers =
            vec![("Content-Type", "application/x-amz-json-1.1".to_owned()), ("x-amzn-errortype", kind.to_owned())];
        reply
    }
}
