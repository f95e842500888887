//! What the API does, as functions over the ports: no AWS here, and no HTTP server. [`Api::answer`] takes a request and
//! gives the response; a function in AWS hands them through, and tests call it as it is.
//!
//! The label comes from the token alone. Whatever is asked for is looked up under it, so that another label's things are
//! not there, as what never was.

mod answer;
mod call;
mod error;
mod handlers;
mod keys;
mod operator;
mod route;
pub mod token;
pub mod wire;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, header};
use tracing::Instrument as _;

use crate::ports::{Announcements, Catalogue, Changes, Clock, Followers, Handovers, Labels, Links, Renditions};
use crate::stages::Masters;
use answer::Answer;
use call::Call;
use error::ApiError;
use route::{Found, Operation};
use token::{Account, TokenError, Trust};

pub use keys::{CachedKeys, KeySource, Keys};
pub use operator::OrderRefused;
pub use route::{Admits, ENDPOINTS, Endpoint};

/// What it takes to answer.
#[derive(Debug, Clone)]
pub struct Api {
    /// Whose tokens count.
    pub trust: Trust,
    /// The issuer's keys.
    pub keys: Arc<dyn Keys>,
    /// The records of releases.
    pub catalogue: Arc<dyn Catalogue>,
    /// The same, by last change.
    pub changes: Arc<dyn Changes>,
    /// The facts of renditions.
    pub renditions: Arc<dyn Renditions>,
    /// How each label works.
    pub labels: Arc<dyn Labels>,
    /// Who follows whom.
    pub followers: Arc<dyn Followers>,
    /// What followers were told.
    pub announcements: Arc<dyn Announcements>,
    /// Deliveries that partners are handing over.
    pub handovers: Arc<dyn Handovers>,
    /// The store of masters, artwork and manifests.
    pub masters: Masters,
    /// Links into it.
    pub master_links: Arc<dyn Links>,
    /// Links into the store of renditions.
    pub rendition_links: Arc<dyn Links>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How long a request may take before it is answered with what was done so far: less than a gateway waits.
    pub patience: Duration,
}

/// For how long a link can be used that is given out to read by.
const LINK_LASTS: Duration = Duration::from_secs(15 * 60);

impl Api {
    /// Answers a request. Whatever goes wrong is in the response.
    pub async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        // What follows the delivery that is asked about, which is said once its record or manifest was read.
        let span = tracing::info_span!("request", trace = tracing::field::Empty);
        self.answered(request).instrument(span).await
    }

    async fn answered(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let (mut name, mut label) = ("", String::new());
        let result = match route::find(&head.method, head.uri.path()) {
            Found::Nothing => Err(ApiError::NoRoute),
            Found::OtherMethods(allow) => Err(ApiError::Method { allow }),
            Found::Endpoint(endpoint, params) => {
                name = endpoint.path;
                match self.admitted(endpoint, head.headers.get(header::AUTHORIZATION)).await {
                    Ok(account) => {
                        label = account.as_ref().map(|account| account.label.to_string()).unwrap_or_default();
                        let call = Call::new(params, head.uri.query(), head.headers.clone(), body);
                        self.done(endpoint.operation, account.as_ref(), &call).await
                    }
                    Err(error) => Err(error),
                }
            }
        };
        if let Err(ApiError::Port(_) | ApiError::Store(_) | ApiError::Token(TokenError::Keys(_))) = &result {
            let error = result.as_ref().err().map(chain).unwrap_or_default();
            tracing::error!(method = %head.method, route = name, label, error, "not answered");
        }
        let response = answer::response(result, &head.method, &head.headers, self.clock.now());
        // The route and never the path, which may hold an address, nor the query.
        tracing::info!(method = %head.method, route = name, label, status = response.status().as_u16(), "answered");
        response
    }

    /// Who asks, where the endpoint admits them.
    async fn admitted(
        &self,
        endpoint: &Endpoint,
        authorization: Option<&http::HeaderValue>,
    ) -> Result<Option<Account>, ApiError> {
        if endpoint.admits == Admits::Anyone {
            return Ok(None);
        }
        let bearer = authorization.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let token = match bearer.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => return Err(TokenError::Missing.into()),
        };
        let account = token::verify(&self.trust, self.keys.as_ref(), self.clock.as_ref(), token).await?;
        match endpoint.admits {
            Admits::Staff if !account.is_staff() => Err(ApiError::Forbidden("This is for the label's staff.")),
            Admits::Managers if !account.is_manager() => Err(ApiError::Forbidden("This is for release managers.")),
            _ => Ok(Some(account)),
        }
    }

    async fn done(&self, operation: Operation, account: Option<&Account>, call: &Call) -> Result<Answer, ApiError> {
        use handlers::{completion, follows, handover, labels, links, orders, releases, stores};
        let Some(account) = account else {
            return handlers::health(self).await;
        };
        match operation {
            Operation::Health => handlers::health(self).await,
            Operation::Me => labels::me(self, account).await,
            Operation::SetLabel => labels::set(self, account, call).await,
            Operation::ArtistAccounts => labels::artist_accounts(self, account).await,
            Operation::MapArtists => labels::map_artists(self, account, call).await,
            Operation::Releases => releases::page(self, account, call).await,
            Operation::Release => releases::one(self, account, call).await,
            Operation::Manifest => stores::manifest(self, account, call).await,
            Operation::Object => stores::object(self, account, call).await,
            Operation::Artwork => links::artwork(self, account, call).await,
            Operation::Rendition => links::rendition(self, account, call).await,
            Operation::Decide => orders::decide(self, account, call).await,
            Operation::Withdraw => orders::withdraw(self, account, call).await,
            Operation::Retry => orders::retry(self, account, call).await,
            Operation::Follows => follows::list(self, account).await,
            Operation::Follow => follows::follow(self, account, call).await,
            Operation::Confirm => follows::confirm(self, account, call).await,
            Operation::Resend => follows::resend(self, account, call).await,
            Operation::Unfollow => follows::unfollow(self, account, call).await,
            Operation::Announcements => follows::announcements(self, account).await,
            Operation::HandOver => handover::begin(self, account, call).await,
            Operation::HandOverParts => handover::parts(self, account, call).await,
            Operation::HandOverComplete => completion::complete(self, account, call).await,
        }
    }
}

/// An error with all that caused it.
fn chain(error: &ApiError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
