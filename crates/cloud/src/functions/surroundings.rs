use std::time::Duration;

use thiserror::Error;

/// What a function is told by its environment variables, in the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Surroundings {
    /// The deployment's name.
    pub(super) stack: String,
    /// The function's name.
    pub(super) function: String,
    /// The region it runs in.
    pub(super) region: String,
    /// The catalogue's table.
    pub(super) table: String,
    /// The bucket of masters.
    pub(super) masters: String,
    /// The bucket of renditions.
    pub(super) renditions: String,
    /// The URL of the queue of manifests.
    pub(super) intake_queue: String,
    /// The URL of the queue of transcoding jobs.
    pub(super) transcode_queue: String,
    /// The URL of the catalogue's queue.
    pub(super) catalogue_queue: String,
    /// What the name of every artist's topic begins with.
    pub(super) topic_prefix: String,
    /// How often a message is received before its queue gives it up.
    pub(super) max_receives: u32,
    /// After how long without a sign of life a function's work is taken over. Two minutes but in tests.
    pub(super) take_over: Duration,
    /// Buckets stand in paths, and not in hosts' names.
    pub(super) path_style: bool,
    /// The service keeps checksums of whole objects, as S3 does.
    pub(super) object_checksums: bool,
    /// Another service than AWS.
    pub(super) endpoint: Option<String>,
}

/// Why a function cannot start.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum SurroundingsError {
    /// A variable that is needed is not there, or empty.
    #[error(
        "the environment variable {0} is not set: the function was deployed without the template, or with another version of it"
    )]
    Missing(&'static str),
    /// A variable that says something else than it may.
    #[error("the environment variable {name} is \"{}\", and should be {expected}", value.escape_debug())]
    Odd {
        /// Its name.
        name: &'static str,
        /// What it is.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
}

/// How environment variables are asked for.
type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Surroundings {
    /// Reads them. What a function does not use may be absent: its role could not use it either.
    ///
    /// # Errors
    /// See [`SurroundingsError`].
    pub(super) fn read(lookup: Lookup<'_>) -> Result<Self, SurroundingsError> {
        let text = |name| lookup(name).filter(|value| !value.is_empty());
        let needed = |name| text(name).ok_or(SurroundingsError::Missing(name));
        let optional = |name| text(name).unwrap_or_default();
        Ok(Self {
            stack: text("LACQUER_STACK").unwrap_or_else(|| "lacquer".to_owned()),
            function: needed("AWS_LAMBDA_FUNCTION_NAME")?,
            region: needed("AWS_REGION")?,
            table: needed("LACQUER_TABLE")?,
            masters: optional("LACQUER_MASTERS"),
            renditions: optional("LACQUER_RENDITIONS"),
            intake_queue: optional("LACQUER_INTAKE_QUEUE"),
            transcode_queue: optional("LACQUER_TRANSCODE_QUEUE"),
            catalogue_queue: optional("LACQUER_CATALOGUE_QUEUE"),
            topic_prefix: optional("LACQUER_TOPIC_PREFIX"),
            max_receives: number(lookup, "LACQUER_MAX_RECEIVES")?.unwrap_or(5),
            take_over: Duration::from_secs(number(lookup, "LACQUER_TAKE_OVER_SECONDS")?.unwrap_or(120).into()),
            path_style: flag(lookup, "LACQUER_PATH_STYLE")?.unwrap_or(false),
            object_checksums: flag(lookup, "LACQUER_OBJECT_CHECKSUMS")?.unwrap_or(true),
            endpoint: text("AWS_ENDPOINT_URL"),
        })
    }
}

fn number(lookup: Lookup<'_>, name: &'static str) -> Result<Option<u32>, SurroundingsError> {
    let read = |value: String| match value.parse() {
        Ok(number @ 1..=43_200) => Ok(number),
        _ => Err(SurroundingsError::Odd { name, value, expected: "a whole number from 1 to 43200" }),
    };
    lookup(name).filter(|value| !value.is_empty()).map(read).transpose()
}

fn flag(lookup: Lookup<'_>, name: &'static str) -> Result<Option<bool>, SurroundingsError> {
    let read =
        |value: String| value.parse().map_err(|_| SurroundingsError::Odd { name, value, expected: "true or false" });
    lookup(name).filter(|value| !value.is_empty()).map(read).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Surroundings, SurroundingsError> {
        let needed = [("AWS_LAMBDA_FUNCTION_NAME", "f"), ("AWS_REGION", "eu-west-1"), ("LACQUER_TABLE", "t")];
        let all: Vec<_> = variables.iter().chain(&needed).collect();
        Surroundings::read(&|name| all.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn what_nobody_says_is_as_in_the_cloud() {
        let bare = read(&[]).unwrap();
        assert_eq!((bare.max_receives, bare.take_over), (5, Duration::from_secs(120)));
        assert_eq!((bare.path_style, bare.object_checksums, bare.endpoint), (false, true, None));
        let emulated = read(&[
            ("LACQUER_PATH_STYLE", "true"),
            ("LACQUER_OBJECT_CHECKSUMS", "false"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
            ("LACQUER_TAKE_OVER_SECONDS", "3"),
            ("LACQUER_MAX_RECEIVES", ""),
        ]);
        let emulated = emulated.unwrap();
        assert_eq!((emulated.max_receives, emulated.take_over), (5, Duration::from_secs(3)));
        assert_eq!((emulated.path_style, emulated.object_checksums), (true, false));
        assert_eq!(emulated.endpoint.as_deref(), Some("http://127.0.0.1:4566"));
    }

    #[test]
    fn what_is_missing_or_odd_is_named() {
        let table = [
            (
                "LACQUER_TABLE",
                "",
                "the environment variable LACQUER_TABLE is not set: the function was deployed without the template, or with another version of it",
            ),
            (
                "LACQUER_MAX_RECEIVES",
                "0",
                "the environment variable LACQUER_MAX_RECEIVES is \"0\", and should be a whole number from 1 to 43200",
            ),
            (
                "LACQUER_PATH_STYLE",
                "yes",
                "the environment variable LACQUER_PATH_STYLE is \"yes\", and should be true or false",
            ),
        ];
        for (name, value, why) in table {
            assert_eq!(read(&[(name, value)]).unwrap_err().to_string(), why);
        }
    }
}
