import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { DECLINED, LOW_TIDE } from "../../fake/cloud";
import { start } from "../../fake/backend";
import type { FakeShell } from "../../fake/shell";
import App from "../App.svelte";
import { given, inWindow, openRoom } from "../room.testing";

inWindow();

const FILE = "/home/ann/Downloads/workspace.json";
const ASKS = /^Join Low Tide Records/;

const click = async (name: string | RegExp) => fireEvent.click(await screen.findByRole("button", { name }));
const page = (name: string | RegExp) => screen.findByRole("heading", { level: 1, name });

/** The first start, and the file that the person chooses. */
async function join(file = FILE): Promise<FakeShell> {
  const shell = start("first");
  shell.joinFile = file;
  render(App);
  await click("Join your label’s cloud…");
  return shell;
}

test("somebody joins: they see whom the app would talk to, sign in in the browser, and are there", async () => {
  const shell = await join();
  await page(ASKS);
  expect(screen.getByText("abc123def4.execute-api.eu-west-1.amazonaws.com")).toBeTruthy();
  expect(screen.getByText("low-tide.auth.eu-west-1.amazoncognito.com")).toBeTruthy();
  expect(screen.getByText("cognito-idp.eu-west-1.amazonaws.com")).toBeTruthy();
  expect(given(shell, "join")).toEqual([]);
  await click("Sign in in your browser");
  await page("Sign in in your browser");
  expect(given(shell, "join")).toEqual([{ path: "/home/ann/Downloads/workspace.json" }]);
  await click("Open the browser again");
  await waitFor(() => expect(given(shell, "open_sign_in_page")).toHaveLength(1));
  await click("Copy the link");
  await waitFor(() => expect(shell.clipboard).toContain("low-tide.auth"));
  shell.comeBack();
  // A window that was never used makes room for the new one.
  await waitFor(() => expect(given(shell, "quit")).toHaveLength(1));
  expect(given(shell, "open_workspace")).toEqual([{ path: LOW_TIDE.path }]);
});

test("whoever works already keeps their window, and joins beside it", async () => {
  const shell = await openRoom("Queue", "busy");
  await shell.drag("drop", [FILE], 400, 300);
  await page(ASKS);
  await click("Sign in in your browser");
  await page("Sign in in your browser");
  shell.comeBack();
  await page(/^You have joined Low Tide Records/);
  expect(given(shell, "open_workspace")).toEqual([{ path: LOW_TIDE.path }]);
  expect(given(shell, "quit")).toEqual([]);
  await click("Done");
  await page("Queue");
});

test.each([
  ["plain.json", /is not HTTPS/],
  ["damaged.json", /does not describe a cloud workspace/],
  ["newer.json", /Update Lacquer/],
])("%s is refused, and another can be chosen", async (file, words) => {
  const shell = await join(`/home/ann/${file}`);
  await page("This file opens no cloud");
  expect((await screen.findByRole("alert")).textContent).toMatch(words);
  shell.joinFile = "/home/ann/workspace.json";
  await click("Choose another file…");
  await page(ASKS);
});

test("a sign-in that fails says why, and can be tried again or left", async () => {
  const shell = await join();
  await click("Sign in in your browser");
  await page("Sign in in your browser");
  shell.comeBack(DECLINED);
  await page("You are not signed in");
  expect(screen.getByRole("alert").textContent).toContain("You were not signed in");
  await click("Try again");
  await page("Sign in in your browser");
  await click("Cancel");
  await page(ASKS);
  await click("Cancel");
  await page("Welcome to Lacquer");
});

test("the file can be dropped anywhere, or pasted", async () => {
  const shell = await openRoom("Queue", "busy");
  await shell.drag("drop", ["/home/ann/workspace.json"], 400, 300);
  await page(ASKS);
  expect(given(shell, "import")).toEqual([]);
  await click(/^Queue/);
  await page("Queue");
  shell.pasted = ["/home/ann/workspace.json"];
  await fireEvent.paste(document.body);
  await page(ASKS);
});

test("when a sign-in ends, what is typed stays, and signing in again is one press", async () => {
  const shell = await openRoom("Settings", "cloud");
  const name = await screen.findByLabelText<HTMLInputElement>("Label name");
  await fireEvent.input(name, { target: { value: "Half a na" } });
  shell.endSignIn();
  const banner = await screen.findByRole("region", { name: "Signed out" });
  expect(banner.textContent).toContain("Your sign-in has expired.");
  expect(name.isConnected && name.value).toBe("Half a na");
  await fireEvent.click(within(banner).getByRole("button", { name: "Sign in" }));
  await within(await screen.findByRole("region", { name: "Signing in" })).findByText(/in your browser/);
  expect(name.isConnected).toBe(true);
  shell.comeBack(DECLINED);
  await within(screen.getByRole("region", { name: "Signing in" })).findByText(/You were not signed in/);
});

test("the account is shown, and signing out everywhere asks", async () => {
  const shell = await openRoom("Settings", "cloud-staff");
  const account = await screen.findByRole("region", { name: "Account" });
  expect(account.textContent).toContain("mira@low-tide.example");
  expect(account.textContent).toContain("until Lacquer ends");
  await fireEvent.click(within(account).getByRole("button", { name: "Sign out everywhere…" }));
  const dialog = await screen.findByRole("dialog", { name: "Sign out everywhere?" });
  expect(given(shell, "sign_out")).toEqual([]);
  await fireEvent.click(within(dialog).getByRole("button", { name: "Sign out everywhere" }));
  await waitFor(() => expect(given(shell, "sign_out")).toEqual([{ everywhere: true }]));
  await screen.findByRole("region", { name: "Signed out" });
});

test("another workspace is opened from the list", async () => {
  const shell = await openRoom("Settings", "cloud");
  await click("Open Salt & Tin");
  await waitFor(() => expect(given(shell, "open_workspace")).toEqual([{ path: expect.stringContaining("salt") }]));
});

test("staff see the label’s settings, and only managers change them", async () => {
  await openRoom("Settings", "cloud-staff");
  expect(await screen.findByText("A manager of your label changes this.")).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>("switch", { name: "Releases are reviewed" }).disabled).toBe(true);
  expect(screen.getByLabelText<HTMLInputElement>("Label name").readOnly).toBe(true);
});

test("an artist has the room of releases and that of news, and makes nothing", async () => {
  const shell = start("cloud-artist");
  render(App);
  await page("Releases");
  const rail = screen.getByRole("navigation", { name: "Rooms" });
  const rooms = within(rail).getAllByRole("button").map((one) => one.textContent?.trim());
  expect(rooms).toEqual(["Releases", "News", "Settings", expect.stringContaining("Low Tide Records")]);
  await shell.drag("drop", ["/music/Slow Weather"], 400, 300);
  await screen.findAllByText(/An artist’s account makes no releases/);
  expect(given(shell, "import")).toEqual([]);
  await fireEvent.keyDown(document.body, { key: "1", code: "Digit1", ctrlKey: true });
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Releases");
  await click("Settings");
  await page("Settings");
  expect(screen.queryByLabelText("Label name")).toBeNull();
  expect(screen.queryByText("Where the data lies")).toBeNull();
});

test("staff read that a manager decides", async () => {
  await openRoom("Releases", "cloud-staff");
  await fireEvent.click(await screen.findByRole("option", { name: /Paper Lanterns/ }));
  expect(await screen.findByText(/A manager of your label decides/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Approve" })).toBeNull();
});

test("what was last known says from when it is", async () => {
  await openRoom("Releases", "cloud-away");
  expect((await screen.findByText(/^as of/)).textContent).toMatch(/as of .+, offline/);
});

test("the queue says that it waits for a sign-in", async () => {
  const shell = await openRoom("Queue", "cloud-ended");
  expect(await screen.findAllByText(/waits for you to sign in/)).toHaveLength(2);
  await fireEvent.click(within(screen.getByRole("main")).getByRole("button", { name: /^Sign in to send/ }));
  await waitFor(() => expect(given(shell, "sign_in")).toHaveLength(1));
});

test("whoever comes to a cloud for the first time is asked for no label’s name, and told where releases go", async () => {
  start("cloud-first");
  render(App);
  await page("Welcome to Lacquer");
  expect(screen.queryByLabelText("Your label's name")).toBeNull();
  expect(screen.getByText(/then they go to Low Tide Records/)).toBeTruthy();
  await click("Skip");
  await page("Desk");
});

test("whose sign-in ended before their roles were heard of keeps every room", async () => {
  await openRoom("Settings", "cloud-ended", ({ scene }) => {
    const { cloud } = scene.workspace;
    scene.workspace.cloud = cloud && { ...cloud, answered: false, may: { deliver: false, manage: false } };
  });
  const rooms = within(screen.getByRole("navigation", { name: "Rooms" }));
  await rooms.findByRole("button", { name: /^Desk/ });
  expect(rooms.queryByRole("button", { name: "News" })).toBeNull();
});
