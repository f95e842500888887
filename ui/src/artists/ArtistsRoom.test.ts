import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { given, inWindow, openRoom } from "../room.testing";

inWindow();

const email = () => screen.getByLabelText<HTMLInputElement>("E-mail address");

async function open(name: string): Promise<void> {
  (await screen.findByRole("option", { name: new RegExp(name) })).click();
  await screen.findByRole("heading", { level: 2, name });
}

test("an empty room says what it is for", async () => {
  await openRoom("Artists", "empty");
  expect(screen.getByText("Nobody is told yet")).toBeTruthy();
});

test("a wrong address is said beside its field, and nothing is asked", async () => {
  const shell = await openRoom("Artists", "still");
  await open("Les Gares");
  await fireEvent.input(email(), { target: { value: "name@" } });
  expect(screen.queryByText(/missing/)).toBeNull();
  screen.getByRole("button", { name: "Subscribe" }).click();
  expect(await screen.findByText(/The part after the @ is missing/)).toBeTruthy();
  expect(email().getAttribute("aria-invalid")).toBe("true");
  await fireEvent.input(email(), { target: { value: "name@example.org" } });
  await waitFor(() => expect(screen.queryByText(/The part after the @ is missing/)).toBeNull());
  expect(given(shell, "subscribe")).toEqual([]);
});

test("an address is subscribed, and the toast takes it out again", async () => {
  const shell = await openRoom("Artists", "still");
  await open("Les Gares");
  await fireEvent.input(email(), { target: { value: " name@example.org " } });
  screen.getByRole("button", { name: "Subscribe" }).click();
  // Once to be seen, and once to be read out.
  expect(await screen.findAllByText("name@example.org is told when music of Les Gares is live.")).toHaveLength(2);
  await waitFor(() => expect(document.querySelector('[data-email="name@example.org"]')?.textContent).toContain("is told"));
  expect(email().value).toBe("");
  (await screen.findByRole("button", { name: /^Undo/ })).click();
  await waitFor(() => expect(document.querySelector('[data-email="name@example.org"]')).toBeNull());
  expect(given(shell, "unsubscribe")).toEqual([{ artist: "Les Gares", email: "name@example.org" }]);
});

test("an address is not subscribed twice", async () => {
  const shell = await openRoom("Artists", "still");
  await open("Ann Ash");
  await fireEvent.input(email(), { target: { value: "ANN@example.com" } });
  screen.getByRole("button", { name: "Subscribe" }).click();
  expect(await screen.findByText(/This address is told already/)).toBeTruthy();
  expect(given(shell, "subscribe")).toEqual([]);
});

test("an address is unsubscribed, and Undo subscribes it again", async () => {
  const shell = await openRoom("Artists", "still");
  await open("Ann Ash");
  screen.getByRole("button", { name: "Unsubscribe ann@example.com" }).click();
  await waitFor(() => expect(document.querySelector('[data-email="ann@example.com"]')).toBeNull());
  (await screen.findByRole("button", { name: /^Undo/ })).click();
  await waitFor(() => expect(document.querySelector('[data-email="ann@example.com"]')).toBeTruthy());
  expect(given(shell, "subscribe")).toEqual([{ artist: "Ann Ash", email: "ann@example.com" }]);
});

test("a letter is shown as it was sent", async () => {
  await openRoom("Artists", "still");
  await open("Ann Ash");
  (await screen.findByRole("button", { name: /is live/ })).click();
  const letter = await screen.findByRole("article");
  expect(within(letter).getByText("ann@example.com")).toBeTruthy();
  expect(letter.querySelector(".body")?.textContent).toContain("by Ann Ash is live");
});

test("artists are found by name and by address", async () => {
  await openRoom("Artists", "still");
  await fireEvent.input(screen.getByLabelText("Find an artist"), { target: { value: "bjork" } });
  await waitFor(() => expect(screen.getAllByRole("option").map((one) => one.textContent)).toEqual([expect.stringContaining("Björk Hólm")]));
  await fireEvent.input(screen.getByLabelText("Find an artist"), { target: { value: "artist3@" } });
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
});

test("an artist who is in no release yet can be added", async () => {
  const shell = await openRoom("Artists", "still");
  screen.getByRole("button", { name: "Add an artist" }).click();
  const name = await screen.findByLabelText("Artist");
  await waitFor(() => expect(document.activeElement).toBe(name));
  screen.getByRole("button", { name: "Subscribe" }).click();
  expect(await screen.findByText(/Enter the artist’s name/)).toBeTruthy();
  await fireEvent.input(name, { target: { value: "New Somebody" } });
  await fireEvent.input(email(), { target: { value: "new@example.org" } });
  screen.getByRole("button", { name: "Subscribe" }).click();
  await screen.findByRole("heading", { level: 2, name: "New Somebody" });
  expect(given(shell, "subscribe")).toEqual([{ artist: "New Somebody", email: "new@example.org" }]);
});

test("Escape leaves adding an artist, and the focus returns", async () => {
  await openRoom("Artists", "still");
  screen.getByRole("button", { name: "Add an artist" }).click();
  await fireEvent.keyDown(await screen.findByLabelText("Artist"), { key: "Escape" });
  await waitFor(() => expect(document.activeElement?.textContent).toContain("Add an artist"));
});

test("where e-mail is switched off, the room says so", async () => {
  await openRoom("Artists", "still", (shell) => {
    shell.scene.workspace.artistsMail = false;
  });
  await open("Ann Ash");
  expect(screen.getByText(/E-mail to artists is switched off/)).toBeTruthy();
});

test("somebody who got no letter yet is shown how it will look", async () => {
  await openRoom("Artists", "still");
  await open("Les Gares");
  const letter = await screen.findByRole("article");
  expect(within(letter).getByText("name@example.org")).toBeTruthy();
  expect(screen.getByText(/An example: the release is made up/)).toBeTruthy();
  await open("Copper Morning");
  expect(await screen.findByText(/As it would be for the draft “Copper Morning”/)).toBeTruthy();
  await open("Ann Ash");
  expect(screen.queryByRole("article")).toBeNull();
  screen.getByRole("button", { name: "How the next one will look" }).click();
  expect(await screen.findByText(/As it would be for the draft “Night Bus”/)).toBeTruthy();
});

test("an artist of a release without a draft is opened from it, and can be told", async () => {
  const shell = await openRoom("Releases", "still", (shell) => {
    for (const release of shell.scene.releases) release.credited = ["Nobody Known"];
  });
  (await screen.findByRole("option", { name: /Slow Weather/ })).click();
  (await screen.findByRole("button", { name: "Nobody Known" })).click();
  await screen.findByRole("heading", { level: 2, name: "Nobody Known" });
  await fireEvent.input(email(), { target: { value: "new@example.org" } });
  screen.getByRole("button", { name: "Subscribe" }).click();
  await waitFor(() => expect(given(shell, "subscribe")).toEqual([{ artist: "Nobody Known", email: "new@example.org" }]));
  await waitFor(() => expect(document.querySelector('[data-email="new@example.org"]')).toBeTruthy());
});

test("in a label’s cloud an address is asked, and confirmed by the link of the e-mail", async () => {
  const shell = await openRoom("Artists", "cloud");
  await open("Ann Ash");
  screen.getByRole("button", { name: "Confirm management0@example.com" }).click();
  const link = await screen.findByLabelText("Paste the link from the e-mail");
  await waitFor(() => expect(document.activeElement).toBe(link));
  await fireEvent.input(link, { target: { value: "hello" } });
  screen.getByRole("button", { name: "Confirm" }).click();
  expect(await screen.findByText(/This is not the link of the e-mail/)).toBeTruthy();
  await fireEvent.input(link, { target: { value: " https://sns.example/?Token=0123456789abcdef0123 " } });
  screen.getByRole("button", { name: "Confirm" }).click();
  await waitFor(() => expect(document.querySelector('[data-email="management0@example.com"]')?.textContent).toContain("is told"));
  expect(given(shell, "confirm_subscription").at(-1)).toEqual({
    artist: "Ann Ash",
    email: "management0@example.com",
    pasted: "https://sns.example/?Token=0123456789abcdef0123",
  });
});

test("the e-mail that asks is sent again, and not too often", async () => {
  const shell = await openRoom("Artists", "cloud", (shell) => {
    const [ann] = shell.scene.artists;
    if (ann) ann.subscriptions = [{ email: "new@example.org", since: new Date().toISOString(), state: "pending" }];
  });
  await open("Ann Ash");
  screen.getByRole("button", { name: "Confirm new@example.org" }).click();
  (await screen.findByRole("button", { name: "Send it again" })).click();
  expect(await screen.findByText("Another e-mail is on its way.")).toBeTruthy();
  expect(given(shell, "resend_confirmation")).toEqual([{ artist: "Ann Ash", email: "new@example.org" }]);
  screen.getByRole("button", { name: "Send it again" }).click();
  expect(await screen.findByText(/It can be sent again in 15 minutes/)).toBeTruthy();
});

test("an artist’s account sees who is entered for it, and Undo takes that back", async () => {
  const shell = await openRoom("Artists", "cloud");
  await open("Ann Ash");
  await fireEvent.input(screen.getByLabelText("E-mail address of an artist’s account"), { target: { value: "wolves@example.com" } });
  screen.getByRole("button", { name: "Let it see" }).click();
  await waitFor(() => expect(document.querySelector('[data-seer="wolves@example.com"]')).toBeTruthy());
  const before = ["Ida & the Wolves", "Grey Heron"];
  expect(given(shell, "map_artists")).toEqual([{ email: "wolves@example.com", artists: [...before, "Ann Ash"] }]);
  (await screen.findByRole("button", { name: /^Undo/ })).click();
  await waitFor(() => expect(document.querySelector('[data-seer="wolves@example.com"]')).toBeNull());
  expect(given(shell, "map_artists").at(-1)).toEqual({ email: "wolves@example.com", artists: before });
});

test("what a cloud sent stands once for all who follow", async () => {
  await openRoom("Artists", "cloud");
  await open("Ann Ash");
  (await screen.findByRole("button", { name: /is live/ })).click();
  expect(screen.getByText("Everybody who follows Ann Ash")).toBeTruthy();
  expect(within(await screen.findByRole("article")).queryByText("To")).toBeNull();
});
