use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use serde_json::json;

use super::{Cloud, MANAGER, STAFF};
use crate::testing::Fault;

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_it_private() {
    let cloud = Cloud::new().await;
    let answers = [
        cloud.get(STAFF, "/v1/me").await,
        cloud.get(STAFF, "/v1/nothing").await,
        cloud.ask(None, Method::GET, "/v1/me", None).await,
        cloud.ask(None, Method::GET, "/v1/health", None).await,
        cloud.get(STAFF, "/v1/releases").await,
    ];
    for answered in answers {
        assert_eq!(answered.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert!(answered.header(header::STRICT_TRANSPORT_SECURITY).starts_with("max-age="));
        assert!(answered.header(header::CONTENT_SECURITY_POLICY).contains("default-src 'none'"));
        assert_eq!(answered.header(header::REFERRER_POLICY), "no-referrer");
        let kept = answered.header(header::CACHE_CONTROL);
        let expected = if answered.headers.contains_key(header::ETAG) { "private, no-cache" } else { "no-store" };
        assert_eq!(kept, expected);
        assert!(!answered.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let cloud = Cloud::new().await;
    for path in ["/", "/v1", "/v1/", "/v2/me", "/v1/me/", "/v1/releases//manifest", "/V1/me", "/v1/%FF"] {
        let answered = cloud.get(STAFF, path).await;
        assert_eq!((answered.status, answered.code()), (StatusCode::NOT_FOUND, "no-route"), "{path}");
    }
    for (method, path, allow) in [
        (Method::DELETE, "/v1/me", "GET, HEAD"),
        (Method::OPTIONS, "/v1/label", "PUT"),
        (Method::PUT, "/v1/subscriptions", "GET, POST, HEAD"),
        (Method::GET, "/v1/releases/x/decision", "POST"),
    ] {
        let answered = cloud.ask(Some(MANAGER), method, path, None).await;
        assert_eq!((answered.status, answered.code()), (StatusCode::METHOD_NOT_ALLOWED, "method"), "{path}");
        assert_eq!(answered.header(header::ALLOW), allow);
    }
}

#[tokio::test]
async fn bodies_that_are_none_are_named() {
    let cloud = Cloud::new().await;
    let put = async |media: Option<&str>, body: Vec<u8>| {
        let token = cloud.token(MANAGER);
        let mut request = Request::put("/v1/label").header(header::AUTHORIZATION, format!("Bearer {token}"));
        if let Some(media) = media {
            request = request.header(header::CONTENT_TYPE, media);
        }
        let answered = cloud.sent_as_it_is(request.body(Bytes::from(body)).unwrap()).await;
        (answered.status.as_u16(), answered.code().to_owned())
    };
    let good = serde_json::to_vec(&json!({ "label_name": "x", "review": true, "artists_mail": true })).unwrap();
    let problem = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(put(Some("application/json"), good.clone()).await, problem(200, ""));
    assert_eq!(put(Some("Application/JSON; charset=utf-8"), good.clone()).await, problem(200, ""));
    assert_eq!(put(None, good.clone()).await, problem(415, "media-type"));
    assert_eq!(put(Some("text/plain"), good.clone()).await, problem(415, "media-type"));
    let json = Some("application/json");
    assert_eq!(put(json, Vec::new()).await, problem(400, "body-malformed"));
    assert_eq!(put(json, b"{".to_vec()).await, problem(400, "body-malformed"));
    assert_eq!(put(json, b"\xff\xfe".to_vec()).await, problem(400, "body-malformed"));
    assert_eq!(put(json, [good.clone(), b"{}".to_vec()].concat()).await, problem(400, "body-malformed"));
    assert_eq!(put(json, vec![b'['; 100_000]).await, problem(422, "fields"));
    assert_eq!(put(json, vec![b' '; 2_000_000]).await, problem(413, "body-too-large"));
    // A field that a later version may know is skipped.
    let more = json!({ "label_name": "x", "review": true, "artists_mail": true, "later": 1 });
    assert_eq!(put(json, serde_json::to_vec(&more).unwrap()).await, problem(200, ""));
}

#[tokio::test]
async fn parameters_that_are_none_are_named() {
    let cloud = Cloud::new().await;
    let get = async |query: &str| {
        let path = format!("/v1/releases?{query}");
        cloud.sent_as_it_is(cloud.request(Some(STAFF), Method::GET, &path, None)).await
    };
    for query in ["limit=0", "limit=201", "limit=x", "limit=", "limit=-1", "limit=1&limit=0&limit=99999999999999999999"]
    {
        let answered = get(query).await;
        let is_first_good = query.starts_with("limit=1&");
        assert_eq!(answered.code(), if is_first_good { "" } else { "fields" }, "{query}");
    }
    assert_eq!(get("since=&later=1").await.status, StatusCode::OK, "what a later version may know is skipped");
    assert_eq!(get(&format!("since={}", "0".repeat(1025))).await.body["errors"][0]["field"], "since");
}

#[tokio::test]
async fn what_a_port_says_is_not_said_to_the_sender() {
    let cloud = Cloud::new().await;
    cloud.memory.set_faults([Fault::Before]);
    let answered = cloud.ask(None, Method::GET, "/v1/health", None).await;
    assert_eq!((answered.status, answered.code()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
    assert_eq!(answered.header(header::RETRY_AFTER), "2");
    assert!(!answered.body.to_string().contains("told to fail"));
    assert_eq!(cloud.ask(None, Method::GET, "/v1/health", None).await.body["status"], "ok");
}
