//! The addresses of pictures: `picture://localhost/draft/ID/REVISION` and `picture://localhost/release/ID/REVISION`.
//! What an address leads to never changes: a new picture has a new revision.

use desktop::ReleaseView;
use release::Release;

/// The scheme, which the page's content policy allows for images.
pub(crate) const SCHEME: &str = "picture";

/// The picture of a draft, where it has one.
pub(crate) fn of_draft(release: &Release) -> Option<String> {
    let artwork = release.artwork.as_ref()?;
    let content = artwork.asset.sha256.to_string();
    Some(format!("{SCHEME}://localhost/draft/{}/{}", release.id, &content[..16]))
}

/// The picture that was delivered.
pub(crate) fn of_release(view: &ReleaseView) -> String {
    format!("{SCHEME}://localhost/release/{}/{}", view.key.release, view.delivery)
}
