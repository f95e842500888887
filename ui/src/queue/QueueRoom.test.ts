import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { expect, test } from "vitest";

import { given, inWindow, openRoom } from "../room.testing";

inWindow();

/** Titles in their order. */
function order(): string[] {
  const list = screen.getByRole("list", { name: /in the order in which it is sent/ });
  return [...list.querySelectorAll<HTMLElement>(".name")].map((one) => one.textContent ?? "");
}

/** jsdom's pointer events say nothing of where they are. */
async function pointer(target: Element | Window, type: string, clientY: number): Promise<void> {
  target.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, button: 0, clientY }));
  await tick();
}

const title = (name: string) => screen.getByRole("button", { name: new RegExp(`^${name}`), expanded: false });

test("an empty queue says what it is for", async () => {
  await openRoom("Queue", "empty");
  expect(screen.getByText("Nothing is on its way")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Go to the desk" })).toBeTruthy();
});

test("everything is paused and goes on", async () => {
  const shell = await openRoom("Queue", "still");
  screen.getByRole("button", { name: "Pause everything" }).click();
  expect(await screen.findByText(/The queue is paused/)).toBeTruthy();
  screen.getByRole("button", { name: "Let it go on" }).click();
  await screen.findByRole("button", { name: "Pause everything" });
  expect(given(shell, "pause_queue")).toEqual([{ paused: true }, { paused: false }]);
});

test("a delivery opens to its files", async () => {
  await openRoom("Queue", "still");
  const name = order()[0] ?? "";
  title(name).click();
  const files = await screen.findByRole("group", { name: `Files of ${name}` });
  await waitFor(() => expect(within(files).getAllByRole("listitem").length).toBeGreaterThan(2));
  expect(within(files).getAllByText("waits").length).toBeGreaterThan(0);
});

test("keys move a delivery, and say where it went", async () => {
  const shell = await openRoom("Queue", "still");
  const [one, two, ...rest] = order();
  await fireEvent.keyDown(title(two ?? ""), { key: "ArrowUp", altKey: true });
  expect(order()).toEqual([two, one, ...rest]);
  expect(screen.getByText(`${two} is number 1 of 4.`)).toBeTruthy();
  expect(document.activeElement).toBe(title(two ?? ""));
  const deliveries = shell.scene.queue.deliveries.map((delivery) => delivery.title);
  await waitFor(() => expect(shell.scene.queue.deliveries[0]?.title).toBe(two));
  expect(deliveries).toContain(two);
  // What is the first already stays, and the queue is not asked.
  await fireEvent.keyDown(title(two ?? ""), { key: "ArrowUp", altKey: true });
  expect(given(shell, "move_delivery")).toHaveLength(1);
});

test("a move that the queue refuses is taken back and said", async () => {
  await openRoom("Queue", "errors");
  const before = order();
  await fireEvent.keyDown(title(before[1] ?? ""), { key: "ArrowUp", altKey: true });
  expect(await screen.findByText("The disk of the workspace is full.")).toBeTruthy();
  await waitFor(() => expect(order()).toEqual(before));
});

test("arrows go from delivery to delivery", async () => {
  await openRoom("Queue", "still");
  const [one, two] = order();
  title(one ?? "").focus();
  await fireEvent.keyDown(title(one ?? ""), { key: "ArrowDown" });
  expect(document.activeElement).toBe(title(two ?? ""));
  expect(title(two ?? "").tabIndex).toBe(0);
  expect(title(one ?? "").tabIndex).toBe(-1);
});

test("what can be queued again is cancelled at once, and its toast does so", async () => {
  const shell = await openRoom("Queue", "still");
  const name = order()[0] ?? "";
  await fireEvent.keyDown(title(name), { key: "Delete" });
  // Once to be seen, and once to be read out.
  expect(await screen.findAllByText(`“${name}” was cancelled.`)).toHaveLength(2);
  (await screen.findByRole("button", { name: /^Queue it again/ })).click();
  await waitFor(() => expect(given(shell, "queue_draft")).toHaveLength(1));
});

test("what cannot be queued again as it was is asked about first", async () => {
  const shell = await openRoom("Queue", "still");
  const name = order()[1] ?? "";
  await fireEvent.keyDown(title(name), { key: "Delete" });
  const dialog = await screen.findByRole("dialog", { name: `Cancel “${name}”?` });
  within(dialog).getByRole("button", { name: "Keep it" }).click();
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(given(shell, "cancel")).toEqual([]);
  await fireEvent.keyDown(title(name), { key: "Delete" });
  within(await screen.findByRole("dialog")).getByRole("button", { name: "Cancel the delivery" }).click();
  await waitFor(() => expect(order()).not.toContain(name));
});

test("a failed one names its cause and is tried again", async () => {
  const shell = await openRoom("Queue", "still");
  expect(screen.getByText("“02 Undertow.wav” changed while it was being sent.")).toBeTruthy();
  expect(screen.getByText(/Wait until it is saved, then try again/)).toBeTruthy();
  screen.getByRole("button", { name: "Try again" }).click();
  await waitFor(() => expect(given(shell, "retry")).toHaveLength(1));
});

test("one that is offline says when it is tried again, and can be tried now", async () => {
  const shell = await openRoom("Queue", "offline");
  expect(screen.getByText(/Tries again in \d+ seconds/)).toBeTruthy();
  screen.getByRole("button", { name: "Try now" }).click();
  await waitFor(() => expect(given(shell, "retry")).toHaveLength(1));
});

test("what was sent is folded away, and leads to its release", async () => {
  await openRoom("Queue", "still");
  screen.getByRole("button", { name: "1 sent, 1 cancelled" }).click();
  const list = await screen.findByRole("list", { name: "Sent and cancelled" });
  await waitFor(() => expect(within(list).getAllByRole("listitem")).toHaveLength(2));
  within(list).getAllByRole("button")[0]?.click();
  expect(await screen.findByRole("heading", { level: 1, name: "Releases" })).toBeTruthy();
});

test("a pointer drags a delivery to its place, and Escape puts it back", async () => {
  const shell = await openRoom("Queue", "still");
  const before = order();
  const items = [...screen.getByRole("list", { name: /in the order/ }).children] as HTMLElement[];
  const lay = () => {
    const now = [...screen.getByRole("list", { name: /in the order/ }).children] as HTMLElement[];
    now.forEach((item, at) => (item.getBoundingClientRect = () => new DOMRect(0, at * 80, 800, 80)));
  };
  lay();
  const grip = items[2]?.querySelector(".grip");
  await pointer(grip!, "pointerdown", 200);
  await pointer(window, "pointermove", 30);
  expect(order()[0]).toBe(before[2]);
  await fireEvent.keyDown(window, { key: "Escape" });
  expect(order()).toEqual(before);
  lay();
  await pointer(grip!, "pointerdown", 200);
  await pointer(window, "pointermove", 100);
  await pointer(window, "pointerup", 100);
  expect(order()).toEqual([before[0], before[2], before[1], before[3]]);
  expect(given(shell, "move_delivery")).toHaveLength(1);
});
