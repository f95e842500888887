//! Managed login's endpoints.

use std::collections::BTreeMap;

use ::http::StatusCode;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::Url;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::http::{Asked, Reply};
use super::state::{Answer, Call, Code, RefreshTokens, State};

/// `GET /oauth2/authorize`.
pub(super) fn authorize(state: &mut State, asked: &Asked) -> Reply {
    let query = asked.query();
    state.calls.push(Call::Authorize(query.clone()));
    let get = |name: &str| query.get(name).cloned().unwrap_or_default();
    let redirect = get("redirect_uri");
    // To an address that is not registered nobody is sent, whatever is wrong.
    if get("client_id") != state.settings.client || !state.settings.redirects.contains(&redirect) {
        return Reply::oauth_error("redirect_mismatch");
    }
    let back = |answer: &[(&str, &str)]| match Url::parse(&redirect) {
        Ok(mut url) => {
            url.query_pairs_mut().extend_pairs(answer).append_pair("state", &get("state"));
            Reply::redirect(url.into())
        }
        Err(_) => Reply::oauth_error("redirect_mismatch"),
    };
    if get("response_type") != "code" || get("code_challenge_method") != "S256" || get("code_challenge").is_empty() {
        return back(&[("error", "invalid_request")]);
    }
    let allowed = |scope: &str| state.settings.scopes.iter().any(|allowed| allowed == scope);
    if !get("scope").split(' ').all(allowed) {
        return back(&[("error", "invalid_scope")]);
    }
    let answer = match query.get("as") {
        Some(email) if email.is_empty() => Answer::Deny,
        Some(email) => Answer::Approve(email.clone()),
        None => state.answer.clone(),
    };
    let email = match answer {
        Answer::Page => return page(state, asked),
        Answer::Deny => return back(&[("error", "access_denied"), ("error_description", "The person said no.")]),
        Answer::Approve(email) => email,
    };
    if !state.users.get(&email).is_some_and(|user| user.enabled) {
        return back(&[("error", "access_denied"), ("error_description", "User is disabled.")]);
    }
    let code = state.secret("code");
    let granted = Code {
        email,
        redirect: redirect.clone(),
        challenge: get("code_challenge"),
        nonce: query.get("nonce").cloned(),
        scope: get("scope"),
    };
    state.codes.insert(code.clone(), granted);
    back(&[("code", &code)])
}

/// A link for each account, and one to say no.
fn page(state: &State, asked: &Asked) -> Reply {
    let here = |email: &str| {
        let mut query = asked.query();
        query.insert("as".to_owned(), email.to_owned());
        let mut url = Url::parse("http://provider/oauth2/authorize").expect("a good address");
        url.query_pairs_mut().extend_pairs(&query);
        format!("/oauth2/authorize?{}", url.query().unwrap_or_default()).replace('&', "&amp;")
    };
    let links = state.users.keys().map(|email| format!("<p><a href=\"{}\">{email}</a></p>", here(email)));
    let links: String = links.collect();
    let no = here("");
    Reply::page(format!(
        "<!doctype html><html lang=\"en\"><title>Sign in</title><h1>Sign in</h1>{links}<p><a href=\"{no}\">No</a></p></html>"
    ))
}

/// `POST /oauth2/token`: a code is good once, and for who can show what its challenge was made of.
pub(super) fn token(state: &mut State, asked: &Asked) -> Reply {
    state.calls.push(Call::Token);
    let form = asked.form();
    let get = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if get("client_id") != state.settings.client {
        return Reply::oauth_error("invalid_client");
    }
    // Where refresh tokens rotate, Cognito renews by GetTokensFromRefreshToken only.
    if get("grant_type") != "authorization_code" {
        return Reply::oauth_error("unsupported_grant_type");
    }
    let Some(code) = state.codes.remove(get("code")) else { return Reply::oauth_error("invalid_grant") };
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(get("code_verifier").as_bytes()));
    let user = state.users.get(&code.email).filter(|user| user.enabled).cloned();
    let Some(user) = user.filter(|_| challenge == code.challenge && get("redirect_uri") == code.redirect) else {
        return Reply::oauth_error("invalid_grant");
    };
    state.secrets.push(get("code_verifier").to_owned());
    let family = state.number();
    let issued = state.issue(&user, &code.scope, code.nonce.as_deref(), family);
    Reply::json(&json!({
        "id_token": issued.id,
        "access_token": issued.access,
        "refresh_token": issued.refresh,
        "expires_in": 3600,
        "token_type": "Bearer",
    }))
}

/// `POST /oauth2/revoke`. A token that is not known is revoked already (RFC 7009, 2.2).
pub(super) fn revoke(state: &mut State, asked: &Asked) -> Reply {
    state.calls.push(Call::Revoke);
    let form = asked.form();
    if form.get("client_id") != Some(&state.settings.client) {
        return Reply::oauth_error("invalid_client");
    }
    let family = form.get("token").and_then(|token| state.refresh.get(token)).map(|refresh| refresh.family);
    if let Some(family) = family {
        state.revoke_family(family);
    }
    Reply::status(StatusCode::OK)
}

/// `GET /logout`: ends the browser's session, and goes to a registered address.
pub(super) fn logout(state: &mut State, asked: &Asked) -> Reply {
    state.calls.push(Call::Logout);
    let query: BTreeMap<String, String> = asked.query();
    match query.get("logout_uri") {
        Some(address) if state.settings.redirects.contains(address) => Reply::redirect(address.clone()),
        _ => Reply::oauth_error("redirect_mismatch"),
    }
}

impl State {
    /// Whether a refresh token is taken, and as Cognito says it where not.
    pub(super) fn refuse_refresh(&self, token: &str) -> Option<Reply> {
        let Some(refresh) = self.refresh.get(token) else {
            return Some(Reply::refusal("NotAuthorizedException", "Invalid Refresh Token"));
        };
        let used_up = |used: jiff::Timestamp| self.now().duration_since(used).as_secs() >= self.settings.grace_seconds;
        match (self.users.get(&refresh.email), refresh.condition) {
            (None, _) => Some(Reply::refusal("UserNotFoundException", "User does not exist.")),
            (Some(user), _) if !user.enabled => Some(Reply::refusal("NotAuthorizedException", "User is disabled.")),
            (_, RefreshTokens::Expired) => Some(Reply::refusal("NotAuthorizedException", "Refresh Token has expired")),
            (_, RefreshTokens::Revoked) => {
                Some(Reply::refusal("NotAuthorizedException", "Refresh Token has been revoked"))
            }
            (_, RefreshTokens::Good) if refresh.used.is_some_and(used_up) => {
                Some(Reply::refusal("RefreshTokenReuseException", "Refresh token reuse detected"))
            }
            _ => None,
        }
    }
}
