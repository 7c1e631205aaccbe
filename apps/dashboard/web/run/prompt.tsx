import { plainText } from "@glovebox/core/text";
import { useState } from "react";
import { Button } from "../base/button.tsx";
import { useShownRun } from "./run-context.ts";

const foldedCharacters = 600;

/** What the user asked for: the first row of the conversation. */
export function Prompt() {
  const { run } = useShownRun();
  const { prompt } = run.request;
  const [isOpen, setOpen] = useState(prompt.length <= foldedCharacters);
  return (
    <div className="prompt">
      <div className="speaker">Prompt</div>
      <div className="prompt__text">{plainText(isOpen ? prompt : `${prompt.slice(0, foldedCharacters)}…`)}</div>
      {isOpen ? null : (
        <Button isSmall look="quiet" onClick={() => setOpen(true)}>
          Show all
        </Button>
      )}
    </div>
  );
}
