import type { Theme } from "../bindings";

const KEPT_AS = "theme";

/** Puts a theme on the page. "system" leaves it to the system. */
export function putTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
  try {
    localStorage.setItem(KEPT_AS, theme);
  } catch {
    // Where nothing can be kept, the next start begins with the system's theme.
  }
}

/** Before the settings are known: the theme of the last time, so that the window does not flash. */
export function putLastTheme(): void {
  try {
    const theme = localStorage.getItem(KEPT_AS);
    if (theme === "dark" || theme === "light") document.documentElement.dataset["theme"] = theme;
  } catch {
    // As above.
  }
}
