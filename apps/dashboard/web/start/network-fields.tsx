import { Field } from "../base/field.tsx";
import type { Draft } from "./draft.ts";
import { Section } from "./section.tsx";
import type { DraftProps } from "./start-page.tsx";

const modes = [
  { mode: "sealed", text: "Sealed", about: "Only the model, and the hosts that you allow" },
  { mode: "standard", text: "Standard", about: "Package registries too" },
  { mode: "open", text: "Open", about: "Every public host" },
  { mode: "none", text: "None", about: "Nothing at all, not even the model" },
] as const;

/** What the sandbox may reach. */
export function NetworkFields({ draft, onChange }: DraftProps) {
  return (
    <Section title="Network">
      <div className="choices" role="radiogroup" aria-label="Network mode">
        {modes.map(({ mode, text, about }) => (
          <ModeChoice key={mode} mode={mode} text={text} about={about} draft={draft} onChange={onChange} />
        ))}
      </div>
      {draft.mode === "none" || draft.mode === "open" ? null : (
        <Field label="Allowed hosts" hint="Separated by spaces: api.example.com *.example.org example.net:8443">
          {(ids) => (
            <input
              {...ids}
              className="input mono"
              value={draft.hosts}
              onChange={(event) => onChange({ hosts: event.target.value })}
            />
          )}
        </Field>
      )}
    </Section>
  );
}

interface ModeChoiceProps extends DraftProps {
  readonly mode: Draft["mode"];
  readonly text: string;
  readonly about: string;
}

function ModeChoice({ mode, text, about, draft, onChange }: ModeChoiceProps) {
  return (
    <label className="choice">
      <input type="radio" name="mode" checked={draft.mode === mode} onChange={() => onChange({ mode })} />
      <span>
        <span className="field__label">{text}</span>
        <span className="field__hint">{about}</span>
      </span>
    </label>
  );
}
