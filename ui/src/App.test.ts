import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";

import App from "./App.svelte";

test("an empty workspace says what the room is for", () => {
  render(App);
  expect(screen.getByRole("heading", { name: "Releases" })).toBeTruthy();
  expect(screen.getByText(/Nothing has been delivered yet/)).toBeTruthy();
});
