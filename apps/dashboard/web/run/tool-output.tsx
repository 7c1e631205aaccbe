import { useState } from "react";
import { Button } from "../base/button.tsx";
import type { ToolItem } from "../model/conversation-item.ts";
import { TerminalText } from "../text/terminal-text.tsx";

const foldedLines = 40;

/** What a tool answered; a long answer shows its end, where results and errors are. */
export function ToolOutput({ item }: { item: ToolItem }) {
  const [isWhole, setWhole] = useState(false);
  if (item.status === "running") return <p className="tool__note faint">Still running…</p>;
  if (item.output.trim() === "") return <p className="tool__note faint">No output</p>;
  const lines = item.output.trimEnd().split("\n");
  const isCut = !isWhole && lines.length > foldedLines;
  return (
    <div className={`tool__output tool__output--${item.status}`}>
      {isCut ? (
        <Button isSmall look="quiet" onClick={() => setWhole(true)}>
          Show {lines.length - foldedLines} earlier lines
        </Button>
      ) : null}
      <TerminalText text={(isCut ? lines.slice(-foldedLines) : lines).join("\n")} />
    </div>
  );
}
