import { plainText } from "@glovebox/core/text";
import { ansiSpans } from "./ansi-spans.ts";

/** Output of a program: its colours are shown, everything else that a terminal would obey is left out. */
export function TerminalText({ text }: { text: string }) {
  return (
    <pre className="terminal-text">
      {ansiSpans(text).map((span, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the spans of one text never move
        <span key={index} className={span.classes}>
          {plainText(span.text)}
        </span>
      ))}
    </pre>
  );
}
