//! Files that are dropped on the window reach the page by Tauri's own events. Those cannot say a path that is not
//! Unicode: such a drop is told here, in the same events.

use std::path::PathBuf;

use serde::Serialize;
use tauri::{DragDropEvent, Emitter as _, PhysicalPosition, Webview, WebviewEvent};

use crate::written_path;

/// A drop, as Tauri's events say it.
#[derive(Serialize, Clone)]
struct Dropped {
    paths: Vec<String>,
    position: PhysicalPosition<f64>,
}

pub(crate) fn answer(webview: &Webview, event: &WebviewEvent) {
    let (name, paths, position) = match event {
        WebviewEvent::DragDrop(DragDropEvent::Enter { paths, position }) => ("tauri://drag-enter", paths, position),
        WebviewEvent::DragDrop(DragDropEvent::Drop { paths, position }) => ("tauri://drag-drop", paths, position),
        _ => return,
    };
    let is_unicode = |path: &PathBuf| path.to_str().is_some();
    if paths.iter().all(is_unicode) {
        return;
    }
    let dropped = Dropped { paths: paths.iter().map(|path| written_path::write(path)).collect(), position: *position };
    if let Err(error) = webview.emit_to(webview.label(), name, dropped) {
        tracing::warn!(%error, "a drop cannot be told");
    }
}
