//! Reads one field of a cloud's description at a time, so that what is wrong is said with its name.

use reqwest::Url;
use serde_json::{Map, Value};

use super::deployment::{DeploymentError, FieldFault};

/// The fields of an object; none where there is no object.
pub(super) struct Fields<'a>(pub(super) Option<&'a Map<String, Value>>);

/// What a text should be.
#[derive(Clone, Copy)]
pub(super) enum Is {
    Name,
    Region,
    ClientId,
    IdentityPool,
    Bucket,
}

impl<'a> Fields<'a> {
    /// An object inside; where there is none, one without fields.
    pub(super) fn inner(&self, field: &'static str) -> Result<Fields<'a>, DeploymentError> {
        match self.get(field) {
            None | Some(Value::Null) => Ok(Fields(None)),
            Some(Value::Object(fields)) => Ok(Fields(Some(fields))),
            Some(_) => Err(should(field, "an object")),
        }
    }

    pub(super) fn text(&self, field: &'static str, is: Is) -> Result<String, DeploymentError> {
        let text = self.required(field)?.as_str().ok_or_else(|| should(field, is.in_words()))?;
        if is.fits(text) { Ok(text.to_owned()) } else { Err(should(field, is.in_words())) }
    }

    /// An address without credentials, query and fragment; a trailing slash is taken off.
    pub(super) fn address(&self, field: &'static str) -> Result<String, DeploymentError> {
        address(self.required(field)?, field)
    }

    pub(super) fn optional_address(&self, name: &str, field: &'static str) -> Result<Option<String>, DeploymentError> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => address(value, field).map(Some),
        }
    }

    pub(super) fn ports(&self, field: &'static str) -> Result<Vec<u16>, DeploymentError> {
        const PORTS: &str = "a list of one to ten different ports from 1024 on";
        let listed = self.required(field)?.as_array().ok_or_else(|| should(field, PORTS))?;
        let mut ports: Vec<u16> = Vec::new();
        for port in listed {
            let port = port.as_u64().and_then(|port| u16::try_from(port).ok()).filter(|port| *port >= 1024);
            match port {
                Some(port) if !ports.contains(&port) => ports.push(port),
                _ => return Err(should(field, PORTS)),
            }
        }
        if (1..=10).contains(&ports.len()) { Ok(ports) } else { Err(should(field, PORTS)) }
    }

    pub(super) fn truth(&self, field: &'static str) -> Result<bool, DeploymentError> {
        self.required(field)?.as_bool().ok_or_else(|| should(field, "true or false"))
    }

    fn get(&self, field: &str) -> Option<&'a Value> {
        self.0.and_then(|fields| fields.get(field))
    }

    fn required(&self, field: &'static str) -> Result<&'a Value, DeploymentError> {
        self.get(field).ok_or(DeploymentError::Field { field, fault: FieldFault::Missing })
    }
}

impl Is {
    fn in_words(self) -> &'static str {
        match self {
            Self::Name => "a name of up to 100 visible characters",
            Self::Region => "a region such as eu-west-1",
            Self::ClientId => "an app client's id: letters and digits",
            Self::IdentityPool => "an identity pool's id, such as eu-west-1:00000000-0000-0000-0000-000000000000",
            Self::Bucket => "a bucket's name: 3 to 63 lower-case letters, digits, dots and hyphens",
        }
    }

    fn fits(self, text: &str) -> bool {
        let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let region = |text: &str| (1..=40).contains(&text.len()) && text.chars().all(|c| lower(c) || c == '-');
        match self {
            Self::Name => !text.trim().is_empty() && text.chars().count() <= 100 && !text.chars().any(is_unseen),
            Self::Region => region(text),
            Self::ClientId => {
                (1..=128).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            }
            Self::IdentityPool => text.split_once(':').is_some_and(|(place, id)| {
                region(place) && id.len() == 36 && id.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
            }),
            Self::Bucket => (3..=63).contains(&text.len()) && text.chars().all(|c| lower(c) || c == '.' || c == '-'),
        }
    }
}

/// Characters that would have a name look like another: controls, and those that turn the direction of writing.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn address(value: &Value, field: &'static str) -> Result<String, DeploymentError> {
    const ADDRESS: &str = "an https:// address without user, query and fragment";
    let text = value.as_str().ok_or_else(|| should(field, ADDRESS))?;
    let url = Url::parse(text).map_err(|_| should(field, ADDRESS))?;
    let bare =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none_or(str::is_empty) || !bare {
        return Err(should(field, ADDRESS));
    }
    // As it is written when it is parsed, since that is what is reached; an issuer is written so by AWS.
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn should(field: &'static str, what: &'static str) -> DeploymentError {
    DeploymentError::Field { field, fault: FieldFault::Should(what) }
}
