import type { ITheme } from "@xterm/xterm";

const names = ["red", "green", "blue"] as const;

/** The page's colours for a terminal. */
export function terminalTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    background: colour("surface"),
    foreground: colour("text"),
    cursor: colour("accent"),
    selectionBackground: colour("accent-soft"),
    ...Object.fromEntries(names.map((name) => [name, colour(name)])),
    yellow: colour("amber"),
    magenta: colour("violet"),
    cyan: colour("accent"),
    black: colour("sunken"),
    brightBlack: colour("text-faint"),
    white: colour("text-soft"),
    brightWhite: colour("text"),
  };
}
