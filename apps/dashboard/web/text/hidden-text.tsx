import { visibleText } from "@glovebox/core/text";
import { Fragment, type ReactNode } from "react";

const escapes = /(\\u\{[0-9a-f]{1,6}\})/;

/** One line of a stranger's text with nothing hidden: controls and bidi characters are written as marked escapes. */
export function HiddenText({ line }: { line: string }): ReactNode {
  const shown = visibleText(line);
  // The usual line is what it was.
  if (shown === line) return line;
  return shown.split(escapes).map((part, index) =>
    escapes.test(part) && !line.includes(part) ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <span key={index} className="hidden-mark">
        {part}
      </span>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}
