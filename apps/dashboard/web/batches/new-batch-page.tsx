import type { BatchRequest } from "@glovebox/client";
import { Play } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../base/button.tsx";
import { Field } from "../base/field.tsx";
import { Notice } from "../base/notice.tsx";
import { useStartBatch } from "../data/batches.ts";
import { Page } from "../shell/page.tsx";
import { newKey } from "../start/new-key.ts";

interface BatchDraft {
  readonly name: string;
  readonly prompts: string;
  readonly models: string;
  readonly repeat: string;
  readonly costUsd: string;
}

const empty: BatchDraft = { name: "", prompts: "", models: "", repeat: "1", costUsd: "" };
const mostRows = 1000;

/** Every prompt with every model, as often as wanted. */
function rowsOf({ prompts, models, repeat }: BatchDraft): BatchRequest["rows"] {
  const texts = prompts
    .split(/\n\s*\n/)
    .map((text) => text.trim())
    .filter((text) => text !== "");
  const names = models.split(/[\s,]+/).filter((name) => name !== "");
  const times = Math.max(1, Math.trunc(Number(repeat) || 1));
  return texts.flatMap((prompt) =>
    (names.length === 0 ? [undefined] : names).flatMap((model) =>
      Array.from({ length: times }, () => (model === undefined ? { prompt } : { prompt, model })),
    ),
  );
}

/** The form that starts a batch. */
export function NewBatchPage() {
  const [draft, setDraft] = useState(empty);
  const [key, setKey] = useState(newKey);
  const [, navigate] = useLocation();
  const start = useStartBatch(({ id }) => navigate(`/batches/${id}`));
  const rows = rowsOf(draft);
  const isValid = rows.length > 0 && rows.length <= mostRows;
  const onChange = (change: Partial<BatchDraft>): void => {
    setDraft({ ...draft, ...change });
    setKey(newKey());
  };
  const submit = (): void => {
    const cost = Number(draft.costUsd);
    const name = draft.name.trim();
    start.mutate({
      key,
      request: { rows, ...(name === "" ? {} : { name }), ...(cost > 0 ? { maxCostUsd: cost } : {}) },
    });
  };
  return (
    <Page title="New batch" about="Every prompt runs with every model, each in a sandbox of its own.">
      <form
        className="stack narrow"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <BatchFields draft={draft} onChange={onChange} />
        {start.error === null ? null : <Notice tone="red">{start.error.message}</Notice>}
        <div className="row">
          <Button type="submit" look="primary" icon={<Play />} disabled={!isValid || start.isPending}>
            Start {rows.length === 1 ? "1 run" : `${rows.length} runs`}
          </Button>
          {rows.length > mostRows ? <span className="soft">A batch has at most {mostRows} rows.</span> : null}
        </div>
      </form>
    </Page>
  );
}

interface BatchFieldsProps {
  readonly draft: BatchDraft;
  readonly onChange: (change: Partial<BatchDraft>) => void;
}

const lines = [
  { name: "name", label: "Name", hint: "Optional: for the list of batches.", type: "text" },
  { name: "models", label: "Models", hint: "Separated by spaces. Empty: the harness's default.", type: "text" },
  { name: "repeat", label: "Runs of each", hint: "Several show how much the results vary.", type: "number" },
  { name: "costUsd", label: "Cost limit of all, US dollars", hint: "No further run starts past it.", type: "number" },
] as const;

function BatchFields({ draft, onChange }: BatchFieldsProps) {
  return (
    <>
      <Field label="Prompts" hint="Separate prompts by an empty line.">
        {(ids) => (
          <textarea
            {...ids}
            className="input"
            rows={8}
            value={draft.prompts}
            onChange={(event) => onChange({ prompts: event.target.value })}
          />
        )}
      </Field>
      <div className="start__grid">
        {lines.map(({ name, label, hint, type }) => (
          <Field key={name} label={label} hint={hint}>
            {(ids) => (
              <input
                {...ids}
                className="input"
                type={type}
                step="any"
                value={draft[name]}
                onChange={(event) => onChange({ [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
    </>
  );
}
