use std::fs;
use std::path::Path;
use std::time::Instant;

use fantoccini::Client;
use fantoccini::elements::{Element, ElementRef};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::within;

/// Where the pages' own tests look for things by role and name; used here in the real window.
const LIBRARY: &str = "ui/node_modules/@testing-library/dom/dist/@testing-library/dom.umd.min.js";

/// Finds by role and accessible name, as a screen reader does. A name between slashes is a regular expression.
const EYES: &str = r"
    const matcher = (name) => name.startsWith('/') ? new RegExp(name.slice(1, -1)) : name;
    window.look = (role, name) => TestingLibraryDom.queryAllByRole(document.body, role, { name: matcher(name) });
    window.reads = (text) => matcher(text) instanceof RegExp
        ? matcher(text).test(document.body.innerText) : document.body.innerText.includes(text);
    // Asks at once, and again after every change, until the answer is one.
    window.await = (ask, patience, done) => {
        const began = performance.now();
        let timer = 0;
        const end = (answer) => { watch.disconnect(); clearInterval(clock); done(answer); };
        const again = () => {
            timer = 0;
            const answer = ask();
            if (answer) end(answer);
            else if (performance.now() - began > patience) end(null);
        };
        const watch = new MutationObserver(() => { timer ||= setTimeout(again, 10); });
        watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        // What is typed into a field changes no element.
        const clock = setInterval(again, 200);
        again();
    };
";

/// What the window shows.
#[derive(Clone)]
pub(crate) struct Page {
    client: Client,
}

impl Page {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The one thing of a role and a name, as soon as it is there.
    pub(crate) async fn find(&self, role: &str, name: &str) -> Element {
        let found = self.wait("look(a, b)[0]", json!([role, name])).await;
        let Some(found) = found else { self.give_up(&format!("no {role} {name:?}")).await };
        self.element(&found)
    }

    /// Waits until no such thing is there.
    pub(crate) async fn find_gone(&self, role: &str, name: &str) {
        if self.wait("look(a, b).length === 0", json!([role, name])).await.is_none() {
            self.give_up(&format!("{role} {name:?} stays")).await;
        }
    }

    /// Clicks on it as soon as it is there, and nothing lies over it.
    pub(crate) async fn click(&self, role: &str, name: &str) {
        let began = Instant::now();
        loop {
            let element = self.find(role, name).await;
            let Err(error) = within("a click", element.click()).await else { return };
            if began.elapsed() > super::PATIENCE {
                self.give_up(&format!("{role} {name:?} cannot be clicked on: {error}")).await;
            }
            // It moves, or lies at an edge of what scrolls.
            let script = "look(a, b)[0]?.scrollIntoView({ block: 'center' }); return null";
            self.read::<()>(script, json!([role, name])).await;
        }
    }

    /// Waits until a text can be read.
    pub(crate) async fn reads(&self, text: &str) {
        if self.wait("reads(a)", json!([text])).await.is_none() {
            self.give_up(&format!("{text:?} is not to be read")).await;
        }
    }

    /// Waits until a field holds a text.
    pub(crate) async fn holds(&self, role: &str, name: &str, text: &str) {
        if self.wait("look(a, b).some((field) => field.value === c)", json!([role, name, text])).await.is_none() {
            self.give_up(&format!("{role} {name:?} does not hold {text:?}")).await;
        }
    }

    /// What a field holds.
    pub(crate) async fn value(&self, role: &str, name: &str) -> String {
        self.find(role, name).await;
        self.read("return look(a, b)[0]?.value ?? ''", json!([role, name])).await
    }

    /// Waits until a condition holds, of the arguments a, b and c.
    pub(crate) async fn wait(&self, condition: &str, arguments: Value) -> Option<Value> {
        self.equip().await;
        let patience = super::PATIENCE.as_millis() - 10_000;
        let script =
            format!("const [a, b, c] = arguments[0]; window.await(() => {condition}, {patience}, arguments[1])");
        let waiting = async {
            loop {
                match self.client.execute_async(&script, vec![arguments.clone()]).await {
                    Ok(answer) => return (!answer.is_null()).then_some(answer),
                    // What was found was drawn anew before the driver took it.
                    Err(error) if error.is_stale_element_reference() => {}
                    Err(error) => panic!("{condition}: {error}"),
                }
            }
        };
        within(condition, waiting).await
    }

    /// Runs a script on the arguments a, b and c.
    pub(crate) async fn read<T: DeserializeOwned>(&self, script: &str, arguments: Value) -> T {
        self.equip().await;
        let whole = format!("const [a, b, c] = arguments[0]; {script}");
        let answer = within(script, self.client.execute(&whole, vec![arguments])).await;
        serde_json::from_value(answer.unwrap_or_else(|error| panic!("{script}: {error}"))).unwrap()
    }

    /// Asks the shell what the pages can ask it: a command without arguments.
    pub(crate) async fn ask(&self, command: &str) -> Value {
        let script = "const [command, done] = arguments; window.__TAURI_INTERNALS__.invoke(command).then(done, done)";
        within(command, self.client.execute_async(script, vec![json!(command)])).await.unwrap()
    }

    /// Whether something is wider than the window.
    pub(crate) async fn overflows(&self) -> bool {
        self.read("return document.documentElement.scrollWidth > document.documentElement.clientWidth", json!([])).await
    }

    pub(crate) async fn text(&self) -> String {
        self.read("return document.body.innerText", json!([])).await
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Keeps a picture of the window, where `LACQUER_SCREENSHOTS` names a folder for them.
    pub(crate) async fn photograph(&self, name: &str) {
        if let Some(folder) = std::env::var_os("LACQUER_SCREENSHOTS") {
            // What is in the document may not be on the screen yet.
            let painted = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))";
            within("the page is painted", self.client.execute_async(painted, Vec::new())).await.unwrap();
            let picture = within("a picture", self.client.screenshot()).await.unwrap();
            fs::write(Path::new(&folder).join(format!("{name}.png")), picture).unwrap();
        }
    }

    /// Puts into the page what it is looked at with, if it is not there yet.
    async fn equip(&self) {
        let has = within("the page answers", self.client.execute("return typeof window.look", Vec::new())).await;
        if has.expect("the page answers") == "undefined" {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(LIBRARY);
            let library =
                fs::read_to_string(path).unwrap_or_else(|error| panic!("{LIBRARY}: {error}; run `make setup-test`"));
            let script = format!("{library}\n{EYES}");
            within("the page is equipped", self.client.execute(&script, Vec::new())).await.expect("a script that runs");
        }
    }

    fn element(&self, found: &Value) -> Element {
        let id = found.as_object().and_then(|found| found.values().next()?.as_str()).expect("an element");
        Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()))
    }

    /// Fails, and shows what was to be seen instead.
    pub(crate) async fn give_up(&self, why: &str) -> ! {
        let text = self.text().await;
        if let Ok(picture) = within("a picture", self.client.screenshot()).await {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("failed.png");
            fs::write(&path, picture).unwrap();
            eprintln!("what was seen: {}", path.display());
        }
        panic!("{why}; to be read is:\n{text}");
    }
}
