import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const key = "glovebox-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function storedTheme(): Theme {
  const stored = localStorage.getItem(key);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Sets the colours of the page, and follows the system where the user has chosen nothing else. */
export function applyTheme(): void {
  showTheme();
  dark.addEventListener("change", showTheme);
}

function showTheme(): void {
  const theme = storedTheme();
  document.documentElement.dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
  for (const listener of listeners) listener();
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
  showTheme();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What the user has chosen. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, storedTheme);
}

/** What is shown: for what is drawn without CSS. */
export function useShownTheme(): "light" | "dark" {
  return useSyncExternalStore(subscribe, () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light"));
}
