import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { given, inWindow, openRoom } from "../room.testing";

inWindow();

const option = (name: RegExp | string) => screen.findByRole("option", { name: typeof name === "string" ? new RegExp(name) : name });

async function open(name: string): Promise<HTMLElement> {
  (await option(name)).click();
  return screen.findByRole("region", { name: new RegExp(name) });
}

test("an empty room says what it is for", async () => {
  await openRoom("Releases", "empty");
  expect(screen.getByText("Nothing has been delivered yet")).toBeTruthy();
});

test("what waits for the person stands first and is open", async () => {
  await openRoom("Releases", "still");
  const options = await screen.findAllByRole("option");
  expect(options[0]?.textContent).toContain("Paper Lanterns");
  expect(options[0]?.getAttribute("aria-selected")).toBe("true");
  expect(await screen.findByRole("heading", { level: 2, name: "Paper Lanterns" })).toBeTruthy();
  expect(screen.getByText("9 releases, 3 wait for you")).toBeTruthy();
});

test("releases are found by words, and the keys go through what is found", async () => {
  await openRoom("Releases", "still");
  await fireEvent.input(screen.getByLabelText("Find a release"), { target: { value: "slow" } });
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  await fireEvent.input(screen.getByLabelText("Find a release"), { target: { value: "nothing at all" } });
  expect((await screen.findAllByText("Nothing is found")).length).toBeGreaterThan(0);
  await fireEvent.keyDown(screen.getByLabelText("Find a release"), { key: "Escape" });
  const list = await screen.findByRole("listbox", { name: "Releases" });
  await fireEvent.keyDown(list, { key: "End" });
  await waitFor(() => expect(screen.getAllByRole("option").at(-1)?.getAttribute("aria-selected")).toBe("true"));
  const active = list.getAttribute("aria-activedescendant");
  expect(document.getElementById(active ?? "")?.getAttribute("aria-selected")).toBe("true");
  await fireEvent.keyDown(list, { key: "Enter" });
  const page = document.activeElement as HTMLElement;
  expect(page.tagName).toBe("SECTION");
  await fireEvent.keyDown(page, { key: "Escape" });
  expect(document.activeElement).toBe(list);
});

test("renditions are heard in place, at the same moment, by keys too", async () => {
  const shell = await openRoom("Releases", "still");
  await open("Paper Lanterns");
  (await screen.findAllByRole("button", { name: /^Play / }))[0]?.click();
  await waitFor(() => expect(shell.player.now.source).toMatchObject({ kind: "master" }));
  await fireEvent.keyDown(document.body, { key: "2" });
  await waitFor(() => expect(shell.player.now.source).toMatchObject({ kind: "rendition", profile: "flac" }));
  await waitFor(() => expect(document.querySelector('[data-version="flac"] button')?.getAttribute("aria-pressed")).toBe("true"));
  await fireEvent.keyDown(document.body, { key: "a" });
  await waitFor(() => expect(shell.player.now.source).toMatchObject({ kind: "master" }));
  await fireEvent.keyDown(document.body, { key: "b" });
  await waitFor(() => expect(shell.player.now.source).toMatchObject({ kind: "rendition", profile: "flac" }));
});

test("a release manager approves just what was shown", async () => {
  const shell = await openRoom("Releases", "still");
  await open("Paper Lanterns");
  expect((await screen.findByTestId("heard")).textContent).toContain("You have not listened to it here yet.");
  const seen = shell.scene.releases.find((one) => one.row.title === "Paper Lanterns")?.seen;
  screen.getByRole("button", { name: "Approve" }).click();
  await waitFor(() => expect(given(shell, "approve")).toEqual([{ release: expect.any(String), seen }]));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Approve" })).toBeNull());
});

test("a newer delivery is not decided on before somebody turns to it", async () => {
  const shell = await openRoom("Releases", "still");
  await open("Paper Lanterns");
  (await screen.findByRole("button", { name: "Reject…" })).click();
  await fireEvent.input(await screen.findByLabelText("What is to be mended?"), { target: { value: "The sleeve shows a price." } });
  const newer = { delivery: "dlv_newer", metadata: "newer" };
  const release = shell.scene.releases.find((one) => one.row.title === "Paper Lanterns");
  if (!release) throw new Error("the scenario has it");
  release.seen = newer;
  release.row.revision += 1;
  shell.push("releases");
  expect(await screen.findByText(/A newer delivery arrived while you were here/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Reject" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Approve" })).toBeNull();
  screen.getByRole("button", { name: "Turn to the newer delivery" }).click();
  expect((await screen.findByLabelText<HTMLTextAreaElement>("What is to be mended?")).value).toBe("The sleeve shows a price.");
  expect(screen.getByTestId("heard").textContent).toContain("You have not listened to it here yet.");
  screen.getByRole("button", { name: "Go back" }).click();
  (await screen.findByRole("button", { name: "Approve" })).click();
  await waitFor(() => expect(given(shell, "approve")).toEqual([{ release: expect.any(String), seen: newer }]));
});

test("a rejection needs a reason", async () => {
  const shell = await openRoom("Releases", "still");
  await open("Paper Lanterns");
  (await screen.findByRole("button", { name: "Reject…" })).click();
  const reason = await screen.findByLabelText("What is to be mended?");
  await waitFor(() => expect(document.activeElement).toBe(reason));
  screen.getByRole("button", { name: "Reject" }).click();
  expect(await screen.findByText(/Say what is to be mended/)).toBeTruthy();
  expect(reason.getAttribute("aria-invalid")).toBe("true");
  await fireEvent.input(reason, { target: { value: "  The sleeve shows a price. " } });
  screen.getByRole("button", { name: "Reject" }).click();
  await waitFor(() => expect(given(shell, "reject")).toMatchObject([{ reason: "The sleeve shows a price." }]));
  expect(await screen.findByText("It was rejected")).toBeTruthy();
});

test("what was written of a rejection is there again after a look into another room", async () => {
  await openRoom("Releases", "still");
  await open("Paper Lanterns");
  (await screen.findByRole("button", { name: "Reject…" })).click();
  await fireEvent.input(await screen.findByLabelText("What is to be mended?"), { target: { value: "The sleeve shows" } });
  await fireEvent.keyDown(document.body, { key: "2", ctrlKey: true });
  await screen.findByRole("heading", { level: 1, name: "Queue" });
  await fireEvent.keyDown(document.body, { key: "3", ctrlKey: true });
  expect((await screen.findByLabelText<HTMLTextAreaElement>("What is to be mended?")).value).toBe("The sleeve shows");
});

test("Escape leaves a rejection, and the focus returns to its button", async () => {
  await openRoom("Releases", "still");
  await open("Paper Lanterns");
  (await screen.findByRole("button", { name: "Reject…" })).click();
  await fireEvent.keyDown(await screen.findByLabelText("What is to be mended?"), { key: "Escape" });
  await waitFor(() => expect(document.activeElement?.textContent).toContain("Reject…"));
});

test("a failure names its cause, its track and what to do", async () => {
  const shell = await openRoom("Releases", "still");
  (await option(/failed/)).click();
  const remedies = await screen.findByRole("region", { name: "It cannot go on" });
  expect(within(remedies).getByText("The master ends in the middle of a frame.")).toBeTruthy();
  within(remedies).getByRole("button", { name: /^Track 2/ }).click();
  await waitFor(() => expect((document.activeElement as HTMLElement).getAttribute("aria-expanded")).toBe("true"));
  within(remedies).getByRole("button", { name: "Try again" }).click();
  await waitFor(() => expect(given(shell, "try_again")).toHaveLength(1));
});

test("a release that is withdrawn says why, after it was asked", async () => {
  const shell = await openRoom("Releases", "still");
  await open("Slow Weather");
  const more = await screen.findByRole("button", { name: "More for Slow Weather" });
  await fireEvent.keyDown(more, { key: "Enter" });
  (await screen.findByRole("menuitem", { name: "Withdraw…" })).click();
  const dialog = await screen.findByRole("dialog", { name: "Withdraw “Slow Weather”?" });
  within(dialog).getByText(/cannot be undone/);
  within(dialog).getByRole("button", { name: "Withdraw" }).click();
  expect(await within(dialog).findByText(/Say why/)).toBeTruthy();
  await fireEvent.input(within(dialog).getByLabelText("Why?"), { target: { value: "A sample was not cleared." } });
  within(dialog).getByRole("button", { name: "Withdraw" }).click();
  await waitFor(() => expect(given(shell, "withdraw")).toMatchObject([{ reason: "A sample was not cleared." }]));
});

test("an e-mail it sent is shown as text", async () => {
  await openRoom("Releases", "still", (shell) => {
    for (const release of shell.scene.releases) {
      release.mails = release.mails.map((mail) => ({ ...mail, body: "<b>bold</b> & plain\nsecond line" }));
    }
  });
  await open("Slow Weather");
  (await screen.findByRole("button", { name: /ann@example.com/ })).click();
  const letter = await screen.findByRole("article");
  expect(letter.querySelector(".body")?.textContent).toBe("<b>bold</b> & plain\nsecond line");
  expect(letter.querySelector("b")).toBeNull();
});
