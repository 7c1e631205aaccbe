import { Field } from "../base/field.tsx";
import { useProviders, useTemplates } from "../data/catalog.ts";
import { Section } from "./section.tsx";
import type { DraftProps } from "./start-page.tsx";

/** Which agent works, and where. */
export function PlaceFields({ draft, onChange }: DraftProps) {
  const { data } = useProviders();
  const templates = useTemplates().data ?? [];
  const fitting = templates.filter(({ provider }) => draft.provider === "" || provider === draft.provider);
  return (
    <Section title="Agent and sandbox">
      <div className="start__grid">
        <Select
          label="Harness"
          hint="The coding agent."
          value={draft.harness}
          options={(data?.harnesses ?? []).map(({ name, isDefault, hasCredential }) => ({
            value: name,
            text: `${name}${isDefault ? " (default)" : ""}${hasCredential ? "" : ": no key on the server"}`,
          }))}
          onChange={(harness) => onChange({ harness })}
        />
        <Field label="Model" hint="Empty: the harness's own default.">
          {(ids) => (
            <input
              {...ids}
              className="input"
              value={draft.model}
              onChange={(event) => onChange({ model: event.target.value })}
            />
          )}
        </Field>
        <Select
          label="Provider"
          hint="Where the sandbox runs."
          value={draft.provider}
          options={(data?.providers ?? []).map(({ name, isDefault, ready }) => ({
            value: name,
            text: `${name}${isDefault ? " (default)" : ""}${ready ? "" : ": not ready"}`,
          }))}
          onChange={(provider) => onChange({ provider })}
        />
        <Select
          label="Template"
          hint="What the sandbox is created from."
          value={draft.template}
          options={fitting.map(({ name }) => ({ value: name, text: name }))}
          onChange={(template) => onChange({ template })}
        />
      </div>
    </Section>
  );
}

interface SelectProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string) => void;
}

function Select({ label, hint, value, options, onChange }: SelectProps) {
  const isKnown = value === "" || options.some((option) => option.value === value);
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <select {...ids} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">Default</option>
          {isKnown ? null : <option value={value}>{value}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
