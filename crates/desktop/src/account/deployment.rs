//! What a person opens to join a label's cloud: `workspace.json`, an output of its deployment.

use std::collections::BTreeSet;

use reqwest::Url;
use serde::Deserialize;
use thiserror::Error;

use super::join_field::{Fields, Is};

/// Where a label's cloud is, and how to sign in to it. The file's format is `lacquer.cloud-workspace`; fields are added
/// without a new version, and whoever reads skips what it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// What people call it.
    pub name: String,
    /// The AWS region.
    pub region: String,
    /// The API's base, without a trailing slash and without `/v1`.
    pub api: String,
    /// Who issues tokens, exactly as their `iss` says it.
    pub issuer: String,
    /// The base of `/oauth2/authorize`, `/oauth2/token`, `/oauth2/revoke` and `/logout`, without a trailing slash.
    pub sign_in: String,
    /// The app client's id: the audience of ID tokens.
    pub client: String,
    /// The identity pool's id.
    pub identity_pool: String,
    /// The bucket that takes masters.
    pub masters: String,
    /// The ports of this machine that the browser may come back to, in the order in which they are tried.
    pub ports: Vec<u16>,
    /// Where services are, in private and emulated clouds.
    pub endpoints: Endpoints,
    /// Whether the store keeps a checksum of whole objects.
    pub object_checksums: bool,
}

/// Endpoints instead of AWS's own, without a trailing slash.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Objects; asked in path style where it is given.
    pub s3: Option<String>,
    /// The identity pool.
    pub cognito_identity: Option<String>,
    /// The user pool.
    pub cognito_idp: Option<String>,
}

/// All hosts that a cloud's app talks to, for a person to look at before joining.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// What people call the cloud.
    pub name: String,
    /// The host of the API: releases are read and decided there.
    pub endpoint: String,
    /// The host of whom the tokens come from.
    pub issuer: String,
    /// The host of the page that asks for the password.
    pub sign_in: String,
    /// The bucket that masters are sent to.
    pub masters: String,
    /// Hosts besides those, where services are elsewhere than AWS has them.
    pub others: Vec<String>,
}

/// Why a file is no way into a cloud. Each text says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeploymentError {
    /// More than any such file holds.
    #[error(
        "The file is too large to describe a cloud workspace. Open the workspace.json that whoever runs your label's cloud sent you."
    )]
    TooLarge,
    /// Not JSON.
    #[error(
        "The file does not describe a cloud workspace: {reason}. \
         Open the workspace.json that whoever runs your label's cloud sent you, unchanged."
    )]
    Unreadable {
        /// What the reader says, and where.
        reason: String,
    },
    /// JSON of something else.
    #[error(
        "The file does not describe a cloud workspace: its format is \"{found}\" and should be \"{FORMAT}\". \
         Open the workspace.json that whoever runs your label's cloud sent you."
    )]
    Foreign {
        /// What it says it is.
        found: String,
    },
    /// Made by a later deployment.
    #[error(
        "The cloud's description is newer than this Lacquer (its version is {found}, and this one knows {VERSION}). Update Lacquer."
    )]
    Newer {
        /// The version that it says.
        found: u64,
    },
    /// A field is missing, or is not what it should be.
    #[error(
        "The cloud's description cannot be used: \"{field}\" {fault}. Ask whoever runs your label's cloud for its workspace.json anew."
    )]
    Field {
        /// The field's name in the file.
        field: &'static str,
        /// What is wrong with it.
        fault: FieldFault,
    },
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FieldFault {
    /// It is not there.
    #[error("is missing")]
    Missing,
    /// It is of another kind.
    #[error("should be {0}")]
    Should(&'static str),
    /// An address over a connection that others can read.
    #[error(
        "is {address}, which is not HTTPS; only addresses of this machine may do without, and only where all are of this machine"
    )]
    NotHttps {
        /// The address.
        address: String,
    },
}

/// No such file is larger.
const MOST_BYTES: usize = 64 * 1024;
const FORMAT: &str = "lacquer.cloud-workspace";
const VERSION: u64 = 1;

impl Deployment {
    /// Reads the file.
    ///
    /// # Errors
    /// Where it is something else, is of a later version, or a field cannot be used: which, and why.
    pub fn read(bytes: &[u8]) -> Result<Self, DeploymentError> {
        #[derive(Deserialize)]
        struct Head {
            #[serde(default)]
            format: String,
            #[serde(default)]
            version: u64,
        }
        if bytes.len() > MOST_BYTES {
            return Err(DeploymentError::TooLarge);
        }
        let unreadable = |error: serde_json::Error| DeploymentError::Unreadable { reason: error.to_string() };
        let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(bytes).map_err(unreadable)?;
        let head: Head = serde_json::from_slice(bytes).map_err(unreadable)?;
        if head.format != FORMAT {
            return Err(DeploymentError::Foreign { found: head.format.chars().take(60).collect() });
        }
        match head.version {
            0 => {
                return Err(DeploymentError::Field {
                    field: "version",
                    fault: FieldFault::Should("a version, from 1 on"),
                });
            }
            VERSION => {}
            found => return Err(DeploymentError::Newer { found }),
        }
        let fields = Fields(Some(&fields));
        let endpoints = fields.inner("endpoints")?;
        let deployment = Self {
            name: fields.text("name", Is::Name)?,
            region: fields.text("region", Is::Region)?,
            api: fields.address("api")?,
            issuer: fields.address("issuer")?,
            sign_in: fields.address("sign_in")?,
            client: fields.text("client", Is::ClientId)?,
            identity_pool: fields.text("identity_pool", Is::IdentityPool)?,
            masters: fields.text("masters", Is::Bucket)?,
            ports: fields.ports("ports")?,
            endpoints: Endpoints {
                s3: endpoints.optional_address("s3", "endpoints.s3")?,
                cognito_identity: endpoints.optional_address("cognito_identity", "endpoints.cognito_identity")?,
                cognito_idp: endpoints.optional_address("cognito_idp", "endpoints.cognito_idp")?,
            },
            object_checksums: fields.truth("object_checksums")?,
        };
        deployment.refuse_plain_http()?;
        Ok(deployment)
    }

    /// What it would be in a file; [`read`](Self::read) takes it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let json = serde_json::json!({
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "region": self.region,
            "api": self.api,
            "issuer": self.issuer,
            "sign_in": self.sign_in,
            "client": self.client,
            "identity_pool": self.identity_pool,
            "masters": self.masters,
            "ports": self.ports,
            "endpoints": {
                "s3": self.endpoints.s3,
                "cognito_identity": self.endpoints.cognito_identity,
                "cognito_idp": self.endpoints.cognito_idp,
            },
            "object_checksums": self.object_checksums,
        });
        format!("{json:#}\n")
    }

    /// What the app would talk to.
    #[must_use]
    pub fn surroundings(&self) -> Surroundings {
        let (endpoint, issuer, sign_in) = (host(&self.api), host(&self.issuer), host(&self.sign_in));
        let named = [endpoint.as_str(), issuer.as_str(), sign_in.as_str()];
        let others: BTreeSet<String> =
            [&self.endpoints.s3, &self.endpoints.cognito_identity, &self.endpoints.cognito_idp]
                .into_iter()
                .flatten()
                .map(|address| host(address))
                .filter(|host| !named.contains(&host.as_str()))
                .collect();
        let (name, masters, others) = (self.name.clone(), self.masters.clone(), others.into_iter().collect());
        Surroundings { name, endpoint, issuer, sign_in, masters, others }
    }

    /// Where the user pool answers Cognito's own calls.
    #[must_use]
    pub fn cognito_idp(&self) -> String {
        self.endpoints.cognito_idp.clone().unwrap_or_else(|| {
            let host = host(&self.issuer);
            // A pool's own host, which also knows the partition: amazonaws.com, amazonaws.com.cn.
            if host.starts_with("cognito-idp.") {
                format!("https://{host}")
            } else {
                format!("https://cognito-idp.{}.amazonaws.com", self.region)
            }
        })
    }

    /// The user pool as an identity pool names it: the issuer without its scheme.
    #[must_use]
    pub fn login_provider(&self) -> &str {
        self.issuer.split_once("://").map_or(self.issuer.as_str(), |(_, rest)| rest)
    }

    /// Whether it is a cloud on this machine.
    #[must_use]
    pub fn is_of_this_machine(&self) -> bool {
        is_loopback(&self.api)
    }

    /// HTTPS only. A cloud on this machine may do without, if all of it is on this machine: nothing of AWS is then
    /// reached with what came in the clear.
    fn refuse_plain_http(&self) -> Result<(), DeploymentError> {
        let given = [
            ("api", Some(&self.api)),
            ("issuer", Some(&self.issuer)),
            ("sign_in", Some(&self.sign_in)),
            ("endpoints.s3", self.endpoints.s3.as_ref()),
            ("endpoints.cognito_identity", self.endpoints.cognito_identity.as_ref()),
            ("endpoints.cognito_idp", self.endpoints.cognito_idp.as_ref()),
        ];
        let all_here = given.iter().all(|(_, address)| address.is_some_and(|address| is_loopback(address)));
        for (field, address) in given {
            if let Some(address) = address
                && !address.starts_with("https://")
                && !all_here
            {
                let fault = FieldFault::NotHttps { address: address.clone() };
                return Err(DeploymentError::Field { field, fault });
            }
        }
        Ok(())
    }
}

/// The host of an address, with its port where it is no usual one.
pub(super) fn host(address: &str) -> String {
    let Ok(url) = Url::parse(address) else { return address.to_owned() };
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => address.to_owned(),
    }
}

fn is_loopback(address: &str) -> bool {
    let url = Url::parse(address).ok();
    url.as_ref().and_then(Url::host_str).is_some_and(|host| matches!(host, "127.0.0.1" | "[::1]" | "localhost"))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// Version 1. It is read for ever.
    const VERSION_1: &str = include_str!("../../tests/fixtures/cloud-workspace-1.json");

    fn with(change: impl FnOnce(&mut Value)) -> Result<Deployment, DeploymentError> {
        let mut json: Value = serde_json::from_str(VERSION_1).unwrap();
        change(&mut json);
        Deployment::read(json.to_string().as_bytes())
    }

    #[test]
    fn every_version_is_read() {
        let read = Deployment::read(VERSION_1.as_bytes()).unwrap();
        assert_eq!(read.name, "Low Tide Records");
        assert_eq!(read.api, "https://abc123.execute-api.eu-west-1.amazonaws.com");
        assert_eq!(read.ports, [49317, 49318, 49319]);
        assert_eq!(read.endpoints, Endpoints::default());
        assert!(read.object_checksums);
        assert_eq!(read.cognito_idp(), "https://cognito-idp.eu-west-1.amazonaws.com");
        assert_eq!(read.login_provider(), "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI");
        assert_eq!(Deployment::read(read.to_json().as_bytes()).unwrap(), read);
    }

    #[test]
    fn a_person_sees_whom_the_app_would_talk_to() {
        let read = Deployment::read(VERSION_1.as_bytes()).unwrap().surroundings();
        assert_eq!(read.endpoint, "abc123.execute-api.eu-west-1.amazonaws.com");
        assert_eq!(read.issuer, "cognito-idp.eu-west-1.amazonaws.com");
        assert_eq!(read.sign_in, "low-tide.auth.eu-west-1.amazoncognito.com");
        assert!(read.others.is_empty());
        let private = with(|json| json["endpoints"]["s3"] = json!("https://objects.low-tide.example:9000/")).unwrap();
        assert_eq!(private.surroundings().others, ["objects.low-tide.example:9000"]);
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        type Change = fn(&mut Value);
        let cases: [(&str, Change); 21] = [
            ("no name", |json| drop(json.as_object_mut().unwrap().remove("name"))),
            ("a name that hides what it is", |json| json["name"] = json!("Low Tide\u{202e}drocer")),
            ("no region", |json| json["region"] = json!("")),
            ("a region that leads elsewhere", |json| json["region"] = json!("eu-west-1.evil.example/")),
            ("a number for the API", |json| json["api"] = json!(7)),
            ("no address", |json| json["api"] = json!("abc123.execute-api.eu-west-1.amazonaws.com")),
            ("a password in an address", |json| json["api"] = json!("https://me:secret@abc.example")),
            ("a query in an address", |json| json["sign_in"] = json!("https://abc.example/?next=evil")),
            ("plain HTTP", |json| json["api"] = json!("http://abc123.execute-api.eu-west-1.amazonaws.com")),
            ("plain HTTP here, the rest elsewhere", |json| json["sign_in"] = json!("http://127.0.0.1:9000")),
            ("a file for the issuer", |json| json["issuer"] = json!("file:///etc/passwd")),
            ("a client that is none", |json| json["client"] = json!("a b")),
            ("an identity pool that is none", |json| json["identity_pool"] = json!("pool")),
            ("a bucket that is none", |json| json["masters"] = json!("My Bucket")),
            ("no port", |json| json["ports"] = json!([])),
            ("a port of the system", |json| json["ports"] = json!([80])),
            ("a port twice", |json| json["ports"] = json!([49317, 49317])),
            ("a port that is none", |json| json["ports"] = json!([70000])),
            ("endpoints that are none", |json| json["endpoints"] = json!([])),
            ("an endpoint that is none", |json| json["endpoints"]["s3"] = json!("objects")),
            ("checksums in words", |json| json["object_checksums"] = json!("yes")),
        ];
        let told: Vec<String> =
            cases.into_iter().map(|(case, change)| format!("{case}: {}", with(change).expect_err(case))).collect();
        assert_snapshot!(told.join("\n"));
    }

    #[test]
    fn files_of_something_else_are_refused() {
        let read = |text: &str| Deployment::read(text.as_bytes()).unwrap_err().to_string();
        let large = " ".repeat(MOST_BYTES + 1);
        let told = [
            read(""),
            read("[]"),
            read("{}"),
            read(r#"{"format":"lacquer.workspace","version":2}"#),
            read(r#"{"format":"lacquer.cloud-workspace"}"#),
            read(r#"{"format":"lacquer.cloud-workspace","version":2,"name":7}"#),
            read(&large),
        ];
        assert_snapshot!(told.join("\n"));
    }

    #[test]
    fn a_field_that_is_not_known_is_skipped() {
        assert!(with(|json| json["colour"] = json!("blue")).is_ok());
        assert!(with(|json| drop(json.as_object_mut().unwrap().remove("endpoints"))).is_ok());
    }

    #[test]
    fn a_cloud_on_this_machine_may_do_without_tls_if_all_of_it_is_here() {
        let here = |json: &mut Value| {
            for field in ["api", "issuer", "sign_in"] {
                json[field] = json!("http://127.0.0.1:4566/pool");
            }
            for field in ["s3", "cognito_identity", "cognito_idp"] {
                json["endpoints"][field] = json!("http://localhost:4566");
            }
        };
        let local = with(here).unwrap();
        assert_eq!(local.cognito_idp(), "http://localhost:4566");
        assert!(local.is_of_this_machine());
        let partly = with(|json| {
            here(json);
            json["endpoints"]["s3"] = Value::Null;
        });
        assert!(matches!(partly, Err(DeploymentError::Field { field: "api", fault: FieldFault::NotHttps { .. } })));
        let look_alike = with(|json| {
            here(json);
            json["api"] = json!("http://127.0.0.1.evil.example");
        });
        assert!(matches!(look_alike, Err(DeploymentError::Field { field: "api", .. })));
    }

    proptest! {
        #[test]
        fn whatever_the_file_holds_nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Deployment::read(&bytes);
        }

        #[test]
        fn whatever_a_field_holds_nothing_is_reached_without_tls(field in 0..6usize, text in ".{0,40}") {
            let names = ["api", "issuer", "sign_in", "region", "client", "masters"];
            if let Ok(read) = with(|json| json[names[field]] = json!(text)) {
                for address in [read.api.clone(), read.issuer.clone(), read.sign_in.clone(), read.cognito_idp()] {
                    prop_assert!(address.starts_with("https://"), "{address}");
                }
            }
        }
    }
}
