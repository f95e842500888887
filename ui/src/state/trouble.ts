import type { Trouble } from "../bindings";

/** What a command rejected with, as a trouble. A command always rejects with one; what does not is a fault of ours, and still said. */
export function troubleOf(error: unknown): Trouble {
  if (typeof error === "object" && error !== null && "message" in error && typeof error.message === "string") {
    return { message: error.message, help: "help" in error && typeof error.help === "string" ? error.help : "" };
  }
  return { message: String(error), help: "" };
}
