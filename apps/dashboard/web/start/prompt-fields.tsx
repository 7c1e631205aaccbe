import { Field } from "../base/field.tsx";
import type { DraftProps } from "./start-page.tsx";

export function PromptFields({ draft, onChange }: DraftProps) {
  return (
    <div className="stack">
      <Field label="Prompt" hint="What the agent should do, in your words.">
        {(ids) => (
          <textarea
            {...ids}
            // biome-ignore lint/a11y/noAutofocus: it is the one field that everybody fills in, and the page is opened for it
            autoFocus
            className="input start__prompt"
            rows={6}
            placeholder="Find out why the test of the parser fails, and fix it"
            value={draft.prompt}
            onChange={(event) => onChange({ prompt: event.target.value })}
          />
        )}
      </Field>
      <div className="start__grid">
        <Field label="Name" hint="Optional: for the list of runs.">
          {(ids) => (
            <input
              {...ids}
              className="input"
              value={draft.name}
              maxLength={200}
              onChange={(event) => onChange({ name: event.target.value })}
            />
          )}
        </Field>
        <label className="start__check">
          <input
            type="checkbox"
            checked={draft.isInteractive}
            onChange={(event) => onChange({ isInteractive: event.target.checked })}
          />
          <span>
            <span className="field__label">Interactive</span>
            <span className="field__hint">Work with the agent in its own terminal, here in the browser.</span>
          </span>
        </label>
      </div>
    </div>
  );
}
