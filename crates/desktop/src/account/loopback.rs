//! The address of this machine that the browser comes back to.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Url;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::secret::Secret;

/// Listens on one of the registered ports until it is dropped.
#[derive(Debug)]
pub(super) struct Loopback {
    port: u16,
    answered: oneshot::Receiver<Callback>,
    /// Serves the connections; ended when this is dropped.
    serving: JoinSet<()>,
}

/// What the browser brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Callback {
    /// A code to exchange.
    Code(Secret),
    /// The person, or the cloud, said no: OAuth's error and its description (RFC 6749, 4.1.2.1).
    Refused {
        /// The error's name.
        error: String,
        /// In words, where there are any.
        description: String,
    },
}

/// More is no browser's request.
const MOST_BYTES: usize = 16 * 1024;
/// A browser that opened a connection has sent its request by then; it opens some that it never uses.
const PATIENCE: Duration = Duration::from_secs(10);

/// What all connections share.
#[derive(Debug)]
struct Awaiting {
    port: u16,
    state: Secret,
    /// Taken by the first who brings the right state.
    answer: Mutex<Option<oneshot::Sender<Callback>>>,
}

impl Loopback {
    /// Takes the first free port. None where all are taken.
    pub(super) async fn bind(ports: &[u16], state: &Secret) -> io::Result<Option<Self>> {
        for port in ports {
            match listeners(*port).await {
                Ok(listeners) => return Ok(Some(Self::serve(*port, listeners, state.clone()))),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                // Windows keeps ranges of ports to itself.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// The port that was free.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The address as it is registered.
    pub(super) fn redirect(&self) -> String {
        redirect(self.port)
    }

    /// The one answer.
    pub(super) async fn answer(&mut self) -> Callback {
        match (&mut self.answered).await {
            Ok(answer) => answer,
            // Only where the runtime ends, and with it whoever waits here.
            Err(_) => std::future::pending().await,
        }
    }

    /// Frees the port.
    pub(super) async fn close(mut self) {
        self.serving.shutdown().await;
    }

    fn serve(port: u16, listeners: Vec<TcpListener>, state: Secret) -> Self {
        let (answer, answered) = oneshot::channel();
        let awaiting = Arc::new(Awaiting { port, state, answer: Mutex::new(Some(answer)) });
        let mut serving = JoinSet::new();
        for listener in listeners {
            serving.spawn(accept(listener, Arc::clone(&awaiting)));
        }
        Self { port, answered, serving }
    }
}

/// `localhost` and no number, since that is what is registered.
pub(super) fn redirect(port: u16) -> String {
    format!("http://localhost:{port}/")
}

/// A browser takes `localhost` for either address, so both have to be ours, or somebody else would be handed the code.
async fn listeners(port: u16) -> io::Result<Vec<TcpListener>> {
    let mut listeners = vec![TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?];
    match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await {
        Ok(listener) => listeners.push(listener),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
        // A machine without IPv6.
        Err(_) => {}
    }
    Ok(listeners)
}

/// Browsers open several connections, some without a word, so each is served by itself.
async fn accept(listener: TcpListener, awaiting: Arc<Awaiting>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let awaiting = Arc::clone(&awaiting);
                    connections.spawn(async move {
                        // A connection that fails is the browser's to try again.
                        let _ = tokio::time::timeout(PATIENCE, answer(stream, &awaiting)).await;
                    });
                }
                // One connection that ended before it began, or too many open files, which takes a while to pass.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

async fn answer(mut stream: TcpStream, awaiting: &Awaiting) -> io::Result<()> {
    let Some(request) = read_head(&mut stream).await? else { return Ok(()) };
    let reply = awaiting.reply(&request);
    let (status, title, text) = match &reply {
        Reply::First(_, Callback::Code(_)) => {
            ("200 OK", "You can close this window", "Lacquer goes on by itself, and says whether you are signed in.")
        }
        Reply::First(_, Callback::Refused { .. }) => {
            ("200 OK", "You can close this window", "You were not signed in. Lacquer says why.")
        }
        Reply::Again => ("410 Gone", "Answered already", "Lacquer has had its answer. You can close this window."),
        Reply::OfAnother => {
            ("400 Bad Request", "This is of another sign-in", "Close this window, and sign in from Lacquer.")
        }
        Reply::Nothing => ("404 Not Found", "Nothing is here", "Sign in from Lacquer."),
    };
    let page = page(title, text);
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n\r\n",
        page.len()
    );
    let written = async {
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(page.as_bytes()).await?;
        stream.shutdown().await
    };
    let written = written.await;
    // After the page, since the listener goes away soon after; and whether or not somebody reads it.
    if let Reply::First(answer, callback) = reply {
        let _ = answer.send(callback);
    }
    written
}

enum Reply {
    First(oneshot::Sender<Callback>, Callback),
    /// A second answer: a window that was loaded again.
    Again,
    /// Its state is not the one that was sent along: an old window, or a page that tries its luck. The right one may
    /// still come.
    OfAnother,
    /// A favicon, or a page of another name that leads here.
    Nothing,
}

impl Awaiting {
    fn reply(&self, head: &str) -> Reply {
        let Some(target) = target(head, self.port) else { return Reply::Nothing };
        let value = |name: &str| target.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let (code, error) = (value("code"), value("error"));
        if target.path() != "/" || (code.is_none() && error.is_none()) {
            return Reply::Nothing;
        }
        if value("state").as_deref() != Some(self.state.expose()) {
            return Reply::OfAnother;
        }
        let Some(answer) = self.answer.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return Reply::Again;
        };
        let callback = match (error, code) {
            (None, Some(code)) => Callback::Code(Secret::new(code)),
            (error, _) => Callback::Refused {
                error: error.unwrap_or_default(),
                description: value("error_description").unwrap_or_default(),
            },
        };
        Reply::First(answer, callback)
    }
}

/// The request's head, as far as a browser sends it.
async fn read_head(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 2048];
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut buffer).await?;
        if read == 0 || bytes.len() + read > MOST_BYTES {
            return Ok(None);
        }
        bytes.extend_from_slice(&buffer[..read]);
    }
    Ok(String::from_utf8(bytes).ok())
}

/// What is asked for, where it is asked of this machine by its own name: a page elsewhere whose name was made to lead
/// here brings that name along.
fn target(head: &str, port: u16) -> Option<Url> {
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?, first.next()?);
    let host =
        lines.filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("host"))?.1.trim();
    let ours = ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host == format!("{name}:{port}"));
    if method != "GET" || !ours || !path.starts_with('/') {
        return None;
    }
    Url::parse(&format!("http://localhost{path}")).ok()
}

/// A page that asks nothing of anybody.
fn page(title: &str, text: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:30rem;margin:20vh auto;padding:0 1rem}}</style>\
         <h1>{title}</h1><p>{text}</p></html>\n"
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn awaiting() -> (Awaiting, oneshot::Receiver<Callback>) {
        let (answer, answered) = oneshot::channel();
        let state = Secret::new("right".to_owned());
        (Awaiting { port: 49317, state, answer: Mutex::new(Some(answer)) }, answered)
    }

    fn head(path: &str, host: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nAccept: */*\r\nhost: {host}\r\n\r\n")
    }

    #[test]
    fn only_what_the_browser_brings_with_the_right_state_is_an_answer() {
        let (awaiting, _answered) = awaiting();
        let reply = |path, host| awaiting.reply(&head(path, host));
        assert!(matches!(reply("/favicon.ico", "localhost:49317"), Reply::Nothing));
        assert!(matches!(reply("/", "localhost:49317"), Reply::Nothing));
        assert!(matches!(reply("/?code=c&state=right", "evil.example:49317"), Reply::Nothing));
        assert!(matches!(reply("/?code=c&state=right", "localhost:80"), Reply::Nothing));
        assert!(matches!(
            awaiting.reply("POST /?code=c&state=right HTTP/1.1\r\nHost: localhost:49317\r\n\r\n"),
            Reply::Nothing
        ));
        assert!(matches!(reply("/?code=c", "localhost:49317"), Reply::OfAnother));
        assert!(matches!(reply("/?code=c&state=wrong", "localhost:49317"), Reply::OfAnother));
        let Reply::First(_, callback) = reply("/?code=c%2B1&state=right", "127.0.0.1:49317") else { panic!() };
        assert_eq!(callback, Callback::Code(Secret::new("c+1".to_owned())));
        assert!(matches!(reply("/?code=c&state=right", "localhost:49317"), Reply::Again));
    }

    #[test]
    fn a_refusal_counts_more_than_a_code() {
        let (awaiting, _answered) = awaiting();
        let path = "/?error=access_denied&error_description=Not+today&code=c&state=right";
        let Reply::First(_, callback) = awaiting.reply(&head(path, "localhost:49317")) else { panic!() };
        assert_eq!(
            callback,
            Callback::Refused { error: "access_denied".to_owned(), description: "Not today".to_owned() }
        );
    }

    proptest! {
        #[test]
        fn whatever_comes_in_nothing_panics(text in ".{0,120}") {
            let (awaiting, _answered) = awaiting();
            let _ = awaiting.reply(&text);
            let _ = awaiting.reply(&head(&text, "localhost:49317"));
        }
    }
}
