//! What API Gateway calls a function with (payload format 2.0), and what it wants back.

use std::fmt::Write as _;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response, Uri};

/// The request that a call stands for. Whatever it holds becomes one: what makes no sense is answered as such.
pub(super) fn request(event: ApiGatewayV2httpRequest) -> Request<Bytes> {
    let path = event.raw_path.unwrap_or_default();
    let stage = event.request_context.stage.as_deref().unwrap_or_default();
    let query = event.raw_query_string.as_deref().unwrap_or_default();
    let text = event.body.unwrap_or_default();
    let body = match event.is_base64_encoded {
        // What is not base64 is no JSON either, and is answered as that.
        true => STANDARD.decode(&text).unwrap_or_else(|_| text.into_bytes()),
        false => text.into_bytes(),
    };
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = event.request_context.http.method;
    *request.uri_mut() = uri(without_stage(&path, stage), query);
    *request.headers_mut() = event.headers;
    request
}

/// The answer as the gateway wants it. All of the API's are text.
pub(super) fn response(response: Response<Bytes>) -> ApiGatewayV2httpResponse {
    let (head, body) = response.into_parts();
    let mut answer = ApiGatewayV2httpResponse::default();
    answer.status_code = head.status.as_u16().into();
    answer.headers = head.headers;
    answer.body = match String::from_utf8(body.into()) {
        Ok(text) if text.is_empty() => None,
        Ok(text) => Some(Body::Text(text)),
        Err(bytes) => {
            answer.is_base64_encoded = true;
            Some(Body::Text(STANDARD.encode(bytes.as_bytes())))
        }
    };
    answer
}

/// The path without the stage's name, which stands before it unless the stage is the default one.
fn without_stage<'a>(path: &'a str, stage: &str) -> &'a str {
    match path.strip_prefix('/').and_then(|path| path.strip_prefix(stage)) {
        Some(rest) if !stage.is_empty() && rest.starts_with('/') => rest,
        _ => path,
    }
}

/// The gateway takes percent-encoding back but for the percent sign's own: it is done anew for all that cannot stand in a
/// path, and what is encoded still stays so.
fn uri(path: &str, query: &str) -> Uri {
    // Short of a slash it could be read as a host's name, which has no path.
    let path = if path.starts_with('/') { path } else { "/" };
    let mut text = String::with_capacity(path.len() + query.len() + 1);
    escape(&mut text, path, b"/-._~!$&'()*+,;=:@%");
    if !query.is_empty() {
        text.push('?');
        escape(&mut text, query, b"/-._~!$&'()*+,;=:@%?");
    }
    text.parse().unwrap_or_else(|_| Uri::from_static("/"))
}

fn escape(into: &mut String, text: &str, plain: &[u8]) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            into.push(byte.into());
        } else {
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method, header};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// A call as the gateway's documentation has it.
    fn call(changes: &Value) -> Request<Bytes> {
        let mut event = json!({
            "version": "2.0", "routeKey": "ANY /v1/{proxy+}", "rawPath": "/v1/me", "rawQueryString": "",
            "headers": { "authorization": "Bearer token", "content-type": "application/json" },
            "requestContext": {
                "accountId": "123456789012", "apiId": "api", "stage": "$default", "requestId": "id",
                "domainName": "api.execute-api.eu-west-1.amazonaws.com", "routeKey": "ANY /v1/{proxy+}",
                "authorizer": { "jwt": { "claims": { "sub": "x" }, "scopes": null } },
                "http": {
                    "method": "GET", "path": "/v1/me", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "x",
                },
                "time": "22/Nov/2026:12:00:00 +0000", "timeEpoch": 1_795_348_800_000_i64,
            },
            "pathParameters": { "proxy": "me" }, "isBase64Encoded": false,
        });
        for (pointer, value) in changes.as_object().unwrap() {
            match event.pointer_mut(pointer) {
                Some(place) => *place = value.clone(),
                None => event[pointer.trim_start_matches('/')] = value.clone(),
            }
        }
        request(serde_json::from_value(event).unwrap())
    }

    #[test]
    fn a_call_becomes_the_request_that_it_was() {
        let plain = call(&json!({}));
        assert_eq!((plain.method(), plain.uri().path(), plain.uri().query()), (&Method::GET, "/v1/me", None));
        assert_eq!(plain.headers()[header::AUTHORIZATION], "Bearer token");
        assert!(plain.body().is_empty());

        let posted = call(&json!({ "/requestContext/http/method": "POST", "/body": "{\"a\":1}" }));
        assert_eq!((posted.method(), posted.body().as_ref()), (&Method::POST, &b"{\"a\":1}"[..]));
        let encoded = call(&json!({ "/body": "eyJhIjoxfQ==", "/isBase64Encoded": true }));
        assert_eq!(encoded.body().as_ref(), b"{\"a\":1}");
        let broken = call(&json!({ "/body": "§", "/isBase64Encoded": true }));
        assert_eq!(broken.body().as_ref(), "§".as_bytes());
        let query = call(&json!({ "/rawQueryString": "since=a%2Bb&limit=2" }));
        assert_eq!(query.uri().query(), Some("since=a%2Bb&limit=2"));
    }

    #[test]
    fn paths_are_as_the_client_sent_them_as_far_as_can_be_told() {
        let table = [
            ("/v1/artist-accounts/ü+x@example.org", "$default", "/v1/artist-accounts/%C3%BC+x@example.org"),
            ("/v1/objects/assets/a b%252Eb", "$default", "/v1/objects/assets/a%20b%252Eb"),
            ("/live/v1/me", "live", "/v1/me"),
            ("/v1/me", "v", "/v1/me"),
            ("/live", "live", "/live"),
            ("/v1/\r\nx: y?z#w", "$default", "/v1/%0D%0Ax:%20y%3Fz%23w"),
            ("", "$default", "/"),
            ("no/slash", "$default", "/"),
            ("0", "$default", "/"),
        ];
        for (raw, stage, path) in table {
            let request = call(&json!({ "/rawPath": raw, "/requestContext/stage": stage }));
            assert_eq!(request.uri().path(), path, "{raw}");
        }
    }

    #[test]
    fn an_answer_is_what_the_gateway_wants() {
        let mut answer = Response::new(Bytes::from_static(b"{\"type\":\"x\"}"));
        *answer.status_mut() = http::StatusCode::NOT_FOUND;
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let told = serde_json::to_value(response(answer)).unwrap();
        assert_eq!((&told["statusCode"], &told["body"]), (&json!(404), &json!("{\"type\":\"x\"}")));
        assert_eq!(told["headers"], json!({ "content-type": "application/problem+json" }));
        assert_eq!(told["isBase64Encoded"], false);
        let silent = serde_json::to_value(response(Response::new(Bytes::new()))).unwrap();
        assert_eq!((&silent["statusCode"], &silent["body"]), (&json!(200), &Value::Null));
    }

    proptest! {
        #[test]
        fn any_path_and_query_become_a_request(path in ".*", query in ".*", body in ".*", encoded: bool) {
            let request = call(&json!({
                "/rawPath": path, "/rawQueryString": query, "/body": body, "/isBase64Encoded": encoded,
            }));
            prop_assert!(request.uri().path().starts_with('/'));
        }
    }
}
