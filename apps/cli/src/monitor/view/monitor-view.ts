import { Text, useInput, useWindowSize } from "ink";
import { createElement, type ReactElement } from "react";
import type { Key, MonitorController } from "./monitor-controller.ts";

interface MonitorViewProps {
  readonly controller: MonitorController;
  readonly onKey: (key: Key) => void;
  /** Changes when there is something new to draw. */
  readonly version: number;
}

/** The whole screen, as the controller lays it out. Ink reads the keys, follows the size and writes the lines that changed. */
export function MonitorView({ controller, onKey }: MonitorViewProps): ReactElement {
  const { columns, rows } = useWindowSize();
  useInput((input, key) => {
    if (key.ctrl && input === "c") onKey({ input: "q" });
    else if (key.upArrow) onKey({ input: "", name: "up" });
    else if (key.downArrow) onKey({ input: "", name: "down" });
    else if (key.pageUp) onKey({ input: "", name: "pageUp" });
    else if (key.pageDown) onKey({ input: "", name: "pageDown" });
    else if (key.return) onKey({ input: "", name: "enter" });
    else if (key.escape || key.backspace) onKey({ input: "", name: "back" });
    // A paste, or keys that were pressed while the screen was busy, come as one text.
    else if (!key.ctrl && !key.meta) for (const letter of input) onKey({ input: letter });
  });
  const lines = controller.frame({ columns: Math.max(20, columns || 80), rows: Math.max(3, rows || 24) });
  return createElement(Text, { wrap: "truncate" }, lines.map((line) => (line === "" ? " " : line)).join("\n"));
}
