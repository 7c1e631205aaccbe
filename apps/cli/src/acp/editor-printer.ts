import type { RunPrinter } from "../print/run-printer.ts";
import { shownMessage } from "../print/shown-message.ts";
import type { Editor } from "./editor.ts";
import { thought } from "./updates/session-updates.ts";

/** Shows in the editor what the command itself does. The run's events are sent elsewhere, in their order. */
export function editorPrinter(editor: Editor): RunPrinter {
  const tell = (message: string) => void editor.send([thought(`${shownMessage(message)}\n`)]);
  return {
    note: tell,
    warn: (message) => tell(`Warning: ${message}`),
    event: () => {},
    hideCost: () => {},
    hush: () => {},
    end: () => {},
  };
}
