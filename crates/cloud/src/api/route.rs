use http::Method;

/// What can be asked: a method, a path, who may, and what is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The method.
    pub method: Method,
    /// The path; `{name}` stands for a segment, `{name+}` for all that are left.
    pub path: &'static str,
    /// Who may ask.
    pub admits: Admits,
    pub(super) operation: Operation,
}

/// Who may ask. What they get is still their own label's only, and an artist's account gets its artists' only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admits {
    /// Anybody, without a sign-in.
    Anyone,
    /// Every account of a label.
    Everyone,
    /// Staff and managers.
    Staff,
    /// Managers.
    Managers,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Health,
    Me,
    SetLabel,
    Releases,
    Release,
    Manifest,
    Artwork,
    Decide,
    Withdraw,
    Retry,
    Object,
    Rendition,
    Follows,
    Follow,
    Confirm,
    Resend,
    Unfollow,
    Announcements,
    ArtistAccounts,
    MapArtists,
    HandOver,
    HandOverParts,
    HandOverComplete,
}

const fn endpoint(method: Method, path: &'static str, admits: Admits, operation: Operation) -> Endpoint {
    Endpoint { method, path, admits, operation }
}

/// Everything that can be asked. `docs/openapi.yaml` describes it, and a test holds the two to each other.
pub const ENDPOINTS: &[Endpoint] = &[
    endpoint(Method::GET, "/v1/health", Admits::Anyone, Operation::Health),
    endpoint(Method::GET, "/v1/me", Admits::Everyone, Operation::Me),
    endpoint(Method::PUT, "/v1/label", Admits::Managers, Operation::SetLabel),
    endpoint(Method::GET, "/v1/releases", Admits::Everyone, Operation::Releases),
    endpoint(Method::GET, "/v1/releases/{release}", Admits::Everyone, Operation::Release),
    endpoint(Method::GET, "/v1/releases/{release}/manifest", Admits::Staff, Operation::Manifest),
    endpoint(Method::GET, "/v1/releases/{release}/artwork", Admits::Everyone, Operation::Artwork),
    endpoint(Method::POST, "/v1/releases/{release}/decision", Admits::Managers, Operation::Decide),
    endpoint(Method::POST, "/v1/releases/{release}/withdrawal", Admits::Managers, Operation::Withdraw),
    endpoint(Method::POST, "/v1/releases/{release}/retry", Admits::Staff, Operation::Retry),
    endpoint(Method::GET, "/v1/objects/{key+}", Admits::Staff, Operation::Object),
    endpoint(Method::GET, "/v1/renditions/{recipe}/{profile}", Admits::Everyone, Operation::Rendition),
    endpoint(Method::GET, "/v1/subscriptions", Admits::Everyone, Operation::Follows),
    endpoint(Method::POST, "/v1/subscriptions", Admits::Everyone, Operation::Follow),
    endpoint(Method::POST, "/v1/subscriptions/confirmation", Admits::Everyone, Operation::Confirm),
    endpoint(Method::POST, "/v1/subscriptions/resend", Admits::Everyone, Operation::Resend),
    endpoint(Method::POST, "/v1/subscriptions/removal", Admits::Everyone, Operation::Unfollow),
    endpoint(Method::GET, "/v1/announcements", Admits::Staff, Operation::Announcements),
    endpoint(Method::GET, "/v1/artist-accounts", Admits::Staff, Operation::ArtistAccounts),
    endpoint(Method::PUT, "/v1/artist-accounts/{email}", Admits::Staff, Operation::MapArtists),
    endpoint(Method::POST, "/v1/deliveries", Admits::Staff, Operation::HandOver),
    endpoint(Method::GET, "/v1/deliveries/{release}/{delivery}/parts", Admits::Staff, Operation::HandOverParts),
    endpoint(
        Method::POST,
        "/v1/deliveries/{release}/{delivery}/completion",
        Admits::Staff,
        Operation::HandOverComplete,
    ),
];

/// What a method and a path lead to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// An endpoint, with what stands in the place of its names.
    Endpoint(&'static Endpoint, Params),
    /// A path that takes other methods.
    OtherMethods(Vec<Method>),
    /// No such path.
    Nothing,
}

/// What stands in the place of a path's names, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Params(Vec<(&'static str, String)>);

impl Params {
    /// What stands in the place of a name; empty where the path has none such.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }
}

/// Finds the endpoint of a request. `HEAD` is `GET` without the body.
pub(super) fn find(method: &Method, path: &str) -> Found {
    let wanted = if method == Method::HEAD { &Method::GET } else { method };
    let fitting: Vec<_> =
        ENDPOINTS.iter().filter_map(|endpoint| Some((endpoint, params(endpoint.path, path)?))).collect();
    // A path that spells a segment out counts more than one with a name in its place; none here has both.
    let mut allow: Vec<Method> = fitting.iter().map(|(endpoint, _)| endpoint.method.clone()).collect();
    match fitting.into_iter().find(|(endpoint, _)| endpoint.method == wanted) {
        Some((endpoint, params)) => Found::Endpoint(endpoint, params),
        None if allow.is_empty() => Found::Nothing,
        None => {
            if allow.contains(&Method::GET) {
                allow.push(Method::HEAD);
            }
            Found::OtherMethods(allow)
        }
    }
}

/// What stands in the place of a pattern's names in a path; none where it does not fit.
fn params(pattern: &'static str, path: &str) -> Option<Params> {
    let mut segments = path.split('/');
    let mut params = Params::default();
    for expected in pattern.split('/') {
        match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => match name.strip_suffix('+') {
                Some(name) => {
                    let rest: Option<Vec<String>> = segments.by_ref().map(segment).collect();
                    params.0.push((name, rest.filter(|rest| !rest.is_empty())?.join("/")));
                }
                None => params.0.push((name, segment(segments.next()?)?)),
            },
            None if segments.next()? == expected => {}
            None => return None,
        }
    }
    segments.next().is_none().then_some(params)
}

fn segment(encoded: &str) -> Option<String> {
    decoded(encoded).filter(|segment| !segment.is_empty() && segment != "." && segment != "..")
}

/// Takes percent-encoding back (RFC 3986). None where what comes out is not UTF-8. A percent sign without two digits
/// behind it stands for itself.
pub(super) fn decoded(encoded: &str) -> Option<String> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = match (first, after) {
            (b'%', [high, low, ..]) => digit(high).zip(digit(low)),
            _ => None,
        };
        match code {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(method: Method, path: &str) -> Option<(Operation, Params)> {
        match find(&method, path) {
            Found::Endpoint(endpoint, params) => Some((endpoint.operation, params)),
            _ => None,
        }
    }

    #[test]
    fn paths_lead_where_they_should() {
        let table = [
            ("/v1/me", Some((Operation::Me, vec![]))),
            ("/v1/releases/R", Some((Operation::Release, vec![("release", "R")]))),
            ("/v1/releases/R/artwork", Some((Operation::Artwork, vec![("release", "R")]))),
            ("/v1/objects/assets/a.wav", Some((Operation::Object, vec![("key", "assets/a.wav")]))),
            ("/v1/objects/assets%2Fa.wav", Some((Operation::Object, vec![("key", "assets/a.wav")]))),
            ("/v1/objects/%61ssets/%C3%BC+", Some((Operation::Object, vec![("key", "assets/ü+")]))),
            ("/v1/objects/", None),
            ("/v1/objects", None),
            ("/v1/objects/a//b", None),
            ("/v1/objects/a/%2E%2E/b", None),
            ("/v1/objects/%FF", None),
            ("/v1/releases/", None),
            ("/v1/releases/R/", None),
            ("/v1/releases/R/nothing", None),
            ("/v1/", None),
            ("/v2/me", None),
            ("v1/me", None),
            ("", None),
        ];
        for (path, expected) in table {
            let expected = expected.map(|(operation, params)| {
                (operation, Params(params.into_iter().map(|(name, value)| (name, value.to_owned())).collect()))
            });
            assert_eq!(found(Method::GET, path), expected, "{path}");
        }
    }

    #[test]
    fn another_method_is_told_which_there_are() {
        assert_eq!(find(&Method::DELETE, "/v1/me"), Found::OtherMethods(vec![Method::GET, Method::HEAD]));
        let both = vec![Method::GET, Method::POST, Method::HEAD];
        assert_eq!(find(&Method::PATCH, "/v1/subscriptions"), Found::OtherMethods(both));
        assert_eq!(find(&Method::GET, "/v1/releases/R/retry"), Found::OtherMethods(vec![Method::POST]));
        assert_eq!(found(Method::HEAD, "/v1/me").unwrap().0, Operation::Me);
        assert_eq!(find(&Method::GET, "/v1/nothing"), Found::Nothing);
    }

    #[test]
    fn no_two_endpoints_are_the_same() {
        for (index, endpoint) in ENDPOINTS.iter().enumerate() {
            let same = |other: &Endpoint| (&other.method, other.path) == (&endpoint.method, endpoint.path);
            assert!(!ENDPOINTS[..index].iter().any(same), "{} {}", endpoint.method, endpoint.path);
        }
    }

    #[test]
    fn percent_signs() {
        let table = [("a%2Bb%40c", "a+b@c"), ("100%", "100%"), ("%4", "%4"), ("%zz", "%zz"), ("%25", "%"), ("+", "+")];
        for (encoded, expected) in table {
            assert_eq!(decoded(encoded).as_deref(), Some(expected));
        }
    }
}
