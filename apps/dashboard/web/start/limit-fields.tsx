import { Field } from "../base/field.tsx";
import type { Draft } from "./draft.ts";
import { Section } from "./section.tsx";
import type { DraftProps } from "./start-page.tsx";

type LimitName = "minutes" | "costUsd" | "turns" | "memoryMiB" | "cpus";

const limits: readonly {
  readonly name: LimitName;
  readonly label: string;
  readonly hint: string;
  readonly step: string;
}[] = [
  { name: "costUsd", label: "Cost, US dollars", hint: "The run stops before it costs more.", step: "0.01" },
  { name: "minutes", label: "Time, minutes", hint: "The run stops and brings its files back.", step: "1" },
  { name: "turns", label: "Turns", hint: "How often the agent may call the model.", step: "1" },
  { name: "memoryMiB", label: "Memory, MiB", hint: "Of the sandbox.", step: "1" },
  { name: "cpus", label: "Processors", hint: "Of the sandbox.", step: "0.1" },
];

/** What the run may use. */
export function LimitFields({ draft, onChange }: DraftProps) {
  return (
    <Section title="Limits" about="Empty: the server's limits.">
      <div className="start__grid start__grid--three">
        {limits.map(({ name, label, hint, step }) => (
          <Field key={name} label={label} hint={hint}>
            {(ids) => (
              <input
                {...ids}
                className="input number"
                type="number"
                min={step}
                step={step}
                value={draft[name]}
                onChange={(event) => onChange({ [name]: event.target.value } as Partial<Draft>)}
              />
            )}
          </Field>
        ))}
      </div>
    </Section>
  );
}
