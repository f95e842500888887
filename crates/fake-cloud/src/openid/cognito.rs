//! The user pool's own calls.

use serde_json::json;

use super::http::{Asked, Reply};
use super::state::{Call, State};

/// The scope that a person's token needs to change something of the person's own.
const OF_THE_PERSON: &str = "aws.cognito.signin.user.admin";

pub(super) fn call(state: &mut State, action: &str, asked: &Asked) -> Reply {
    state.calls.push(Call::Cognito(action.to_owned()));
    match action {
        "GetTokensFromRefreshToken" => renew(state, asked),
        "GlobalSignOut" => global_sign_out(state, asked),
        _ => Reply::refusal("UnknownOperationException", "no such operation"),
    }
}

fn renew(state: &mut State, asked: &Asked) -> Reply {
    let body = asked.json();
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    if text("ClientId") != state.settings.client {
        return Reply::refusal("ResourceNotFoundException", "User pool client does not exist.");
    }
    let token = text("RefreshToken");
    if let Some(refusal) = state.refuse_refresh(token) {
        return refusal;
    }
    let (now, rotation) = (state.now(), state.settings.rotation);
    let Some(refresh) = state.refresh.get_mut(token) else {
        return Reply::refusal("NotAuthorizedException", "Invalid Refresh Token");
    };
    if rotation {
        refresh.used.get_or_insert(now);
    }
    let refresh = refresh.clone();
    let Some(user) = state.users.get(&refresh.email).cloned() else {
        return Reply::refusal("UserNotFoundException", "User does not exist.");
    };
    let issued = state.issue(&user, &refresh.scope, None, refresh.family);
    let mut result = json!({
        "IdToken": issued.id,
        "AccessToken": issued.access,
        "ExpiresIn": 3600,
        "TokenType": "Bearer",
    });
    if rotation {
        result["RefreshToken"] = json!(issued.refresh);
    } else {
        state.refresh.remove(&issued.refresh);
    }
    Reply::json(&json!({ "AuthenticationResult": result }))
}

fn global_sign_out(state: &mut State, asked: &Asked) -> Reply {
    let body = asked.json();
    let Some(access) = state.access.get(body["AccessToken"].as_str().unwrap_or_default()).cloned() else {
        return Reply::refusal("NotAuthorizedException", "Access Token has been revoked");
    };
    if !access.scope.split(' ').any(|scope| scope == OF_THE_PERSON) {
        return Reply::refusal("NotAuthorizedException", "Access Token does not have required scopes");
    }
    let families = state.refresh.values().filter(|refresh| refresh.email == access.email).map(|refresh| refresh.family);
    for family in families.collect::<Vec<_>>() {
        state.revoke_family(family);
    }
    Reply::json(&json!({}))
}
