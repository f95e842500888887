import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";

import { start, stop } from "../fake/backend";
import type { Scenario } from "../fake/scenarios";
import App from "./App.svelte";

afterEach(() => {
  cleanup();
  stop();
});

async function open(scenario: Scenario) {
  const shell = start(scenario);
  render(App);
  await screen.findByRole("navigation", { name: "Rooms" });
  return shell;
}

const press = (key: string, more: KeyboardEventInit = {}) => fireEvent.keyDown(document.body, { key, ...more });

test("the five rooms are in the rail, and a number stands only where something waits for the person", async () => {
  await open("busy");
  const rooms = within(screen.getByRole("navigation", { name: "Rooms" })).getAllByRole("button");
  expect(rooms.map((room) => room.textContent?.replaceAll(/\s+/g, " ").trim())).toEqual([
    "2 Desk, 2 waiting for you",
    "1 Queue, 1 waiting for you",
    "3 Releases, 3 waiting for you",
    "Artists",
    "Settings",
    "Night Records: on this computer",
  ]);
});

test("a view that is pushed takes the place of the first", async () => {
  const shell = await open("busy");
  shell.scene.notices = [{ code: "disk", message: "The disk is full.", help: "Make room." }];
  shell.push("notices");
  expect(await screen.findByText(/The disk is full./)).toBeTruthy();
});

test("a workspace that cannot be opened says why", async () => {
  start("in-use");
  render(App);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("process 42");
  expect(alert.textContent).toContain("Close that one first.");
});

test("Ctrl and a number goes to a room", async () => {
  await open("empty");
  await press("5", { ctrlKey: true });
  expect(await screen.findByRole("heading", { level: 1, name: "Settings" })).toBeTruthy();
});

test("the palette finds a release by two letters, and Enter opens it", async () => {
  await open("busy");
  await press("k", { ctrlKey: true });
  const typed = await screen.findByRole("combobox", { name: "Go to anything" });
  await fireEvent.input(typed, { target: { value: "pap lan" } });
  expect(screen.getAllByRole("option")[0]?.textContent).toContain("Paper Lanterns");
  await fireEvent.keyDown(typed, { key: "Enter" });
  expect(screen.queryByRole("combobox", { name: "Go to anything" })).toBeNull();
  expect(await screen.findByRole("button", { name: /Releases/, current: "page" })).toBeTruthy();
});

test("? lists every key that holds now", async () => {
  await open("empty");
  await press("?");
  const keys = await screen.findByRole("dialog", { name: "Keys" });
  expect(within(keys).getByText("Play or pause").nextElementSibling?.textContent).toContain("Space");
  await fireEvent.click(within(keys).getByRole("button", { name: "Close" }));
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Keys" })).toBeNull());
});

test("quitting with work under way asks, and quits only when told to", async () => {
  const shell = await open("busy");
  shell.askToQuit("2 releases are being sent.");
  const dialog = await screen.findByRole("dialog", { name: "Quit Lacquer?" });
  expect(dialog.textContent).toContain("2 releases are being sent.");
  await fireEvent.click(within(dialog).getByRole("button", { name: "Keep it running" }));
  expect(shell.given.some(({ command }) => command === "quit")).toBe(false);
  shell.askToQuit();
  await fireEvent.click(await screen.findByRole("button", { name: "Quit" }));
  expect(shell.given.some(({ command }) => command === "quit")).toBe(true);
});

test("quitting that fails is said in the dialog that is open", async () => {
  const shell = await open("busy");
  const answer = shell.answer.bind(shell);
  shell.answer = (command, args) =>
    command === "quit" ? Promise.reject({ message: "The ledger cannot be closed.", help: "Try again." }) : answer(command, args);
  shell.askToQuit("2 releases are being sent.");
  const dialog = await screen.findByRole("dialog", { name: "Quit Lacquer?" });
  await fireEvent.click(within(dialog).getByRole("button", { name: "Quit" }));
  await within(within(dialog).getByRole("region", { name: "What was done" })).findByText("The ledger cannot be closed. Try again.");
});

test("files over the window say what they become, and become it in whatever room they are dropped", async () => {
  const shell = await open("busy");
  await press("3", { ctrlKey: true });
  await shell.drag("enter", ["/music/Slow Weather"], 400, 300);
  expect(await screen.findByText("Makes a draft of “Slow Weather”")).toBeTruthy();
  expect(await screen.findByText("8 sound files, 1 picture")).toBeTruthy();
  await shell.drag("drop", ["/music/Slow Weather"], 400, 300);
  await waitFor(() => expect(screen.getByRole("button", { name: /Desk/, current: "page" })).toBeTruthy());
  expect(shell.given.find(({ command }) => command === "import")?.args).toEqual({ paths: ["/music/Slow Weather"] });
});

test("the first start welcomes, offers the demo album, and never comes back", async () => {
  const shell = await open("first");
  await screen.findByRole("heading", { name: "Welcome to Lacquer" });
  await fireEvent.input(screen.getByLabelText("Your label's name"), { target: { value: "Night Records" } });
  await fireEvent.click(screen.getByRole("button", { name: "Try the demo album" }));
  await waitFor(() => expect(shell.given.some(({ command }) => command === "import_demo")).toBe(true));
  expect(shell.scene.workspace.labelName).toBe("Night Records");
  expect(shell.scene.desk.welcomed).toBe(true);
  expect(screen.queryByRole("heading", { name: "Welcome to Lacquer" })).toBeNull();
});

test("the welcome can be skipped", async () => {
  const shell = await open("first");
  await fireEvent.click(await screen.findByRole("button", { name: "Skip" }));
  await waitFor(() => expect(screen.queryByRole("heading", { name: "Welcome to Lacquer" })).toBeNull());
  expect(shell.scene.workspace.labelName).toBe("");
});

test("what is dropped on the welcome is made a draft, and it never comes back, not even once that is gone", async () => {
  const shell = await open("first");
  await screen.findByRole("heading", { name: "Welcome to Lacquer" });
  await shell.drag("drop", ["/music/Slow Weather"], 400, 300);
  await waitFor(() => expect(shell.scene.desk.welcomed).toBe(true));
  shell.scene.drafts = [];
  shell.push("desk");
  await waitFor(() => expect(screen.queryByText("Slow Weather")).toBeNull());
  expect(screen.queryByRole("heading", { name: "Welcome to Lacquer" })).toBeNull();
});

test("only text has the browser's own menu", async () => {
  await open("busy");
  await press("5", { ctrlKey: true });
  const name = await screen.findByLabelText("Label name");
  expect(await fireEvent.contextMenu(name)).toBe(true);
  expect(await fireEvent.contextMenu(screen.getByRole("heading", { level: 1 }))).toBe(false);
});

test("settings are saved as they are edited, and what is wrong stands at its field", async () => {
  const shell = await open("busy");
  await press("5", { ctrlKey: true });
  const name = await screen.findByLabelText("Label name");
  await fireEvent.input(name, { target: { value: "Day Records" } });
  await fireEvent.blur(name);
  await waitFor(() => expect(shell.scene.workspace.labelName).toBe("Day Records"));
  await fireEvent.input(name, { target: { value: " " } });
  await fireEvent.blur(name);
  await waitFor(() => expect(name.getAttribute("aria-invalid")).toBe("true"));
  expect(document.getElementById(name.getAttribute("aria-describedby")?.split(" ").at(-1) ?? "")?.textContent).toContain(
    "The label needs a name.",
  );
  expect(shell.scene.workspace.labelName).toBe("Day Records");
});

test("a speed is limited in megabits, and kept in bytes", async () => {
  const shell = await open("busy");
  await press("5", { ctrlKey: true });
  await fireEvent.click(await screen.findByRole("switch", { name: "Limit the speed" }));
  const limit = await screen.findByLabelText("At most, in Mbit/s");
  await fireEvent.input(limit, { target: { value: "8" } });
  await fireEvent.blur(limit);
  await waitFor(() => expect(shell.scene.desk.rateLimit).toBe(1_000_000));
  await fireEvent.input(limit, { target: { value: "fast" } });
  expect(await screen.findByText(/Enter a number from 0.1 to 10,000/)).toBeTruthy();
  expect(shell.scene.desk.rateLimit).toBe(1_000_000);
});

test("the theme is put on the page as it is chosen", async () => {
  await open("busy");
  await press("5", { ctrlKey: true });
  await fireEvent.click(await screen.findByRole("radio", { name: "Light" }));
  await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("light"));
  await fireEvent.click(screen.getByRole("radio", { name: "As the system" }));
  await waitFor(() => expect(document.documentElement.dataset["theme"]).toBeUndefined());
});

test("the player says what is heard, and goes to the master and back", async () => {
  const shell = await open("busy");
  const release = shell.scene.releases.find((one) => one.row.state === "live");
  const track = release?.tracks[0];
  if (!release || !track) throw new Error("the scenario has a live release");
  await press("5", { ctrlKey: true });
  const source = { kind: "rendition" as const, release: release.row.id, track: track.id, profile: "mp3-320" };
  shell.player.hear({ kind: "list", sources: [source], startAt: 0, positionMs: 12_000 });
  const player = await screen.findByRole("contentinfo", { name: "Player" });
  expect(await within(player).findByRole("button", { name: "Pause" })).toBeTruthy();
  await fireEvent.click(within(player).getByRole("button", { name: "Master" }));
  await waitFor(() => expect(shell.player.now.source?.kind).toBe("master"));
  expect(shell.player.now.positionMs).toBeGreaterThanOrEqual(12_000);
  await press(" ");
  await waitFor(() => expect(shell.player.now.state).toBe("paused"));
});

test("without a device the player says so, and looks again when asked", async () => {
  const shell = await open("no-device");
  expect(await screen.findByText(/There is no device to play on./)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Look again" }));
  expect(shell.given).toContainEqual({ command: "listen", args: { listen: { kind: "refreshDevices" } } });
});
