import type { Run } from "@glovebox/client";
import { useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../base/button.tsx";
import { Dialog } from "../base/dialog.tsx";
import { Field } from "../base/field.tsx";
import { Notice } from "../base/notice.tsx";
import { useContinueRun } from "../data/runs.ts";

const texts = {
  resume: {
    title: "Resume this run",
    about: "A new run continues the conversation, with the files as this run left them.",
    label: "Next prompt",
    button: "Resume",
  },
  fork: {
    title: "Fork this run",
    about: "Each prompt starts a run of its own from where this one ended. Separate the prompts by an empty line.",
    label: "Prompts",
    button: "Fork",
  },
} as const;

interface ContinueDialogProps {
  readonly run: Run;
  readonly kind: "resume" | "fork";
  readonly onClose: () => void;
}

export function ContinueDialog({ run, kind, onClose }: ContinueDialogProps) {
  const { title, about, label, button } = texts[kind];
  const [text, setText] = useState("");
  const [, navigate] = useLocation();
  const start = useContinueRun(run.id, kind, ([first, ...others]) => {
    onClose();
    navigate(others.length === 0 && first !== undefined ? `/runs/${first}` : "/");
  });
  const prompts = kind === "fork" ? text.split(/\n\s*\n/).map((part) => part.trim()) : [text.trim()];
  const given = prompts.filter((prompt) => prompt !== "");
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="soft">{about}</p>
      <Field label={label}>
        {(ids) => (
          <textarea
            {...ids}
            className="input"
            rows={6}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      {start.error === null ? null : <Notice tone="red">{start.error.message}</Notice>}
      <div className="dialog__foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" disabled={given.length === 0 || start.isPending} onClick={() => start.mutate(given)}>
          {given.length > 1 ? `${button} ${given.length} times` : button}
        </Button>
      </div>
    </Dialog>
  );
}
