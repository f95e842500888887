use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::endpoint;

/// What becomes of a request on its way.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// It is answered by the service.
    Through,
    /// Another body is, and it is answered.
    Changed(String),
    /// It takes effect, and its answer is lost.
    Lost,
    /// It gets another answer, with a status.
    Answered(u16, String),
}

/// A wire to the emulator on which requests and answers can be lost or changed.
pub(super) struct Wire {
    pub(super) endpoint: String,
    _tasks: JoinSet<()>,
}

type Decide = Arc<Mutex<dyn FnMut(&str, &str) -> Way + Send>>;

impl Wire {
    /// `decide` is given each request's operation, such as `Query`, and its body.
    pub(super) async fn new(decide: impl FnMut(&str, &str) -> Way + Send + 'static) -> Self {
        let service = endpoint().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let decide: Decide = Arc::new(Mutex::new(decide));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut served = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                served.spawn(serve(stream, service, Arc::clone(&decide)));
            }
        });
        Self { endpoint: address, _tasks: tasks }
    }
}

/// One request a connection.
async fn serve(mut stream: TcpStream, service: &str, decide: Decide) {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")));
        line.map(|line| line.split_once(':').unwrap().1.trim().to_owned()).unwrap_or_default()
    };
    let length: usize = header("content-length").parse().unwrap_or(0);
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let body = String::from_utf8_lossy(&bytes[head_end..]).into_owned();
    let target = header("x-amz-target");
    let way = (decide.lock().unwrap())(target.rsplit('.').next().unwrap(), &body);
    let (status, answer) = match way {
        Way::Answered(status, answer) => (status, answer),
        Way::Through | Way::Changed(_) | Way::Lost => {
            let lost = matches!(way, Way::Lost);
            let body = if let Way::Changed(body) = way { body } else { body };
            let request = reqwest::Client::new()
                .post(service)
                .header("x-amz-target", target)
                .header("content-type", header("content-type"))
                .header("authorization", header("authorization"))
                .header("x-amz-date", header("x-amz-date"))
                .body(body);
            let answer = request.send().await.unwrap();
            if lost {
                return;
            }
            (answer.status().as_u16(), answer.text().await.unwrap())
        }
    };
    let head = format!(
        "HTTP/1.1 {status} -\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        answer.len()
    );
    let _ = stream.write_all(format!("{head}{answer}").as_bytes()).await;
    let _ = stream.shutdown().await;
}
