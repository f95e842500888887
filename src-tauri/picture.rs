//! Answers `picture://localhost/draft/ID/REVISION?size=N`, and the same of a release, with small pictures.

use desktop::{PictureSource, Session, SessionError, View};
use release::ReleaseId;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{AppHandle, Manager as _, UriSchemeContext, UriSchemeResponder, Wry};

use crate::desk::Desk;
use crate::shown::picture::{SCHEME, of_draft, of_release};

/// The longest side of a picture in pixels, where nobody asks for another, and what can be asked for.
const SIZE: u32 = 512;
const SIZES: std::ops::RangeInclusive<u32> = 16..=2_048;

/// What a page wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    /// The address without its query: what it leads to never changes.
    address: String,
    source: PictureSource,
    size: u32,
}

/// Answers beside the main thread.
pub(crate) fn answer(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn(async move { responder.respond(response(&app, request.uri()).await) });
}

async fn response(app: &AppHandle, uri: &tauri::http::Uri) -> Response<Vec<u8>> {
    let Some(wanted) = Wanted::of(uri.path(), uri.query()) else { return refused(StatusCode::BAD_REQUEST) };
    let Ok(session) = app.state::<Desk>().session().await else { return refused(StatusCode::SERVICE_UNAVAILABLE) };
    match picture(&session, &wanted).await {
        Ok(Some(bytes)) => shown(bytes),
        Ok(None) => refused(StatusCode::NOT_FOUND),
        Err(_) => refused(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// The picture, where its address is still the one of what is there before and after it is read.
async fn picture(session: &Session, wanted: &Wanted) -> Result<Option<Vec<u8>>, SessionError> {
    if !wanted.is_in(&session.view()) {
        return Ok(None);
    }
    let bytes = session.picture(wanted.source, wanted.size).await?;
    Ok(wanted.is_in(&session.view()).then_some(bytes))
}

impl Wanted {
    fn of(path: &str, query: Option<&str>) -> Option<Self> {
        let mut parts = path.strip_prefix('/')?.split('/');
        let (kind, id, _revision) = (parts.next()?, parts.next()?, parts.next()?);
        let release: ReleaseId = id.parse().ok()?;
        let source = match kind {
            "draft" => PictureSource::Draft(release),
            "release" => PictureSource::Release(release),
            _ => return None,
        };
        let asked = query.unwrap_or_default().split('&').find_map(|part| part.strip_prefix("size="));
        let size = asked.and_then(|size| size.parse().ok()).unwrap_or(SIZE).clamp(*SIZES.start(), *SIZES.end());
        parts.next().is_none().then(|| Self { address: format!("{SCHEME}://localhost{path}"), source, size })
    }

    fn is_in(&self, view: &View) -> bool {
        let there = match self.source {
            PictureSource::Draft(id) => view.draft(id).and_then(|draft| of_draft(&draft.draft.release)),
            PictureSource::Release(id) => view.release(id).map(|release| of_release(release)),
        };
        there.as_deref() == Some(&self.address)
    }
}

fn shown(bytes: Vec<u8>) -> Response<Vec<u8>> {
    let kind = if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    let mut response = Response::new(bytes);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("max-age=31536000, immutable"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}

fn refused(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01KATDZ7Q0000000000000000A";

    #[test]
    fn an_address_names_a_picture_and_its_size() {
        let id = ID.parse().unwrap();
        for (path, query, source, size) in [
            (format!("/draft/{ID}/0a1b"), None, PictureSource::Draft(id), 512),
            (format!("/release/{ID}/{ID}"), Some("size=64"), PictureSource::Release(id), 64),
            (format!("/draft/{ID}/0"), Some("size=0"), PictureSource::Draft(id), 16),
            (format!("/draft/{ID}/0"), Some("v=1&size=99999"), PictureSource::Draft(id), 2048),
            (format!("/draft/{ID}/0"), Some("size=big"), PictureSource::Draft(id), 512),
        ] {
            let address = format!("picture://localhost{path}");
            assert_eq!(Wanted::of(&path, query), Some(Wanted { address, source, size }));
        }
        for path in [
            "",
            "/",
            "/draft",
            "/draft/x/1",
            &format!("/draft/{ID}"),
            &format!("/mail/{ID}/1"),
            &format!("/draft/{ID}/1/2"),
        ] {
            assert_eq!(Wanted::of(path, None), None, "{path}");
        }
    }
}
