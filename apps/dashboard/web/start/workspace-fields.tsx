import { Field } from "../base/field.tsx";
import { Segments } from "../base/segments.tsx";
import { Section } from "./section.tsx";
import type { DraftProps } from "./start-page.tsx";
import { UploadField } from "./upload-field.tsx";

const options = [
  { value: "none", text: "Empty" },
  { value: "upload", text: "Upload" },
  { value: "git", text: "Git repository" },
] as const;

/** The files that the agent begins with. */
export function WorkspaceFields({ draft, onChange }: DraftProps) {
  return (
    <Section title="Workspace" about="The files that the agent begins with. Your own copies are never changed.">
      <div>
        <Segments
          label="Workspace"
          value={draft.workspace}
          options={options}
          onChange={(workspace) => onChange({ workspace })}
        />
      </div>
      {draft.workspace === "upload" ? (
        <UploadField uploadId={draft.uploadId} onUploaded={(uploadId) => onChange({ uploadId })} />
      ) : null}
      {draft.workspace === "git" ? <GitFields draft={draft} onChange={onChange} /> : null}
    </Section>
  );
}

function GitFields({ draft, onChange }: DraftProps) {
  return (
    <div className="start__grid">
      <Field label="Repository" hint="An https address that needs no password.">
        {(ids) => (
          <input
            {...ids}
            className="input"
            type="url"
            placeholder="https://github.com/honojs/hono"
            value={draft.gitUrl}
            onChange={(event) => onChange({ gitUrl: event.target.value })}
          />
        )}
      </Field>
      <Field label="Branch, tag or commit" hint="Empty: the default branch.">
        {(ids) => (
          <input
            {...ids}
            className="input"
            value={draft.gitRef}
            onChange={(event) => onChange({ gitRef: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
