use desktop::{Home, View};
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

use super::cloud::Cloud;

/// What is chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Settings {
    pub(crate) workspace: Workspace,
    pub(crate) desk: DeskSettings,
    /// Lacquer's version.
    pub(crate) version: String,
}

/// What everybody in the workspace shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Workspace {
    /// The first part of every key.
    pub(crate) label: String,
    pub(crate) label_name: String,
    /// Releases wait for a decision before they are ready.
    pub(crate) review: bool,
    /// Artists are told by e-mail.
    pub(crate) artists_mail: bool,
    /// How it stands with the label's own cloud; null in a workspace on this computer alone.
    pub(crate) cloud: Option<Cloud>,
    /// Where the data lies: what, and the folder or file. The first is the workspace itself.
    pub(crate) places: Vec<Place>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) struct Place {
    pub(crate) what: String,
    pub(crate) path: String,
}

/// What is chosen at this desk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeskSettings {
    /// 1 to 16.
    pub(crate) parallel_parts: u8,
    /// Bytes a second; null for as fast as can be.
    #[specta(type = Option<Number>)]
    pub(crate) rate_limit: Option<u64>,
    pub(crate) theme: Theme,
    /// The welcome was seen.
    pub(crate) welcomed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Theme {
    System,
    Dark,
    Light,
}

impl Settings {
    pub(super) fn of(view: &View) -> Self {
        Self {
            workspace: Workspace {
                label: view.workspace.label.to_string(),
                label_name: view.workspace.label_name.clone(),
                review: view.workspace.review,
                artists_mail: view.workspace.artists_mail,
                cloud: view.cloud.as_deref().map(Cloud::of),
                places: places(view),
            },
            desk: DeskSettings::of(&view.settings),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

fn places(view: &View) -> Vec<Place> {
    let home = Home::of_open(&view.home);
    let mut all = vec![("Workspace", home.root().to_owned()), ("Drafts and queue", home.desk())];
    match view.workspace.is_cloud() {
        true => all.push(("What the cloud last said", home.cloud_cache())),
        false => all.extend([
            ("Delivered masters", home.masters()),
            ("Renditions", home.renditions()),
            ("E-mail", home.outbox()),
        ]),
    }
    all.into_iter().map(|(what, path)| Place { what: what.to_owned(), path: path.display().to_string() }).collect()
}

impl DeskSettings {
    fn of(settings: &desktop::DeskSettings) -> Self {
        Self {
            parallel_parts: settings.parallel_parts,
            rate_limit: settings.rate_limit,
            theme: match settings.theme {
                desktop::Theme::System => Theme::System,
                desktop::Theme::Dark => Theme::Dark,
                desktop::Theme::Light => Theme::Light,
            },
            welcomed: settings.welcomed,
        }
    }

    /// These settings, with what the page does not choose here as it is.
    pub(crate) fn over(self, settings: &desktop::DeskSettings) -> desktop::DeskSettings {
        desktop::DeskSettings {
            parallel_parts: self.parallel_parts,
            rate_limit: self.rate_limit,
            theme: match self.theme {
                Theme::System => desktop::Theme::System,
                Theme::Dark => desktop::Theme::Dark,
                Theme::Light => desktop::Theme::Light,
            },
            welcomed: self.welcomed,
            ..settings.clone()
        }
    }
}
