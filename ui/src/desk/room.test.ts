import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, test } from "vitest";

import { start, stop } from "../../fake/backend";
import type { Scenario } from "../../fake/scenarios";
import type { FakeShell } from "../../fake/shell";
import App from "../App.svelte";

afterEach(() => {
  cleanup();
  stop();
});

let shell: FakeShell;

async function open(scenario: Scenario): Promise<HTMLElement> {
  shell = start(scenario);
  render(App);
  return screen.findByRole("grid", { name: "Tracks" });
}

const draft = () => shell.scene.drafts[0];
const given = (command: string) => shell.given.filter((one) => one.command === command).map((one) => one.args);
const titles = () => draft()?.tracks.map((track) => track.fields.title?.text);
const focused = () => document.activeElement as HTMLElement;

function cell(number: number, column: string): HTMLElement {
  const id = draft()?.tracks[number - 1]?.id;
  const found = document.querySelector<HTMLElement>(`[data-cell="${id} ${column}"]`);
  if (!found) throw new Error(`no cell ${column} of track ${number}`);
  return found;
}

async function choose(number: number, column: string): Promise<HTMLElement> {
  const found = cell(number, column);
  await fireEvent(found, new MouseEvent("pointerdown", { button: 0, bubbles: true }));
  found.focus();
  return found;
}

const press = (key: string, more: KeyboardEventInit = {}) => fireEvent.keyDown(focused(), { key, ...more });
/** What is typed into what has the focus. */
const type = (value: string) => fireEvent.input(focused(), { target: { value } });

test("a title is typed, kept, undone and done again", async () => {
  await open("still");
  await choose(1, "title");
  await press("Enter");
  expect(focused()).toBeInstanceOf(HTMLInputElement);
  await type("Morning Bus");
  await press("Enter");
  await waitFor(() => expect(titles()?.[0]).toBe("Morning Bus"));
  expect(focused()).toBe(cell(2, "title"));

  await fireEvent.click(await screen.findByRole("button", { name: "Undo title of track 1" }));
  await waitFor(() => expect(titles()?.[0]).toBe("Amber Parade"));
  await waitFor(() => expect(cell(1, "title").textContent?.trim()).toBe("Amber Parade"));
  await press("z", { ctrlKey: true, shiftKey: true });
  await waitFor(() => expect(cell(1, "title").textContent?.trim()).toBe("Morning Bus"));
});

test("Escape leaves a cell as it was, and a letter begins to write in it", async () => {
  await open("still");
  await choose(2, "title");
  await press("x");
  expect((focused() as HTMLInputElement).value).toBe("x");
  await press("Escape");
  await waitFor(() => expect(focused()).toBe(cell(2, "title")));
  expect(cell(2, "title").textContent?.trim()).toBe("Glass Undertow");
  await waitFor(() => expect(titles()?.[1]).toBe("Glass Undertow"));
});

test("Tab moves on to the next cell that can be written in", async () => {
  await open("still");
  await choose(1, "title");
  await press("F2");
  await press("Tab");
  await waitFor(() => expect(focused().getAttribute("aria-label")).toBe("Version"));
  await press("Tab", { shiftKey: true });
  await waitFor(() => expect(focused().getAttribute("aria-label")).toBe("Title"));
});

test("a column from a spreadsheet fills down", async () => {
  await open("still");
  const from = await choose(3, "title");
  await fireEvent.paste(from, {
    clipboardData: { getData: () => "Uno\nDue\nTre", types: ["text/plain"] } as unknown as DataTransfer,
  });
  await waitFor(() => expect(titles()?.slice(2, 5)).toEqual(["Uno", "Due", "Tre"]));
  expect(given("edit")).toHaveLength(1);
});

test("files that were copied are imported, though they come as text too", async () => {
  await open("still");
  shell.pasted = ["/music/Slow Weather"];
  const from = await choose(1, "title");
  await fireEvent.paste(from, {
    clipboardData: { getData: () => "/music/Slow Weather", types: ["text/plain"] } as unknown as DataTransfer,
  });
  await waitFor(() => expect(given("import")).toEqual([{ paths: ["/music/Slow Weather"] }]));
  expect(given("edit")).toEqual([]);
});

test("several tracks are written to at once", async () => {
  await open("still");
  await choose(2, "title");
  await press("ArrowDown", { shiftKey: true });
  await press("ArrowDown", { shiftKey: true });
  const inspector = screen.getByRole("complementary", { name: "Chosen tracks" });
  await within(inspector).findByRole("heading", { name: "3 tracks" });
  const title = within(inspector).getByLabelText("Title");
  expect(title.getAttribute("placeholder")).toBe("3 values");
  const composer = within(inspector).getByLabelText("Composer");
  await fireEvent.focus(composer);
  await fireEvent.input(composer, { target: { value: "Eva Holm" } });
  await fireEvent.blur(composer);
  await waitFor(() => expect(draft()?.tracks.map((track) => track.fields.composer?.text).slice(0, 5)).toEqual(["A. Ash", "Eva Holm", "Eva Holm", "Eva Holm", "A. Ash"]));
  expect(given("edit")).toHaveLength(1);
});

test("Alt and an arrow move what is chosen, and the focus goes along", async () => {
  await open("still");
  await choose(1, "title");
  await press("ArrowDown", { altKey: true });
  await waitFor(() => expect(titles()?.slice(0, 2)).toEqual(["Glass Undertow", "Amber Parade"]));
  await waitFor(() => expect(focused()).toBe(cell(2, "title")));
});

test("the chosen track is played by the space bar, and from where its waveform is clicked", async () => {
  await open("still");
  await choose(2, "title");
  await press(" ");
  await waitFor(() => expect(given("listen").at(-1)).toMatchObject({ listen: { kind: "list", startAt: 1, positionMs: 0 } }));
  const wave = await screen.findByRole("slider", { name: "Waveform of Glass Undertow" });
  await fireEvent.keyDown(wave, { key: "End" });
  await waitFor(() => expect(given("listen").at(-1)).toMatchObject({ listen: { kind: "seek" } }));
});

test("a place that cannot be read keeps the release from being queued, and is led to", async () => {
  await open("one");
  const edit = shell.answer.bind(shell);
  shell.answer = (command, args) =>
    command === "edit"
      ? Promise.reject({ message: '"half" is not a place in a recording.', help: "" })
      : edit(command, args);
  const inspector = screen.getByRole("complementary", { name: "Chosen tracks" });
  const place = within(inspector).getByLabelText("Preview starts at");
  await fireEvent.focus(place);
  await fireEvent.input(place, { target: { value: "half" } });
  await fireEvent.blur(place);
  await within(inspector).findByText(/is not a place/);
  await fireEvent.click(screen.getByRole("button", { name: "Queue release" }));
  expect((await screen.findAllByText(/so nothing was queued/)).length).toBeGreaterThan(0);
  await waitFor(() => expect(focused().dataset.place).toBe("track.preview_start"));
  expect(given("queue_draft")).toEqual([]);
});

test("tracks are taken out, and come back", async () => {
  await open("still");
  await choose(3, "number");
  await press("Delete");
  await waitFor(() => expect(titles()).toHaveLength(7));
  expect((await screen.findAllByText(/“Slow Ferry” was taken out/)).length).toBeGreaterThan(0);
  await fireEvent.click(await screen.findByRole("button", { name: /^Undo: / }));
  await waitFor(() => expect(titles()?.[2]).toBe("Slow Ferry"));
});

test("the queue button says why it cannot, and can be reached all the same", async () => {
  await open("still");
  const queue = screen.getByRole("button", { name: "Queue release" });
  expect(queue.getAttribute("aria-disabled")).toBe("true");
  expect(queue.hasAttribute("disabled")).toBe(false);
  expect(document.getElementById(queue.getAttribute("aria-describedby") ?? "")?.textContent).toMatch(/2 errors/);
  await fireEvent.click(queue);
  expect(given("queue_draft")).toEqual([]);
});

test("F8 goes from problem to problem, to the artwork and into a cell", async () => {
  await open("still");
  await press("F8");
  await waitFor(() => expect(focused().dataset.place).toBe("release.artwork"));
  await press("F8");
  await waitFor(() => expect(focused()).toBeInstanceOf(HTMLInputElement));
  expect(focused().getAttribute("aria-label")).toBe("ISRC");
  expect(focused().getAttribute("aria-invalid")).toBe("true");
  await type("DEABC2600199");
  await waitFor(() => expect(screen.getByRole("button", { name: "Queue release" }).getAttribute("title")).toMatch(/1 error/));
});

test("a release field keeps the spaces that are being typed, and is trimmed when it is left", async () => {
  await open("still");
  const form = screen.getByRole("form", { name: "Release" });
  const title = within(form).getByLabelText<HTMLInputElement>("Title");
  await fireEvent.focus(title);
  await fireEvent.input(title, { target: { value: "Night Bus " } });
  await fireEvent.keyDown(title, { key: "Enter" });
  await waitFor(() => expect(given("edit")).toHaveLength(1));
  await tick();
  expect(title.value).toBe("Night Bus ");
  await fireEvent.blur(title);
  await waitFor(() => expect(title.value).toBe("Night Bus"));
});

test("what is typed is sent when another room is opened", async () => {
  await open("still");
  const title = within(screen.getByRole("form", { name: "Release" })).getByLabelText("Title");
  await fireEvent.focus(title);
  await fireEvent.input(title, { target: { value: "Slow Weather" } });
  await fireEvent.keyDown(title, { key: "2", ctrlKey: true });
  await waitFor(() => expect(draft()?.title).toBe("Slow Weather"));
});

test("a release without errors is queued, and said to be", async () => {
  await open("one");
  await fireEvent.click(screen.getByRole("button", { name: "Queue release" }));
  await waitFor(() => expect(given("queue_draft")).toHaveLength(1));
  expect((await screen.findAllByText(/“Copper Morning” is in the queue/)).length).toBeGreaterThan(0);
  await fireEvent.click(screen.getByRole("button", { name: /^Show the queue: / }));
  expect(await screen.findByRole("heading", { level: 1, name: "Queue" })).toBeTruthy();
});

test("a draft is taken off the desk, and comes back", async () => {
  await open("one");
  await fireEvent.keyDown(screen.getByRole("navigation", { name: "Drafts" }), { key: "Delete" });
  expect(await screen.findByRole("heading", { name: "Drop a release on the desk" })).toBeTruthy();
  await fireEvent.click(await screen.findByRole("button", { name: /^Undo: / }));
  expect(await screen.findByRole("grid", { name: "Tracks" })).toBeTruthy();
});

test("Ctrl Z brings a draft back that was just taken off, and undoes no step of the next one", async () => {
  await open("busy");
  const next = shell.scene.drafts[1]?.id;
  await shell.answer("edit", { draft: next, edits: [{ track: null, field: "title", text: "Morning Bus" }], gesture: null });
  const gone = draft()?.id;
  await fireEvent.keyDown(screen.getByRole("navigation", { name: "Drafts" }), { key: "Delete" });
  await waitFor(() => expect(draft()?.id).toBe(next));
  await screen.findByRole("button", { name: /^Undo: / });
  await screen.findByRole("button", { name: "Undo title" });
  await fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
  await waitFor(() => expect(given("restore_draft")).toEqual([{ draft: gone }]));
  expect(given("undo")).toEqual([]);
});

test("after a further edit Ctrl Z undoes that, and not what was taken off before", async () => {
  await open("busy");
  await fireEvent.keyDown(screen.getByRole("navigation", { name: "Drafts" }), { key: "Delete" });
  await screen.findByRole("button", { name: /^Undo: / });
  const title = await within(await screen.findByRole("form", { name: "Release" })).findByLabelText<HTMLInputElement>("Title");
  await waitFor(() => expect(title.value).toBe(draft()?.title));
  const before = title.value;
  title.focus();
  await fireEvent.input(title, { target: { value: "Slow Weather" } });
  await waitFor(() => expect(draft()?.title).toBe("Slow Weather"));
  await press("z", { ctrlKey: true });
  await waitFor(() => expect(draft()?.title).toBe(before));
  expect(given("restore_draft")).toEqual([]);
});

test("what is being typed can be undone by the button too", async () => {
  await open("one");
  const title = within(screen.getByRole("form", { name: "Release" })).getByLabelText<HTMLInputElement>("Title");
  const undo = screen.getByRole("button", { name: "Nothing to undo" });
  expect(undo.getAttribute("aria-disabled")).toBe("true");
  title.focus();
  await fireEvent.input(title, { target: { value: "Slow Weather" } });
  expect(undo.getAttribute("aria-disabled")).toBe("false");
});

test("an empty desk offers a folder, files and the demo album", async () => {
  shell = start("empty");
  render(App);
  await fireEvent.click(await screen.findByRole("button", { name: "Try it with the demo album" }));
  expect(await screen.findByRole("grid", { name: "Tracks" })).toBeTruthy();
});

test("an import shows how far it is, and is stopped", async () => {
  shell = start("importing");
  render(App);
  const bar = await screen.findByRole("progressbar", { name: "Importing Slow Weather" });
  expect(bar.getAttribute("aria-valuenow")).toBe("43");
  await fireEvent.click(screen.getByRole("button", { name: "Stop importing Slow Weather" }));
  await waitFor(() => expect(screen.queryByRole("progressbar", { name: "Importing Slow Weather" })).toBeNull());
});

test("of ten thousand tracks only those in sight are drawn", async () => {
  const grid = await open("hundreds");
  expect(grid.getAttribute("aria-rowcount")).toBe(String(10_000 + 20 + 1));
  expect(within(grid).getAllByRole("row").length).toBeLessThan(60);
});

test("what cannot be kept is said beside its field, and stays there", async () => {
  await open("errors");
  const title = within(screen.getByRole("form", { name: "Release" })).getByLabelText<HTMLInputElement>("Title");
  await fireEvent.focus(title);
  await fireEvent.input(title, { target: { value: "Slow Weather" } });
  await fireEvent.blur(title);
  expect(await screen.findByText(/The disk of the workspace is full. Make room, and try again./)).toBeTruthy();
  expect(title.value).toBe("Slow Weather");
});

test("undo takes back what could not be kept, and no step of the draft", async () => {
  await open("errors");
  const title = within(screen.getByRole("form", { name: "Release" })).getByLabelText<HTMLInputElement>("Title");
  const before = title.value;
  title.focus();
  await fireEvent.input(title, { target: { value: "Slow Weather" } });
  await screen.findByText(/The disk of the workspace is full. Make room, and try again./);
  await press("z", { ctrlKey: true });
  await waitFor(() => expect(title.value).toBe(before));
  expect(given("undo")).toEqual([]);
});
