import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { emit } from "@tauri-apps/api/event";
import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";

import App from "./App.svelte";
import type { Release, View } from "./view";

afterEach(() => {
  cleanup();
  clearMocks();
});

const empty: View = { label: "Night Records", home: "/music/workspace", releases: [], notices: [] };

const release: Release = {
  id: "01JZZZZZZZZZZZZZZZZZZZZZZZ",
  title: "Night Bus",
  artist: "Ann Ash",
  state: "live",
  since: "2026-06-14T18:05:00Z",
  remarks: [],
  sending: null,
  tracks: [
    {
      id: "01JYYYYYYYYYYYYYYYYYYYYYYY",
      disc: 1,
      number: 1,
      title: "Terminus",
      seconds: 83.5,
      transcoding: null,
      renditions: [
        {
          profile: "flac",
          path: "/music/workspace/renditions/a.flac",
          bytes: 3_140_000,
          sample_rate: 48_000,
          bit_depth: 24,
          loudness: -14.23,
          true_peak: -1.3,
        },
      ],
    },
  ],
  mails: [{ to: "ann@example.com", artist: "Ann Ash", path: "/music/workspace/outbox/a.eml" }],
};

function show(view: View | Error): void {
  mockIPC(
    (command) => {
      if (command !== "view") throw new Error(`the window may not ask for ${command}`);
      if (view instanceof Error) throw view.message;
      return view;
    },
    { shouldMockEvents: true },
  );
  render(App);
}

test("an empty workspace says what the room is for", async () => {
  show(empty);
  expect(await screen.findByText(/Nothing has been delivered yet/)).toBeTruthy();
  expect(screen.getByText("Night Records")).toBeTruthy();
});

test("a live release shows its state, renditions and e-mail", async () => {
  show({ ...empty, releases: [release] });
  expect(await screen.findByRole("heading", { level: 1, name: "Night Bus" })).toBeTruthy();
  expect(screen.getAllByText(/live/).length).toBeGreaterThan(0);
  const cells = screen.getAllByRole("cell").map((cell) => cell.textContent);
  expect(cells).toEqual(["flac", "48 kHz 24 bit", "−14.2", "−1.3", "3.1 MB", "a.flac"]);
  expect(screen.getByText("ann@example.com")).toBeTruthy();
});

test("a view that is pushed takes the place of the first", async () => {
  show(empty);
  await screen.findByText(/Nothing has been delivered yet/);
  await emit("view", { ...empty, releases: [{ ...release, state: "transcoding", since: null }] });
  expect(await screen.findByRole("heading", { level: 1, name: "Night Bus" })).toBeTruthy();
  expect(screen.getAllByText(/transcoding/).length).toBeGreaterThan(0);
});

test("a workspace that cannot be opened says why", async () => {
  show(new Error("This workspace is in use by another Lacquer (process 42)."));
  expect((await screen.findByRole("alert")).textContent).toContain("process 42");
});

test("a notice names its remedy", async () => {
  show({ ...empty, notices: [{ message: "A draft could not be read.", help: "Deliver it again." }] });
  expect(await screen.findByText(/A draft could not be read. Deliver it again./)).toBeTruthy();
});
