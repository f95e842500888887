use http::{HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use thiserror::Error;
use upload::StoreError;

use super::token::TokenError;
use super::wire::{Fault, Problem};
use crate::catalogue::Void;
use crate::ports::{FollowError, PortError};

/// Why a request is not answered as its sender hoped: what a [`Problem`] is made of.
#[derive(Debug, Error)]
pub(super) enum ApiError {
    /// No such path.
    #[error("There is nothing here. docs/openapi.yaml lists what there is.")]
    NoRoute,
    /// A path that there is, asked in another way.
    #[error("This cannot be done here. What can be: {}.", methods(.allow))]
    Method {
        /// What the path takes.
        allow: Vec<Method>,
    },
    /// The sign-in is not taken.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The account may not do this.
    #[error("{0}")]
    Forbidden(&'static str),
    /// It is not there, or is another label's: which of the two, nobody is told.
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// The body is larger than any that is meant.
    #[error("The body has more than {limit} bytes.")]
    BodyTooLarge {
        /// How large it may be.
        limit: usize,
    },
    /// The body is not JSON, as its own header says.
    #[error("The body must be JSON, sent with “Content-Type: application/json”.")]
    MediaType,
    /// The body says that it is JSON, and is not.
    #[error("The body is not JSON: {0}.")]
    Malformed(String),
    /// Fields of the body, or parameters, are not what they should be.
    #[error("{}", faults(.0))]
    Fields(Vec<Fault>),
    /// An order of a person that does not count.
    #[error(transparent)]
    Void(#[from] Void),
    /// A delivery of this id is in already, or another one is being handed over under it.
    #[error("A delivery of this id was handed over already. Give the new one an id of its own.")]
    Delivered,
    /// Parts of a delivery's files have not arrived.
    #[error("Not all files are there. Send the parts that are missing, then complete the delivery again.")]
    PartsMissing(Vec<Fault>),
    /// The store gave the uploads up.
    #[error("The store has given up what was sent. Post the delivery again, and send what it asks for.")]
    UploadsLost,
    /// A subscription could not be confirmed or asked for again.
    #[error(transparent)]
    Follow(FollowError),
    /// A port failed.
    #[error("The label's cloud could not do this right now. Try again in a moment.")]
    Port(#[source] PortError),
    /// A store failed.
    #[error("The label's store could not do this right now. Try again in a moment.")]
    Store(#[source] StoreError),
}

/// What a kind of error is called, for programs and for people.
struct Kind {
    code: &'static str,
    title: &'static str,
    status: StatusCode,
}

impl ApiError {
    /// A field that is not what it should be.
    pub(super) fn field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Fields(vec![Fault { field: field.into(), detail: detail.into() }])
    }

    fn kind(&self) -> Kind {
        let kind = |code, title, status| Kind { code, title, status };
        match self {
            Self::NoRoute => kind("no-route", "No such address", StatusCode::NOT_FOUND),
            Self::Method { .. } => kind("method", "Not done this way", StatusCode::METHOD_NOT_ALLOWED),
            Self::Token(error) => of_token(error),
            Self::Forbidden(_) => kind("forbidden", "Not for this account", StatusCode::FORBIDDEN),
            Self::NotFound(_) => kind("not-found", "Not found", StatusCode::NOT_FOUND),
            Self::BodyTooLarge { .. } => kind("body-too-large", "Too large", StatusCode::PAYLOAD_TOO_LARGE),
            Self::MediaType => kind("media-type", "Not JSON", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Self::Malformed(_) => kind("body-malformed", "Not JSON", StatusCode::BAD_REQUEST),
            Self::Fields(_) => kind("fields", "Fields to mend", StatusCode::UNPROCESSABLE_ENTITY),
            Self::Void(void) => of_void(void),
            Self::Delivered => kind("delivered-already", "Delivered already", StatusCode::CONFLICT),
            Self::PartsMissing(_) => kind("parts-missing", "Parts are missing", StatusCode::CONFLICT),
            Self::UploadsLost => kind("uploads-lost", "The uploads are gone", StatusCode::CONFLICT),
            Self::Follow(error) => of_follow(error),
            Self::Port(error) => of_failure(error.passing),
            Self::Store(error) => of_failure(error.is_passing()),
        }
    }

    /// As it travels.
    pub(super) fn problem(&self) -> Problem {
        let kind = self.kind();
        Problem {
            kind: format!("/problems/{}", kind.code),
            title: kind.title.to_owned(),
            status: kind.status.as_u16(),
            detail: self.to_string(),
            errors: match self {
                Self::Fields(faults) | Self::PartsMissing(faults) => faults.clone(),
                _ => Vec::new(),
            },
        }
    }

    /// The headers that go with it.
    pub(super) fn headers(&self, now: Timestamp) -> Vec<(header::HeaderName, HeaderValue)> {
        let text = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""));
        match self {
            Self::Method { allow } => vec![(header::ALLOW, text(&methods(allow)))],
            Self::Token(TokenError::Missing) => {
                vec![(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))]
            }
            Self::Token(error) if of_token(error).status == StatusCode::UNAUTHORIZED => {
                vec![(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""))]
            }
            Self::Follow(FollowError::TooSoon { until, .. } | FollowError::Exhausted { until }) => {
                let seconds = until.duration_since(now).as_secs().max(0).saturating_add(1);
                vec![(header::RETRY_AFTER, HeaderValue::from(seconds))]
            }
            _ if self.kind().status == StatusCode::SERVICE_UNAVAILABLE => {
                vec![(header::RETRY_AFTER, HeaderValue::from_static("2"))]
            }
            _ => Vec::new(),
        }
    }
}

fn of_token(error: &TokenError) -> Kind {
    let (code, status) = match error {
        TokenError::Missing => ("token-missing", StatusCode::UNAUTHORIZED),
        TokenError::Malformed => ("token-malformed", StatusCode::UNAUTHORIZED),
        TokenError::Algorithm => ("token-algorithm", StatusCode::UNAUTHORIZED),
        TokenError::UnknownKey => ("token-key", StatusCode::UNAUTHORIZED),
        TokenError::Signature => ("token-signature", StatusCode::UNAUTHORIZED),
        TokenError::Issuer => ("token-issuer", StatusCode::UNAUTHORIZED),
        TokenError::Audience => ("token-audience", StatusCode::UNAUTHORIZED),
        TokenError::Expired(_) => ("token-expired", StatusCode::UNAUTHORIZED),
        TokenError::NotYet(_) => ("token-not-yet", StatusCode::UNAUTHORIZED),
        TokenError::Use => ("token-use", StatusCode::UNAUTHORIZED),
        TokenError::Email => ("account-email", StatusCode::FORBIDDEN),
        TokenError::Label => ("account-label", StatusCode::FORBIDDEN),
        TokenError::Role => ("account-role", StatusCode::FORBIDDEN),
        TokenError::Keys(error) => return of_failure(error.passing),
    };
    let title =
        if status == StatusCode::UNAUTHORIZED { "The sign-in is not taken" } else { "The account is not set up" };
    Kind { code, title, status }
}

fn of_void(void: &Void) -> Kind {
    let code = match void {
        Void::Superseded => "superseded",
        Void::NotInReview(_) => "not-in-review",
        Void::OtherMetadata => "other-metadata",
        Void::OtherRenditions => "other-renditions",
        Void::NotHeard(_) => "not-heard",
        Void::NotFailed(_) => "not-failed",
        Void::AlreadyWithdrawn => "already-withdrawn",
    };
    Kind { code, title: "It does not count", status: StatusCode::CONFLICT }
}

fn of_follow(error: &FollowError) -> Kind {
    let kind = |code, title, status| Kind { code, title, status };
    match error {
        FollowError::Unknown { .. } => kind("not-following", "No such subscription", StatusCode::NOT_FOUND),
        FollowError::Confirmed(_) => kind("already-confirmed", "Confirmed already", StatusCode::CONFLICT),
        FollowError::NotALink => kind("not-a-link", "Not the link", StatusCode::UNPROCESSABLE_ENTITY),
        FollowError::Expired => kind("link-expired", "The link ran out", StatusCode::UNPROCESSABLE_ENTITY),
        FollowError::TooSoon { .. } => kind("too-soon", "Too soon", StatusCode::TOO_MANY_REQUESTS),
        FollowError::Full { .. } => kind("artist-full", "No more addresses", StatusCode::CONFLICT),
        FollowError::Exhausted { .. } => kind("asked-enough", "Enough for today", StatusCode::TOO_MANY_REQUESTS),
        FollowError::Port(error) => of_failure(error.passing),
    }
}

fn of_failure(passing: bool) -> Kind {
    if passing {
        Kind { code: "unavailable", title: "Not right now", status: StatusCode::SERVICE_UNAVAILABLE }
    } else {
        Kind { code: "failed", title: "Something failed", status: StatusCode::INTERNAL_SERVER_ERROR }
    }
}

impl From<FollowError> for ApiError {
    fn from(error: FollowError) -> Self {
        // What a service said is for the log, not for the sender.
        match error {
            FollowError::Port(error) => Self::Port(error),
            other => Self::Follow(other),
        }
    }
}

impl From<PortError> for ApiError {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn methods(methods: &[Method]) -> String {
    methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
}

fn faults(faults: &[Fault]) -> String {
    match faults {
        [one] => format!("{}: {}", one.field, one.detail),
        [first, ..] => {
            format!("{} fields are to be mended. The first is {}: {}", faults.len(), first.field, first.detail)
        }
        [] => "Something is to be mended.".to_owned(),
    }
}
