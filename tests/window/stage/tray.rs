use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};

use zbus::blocking::{Connection, Proxy, connection};
use zbus::message::Header;
use zbus::zvariant::{OwnedValue, Value};

use super::PATIENCE;
use super::display::Display;

/// The place for small icons that a desktop has, as the bus knows it: a watcher of `StatusNotifierItem`s.
pub(crate) struct Tray {
    connection: Connection,
    items: Receiver<Icon>,
}

/// Where an icon's program answers.
struct Icon {
    program: String,
    path: String,
}

/// An entry of an icon's menu.
struct Entry {
    id: i32,
    label: String,
}

/// `com.canonical.dbusmenu`'s tree: an id, its properties, and what is below.
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl Tray {
    /// Puts a tray on a display. A program looks for it once, when it shows its icon.
    pub(crate) fn start(display: &Display) -> Self {
        let (sender, items) = channel();
        let connection = connection::Builder::address(display.bus())
            .and_then(|builder| {
                builder.serve_at("/StatusNotifierWatcher", Watcher { items: sender, names: Vec::new() })
            })
            .and_then(|builder| builder.name("org.kde.StatusNotifierWatcher"))
            .and_then(connection::Builder::build)
            .expect("the bus of this display");
        Self { connection, items }
    }

    /// What the menu of the icon says; waits for the icon.
    pub(crate) fn menu(self) -> Menu {
        let icon = self.items.recv_timeout(PATIENCE).expect("the app shows an icon");
        let item = Proxy::new(&self.connection, icon.program.clone(), icon.path, "org.kde.StatusNotifierItem").unwrap();
        let path: zbus::zvariant::OwnedObjectPath = item.get_property("Menu").expect("the icon has a menu");
        Menu { connection: self.connection, program: icon.program, path: path.to_string() }
    }
}

/// The menu of an icon in the tray.
pub(crate) struct Menu {
    connection: Connection,
    program: String,
    path: String,
}

impl Menu {
    pub(crate) fn labels(&self) -> Vec<String> {
        self.entries().into_iter().map(|entry| entry.label).filter(|label| !label.is_empty()).collect()
    }

    /// Chooses the entry that says so.
    pub(crate) fn choose(&self, label: &str) {
        let entries = self.entries();
        let found = entries.iter().find(|entry| entry.label == label);
        let labels: Vec<&str> = entries.iter().map(|entry| entry.label.as_str()).collect();
        let id = found.unwrap_or_else(|| panic!("the menu has no {label:?}, but {labels:?}")).id;
        self.proxy().call::<_, _, ()>("Event", &(id, "clicked", Value::from(0_i32), 0_u32)).expect("the menu answers");
    }

    fn entries(&self) -> Vec<Entry> {
        let properties: [&str; 0] = [];
        let (_, layout): (u32, Layout) =
            self.proxy().call("GetLayout", &(0_i32, -1_i32, properties.as_slice())).expect("the menu answers");
        let mut entries = Vec::new();
        collect(layout, &mut entries);
        entries
    }

    fn proxy(&self) -> Proxy<'_> {
        Proxy::new(&self.connection, self.program.as_str(), self.path.as_str(), "com.canonical.dbusmenu").unwrap()
    }
}

fn collect((id, properties, below): Layout, entries: &mut Vec<Entry>) {
    let label = properties.get("label").and_then(|label| String::try_from(label.clone()).ok());
    // An underscore marks the letter that is pressed with Alt.
    entries.push(Entry { id, label: label.unwrap_or_default().replace('_', "") });
    for child in below {
        collect(Layout::try_from(child).expect("a menu's entry"), entries);
    }
}

struct Watcher {
    items: Sender<Icon>,
    names: Vec<String>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    /// Some programs name their place on the bus, some the path at which they answer.
    fn register_status_notifier_item(&mut self, service: String, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let icon = if service.starts_with('/') {
            Icon { program: sender, path: service.clone() }
        } else {
            Icon { program: service.clone(), path: "/StatusNotifierItem".to_owned() }
        };
        self.names.push(service);
        // The test may have ended.
        let _ = self.items.send(icon);
    }

    fn register_status_notifier_host(&mut self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.names.clone()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}
