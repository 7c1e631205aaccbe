import { Link2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../base/button.tsx";
import { CopyButton } from "../base/copy-button.tsx";
import { Dialog } from "../base/dialog.tsx";
import { Field } from "../base/field.tsx";
import { Notice } from "../base/notice.tsx";
import { useCreateLink, useLinks, useRevokeLink } from "../data/links.ts";
import { RelativeTime } from "../text/relative-time.tsx";

const expiries = [
  ["1", "1 hour"],
  ["24", "1 day"],
  ["168", "7 days"],
  ["720", "30 days"],
] as const;

/** Makes a link that shows this run, read-only, and lists the links that exist. */
export function ShareDialog({ runId, onClose }: { runId: string; onClose: () => void }) {
  const [hours, setHours] = useState("168");
  const create = useCreateLink(runId);
  return (
    <Dialog title="Share this run" onClose={onClose}>
      <p className="soft">
        Anyone with the link can read this run: its prompt, conversation, files and network decisions. They can change
        nothing and see no other run.
      </p>
      <div className="row share__create">
        <Field label="Expires after">
          {(ids) => (
            <select {...ids} className="input" value={hours} onChange={(event) => setHours(event.target.value)}>
              {expiries.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Button
          look="primary"
          icon={<Link2 />}
          disabled={create.isPending}
          onClick={() => create.mutate(Number(hours))}
        >
          Create link
        </Button>
      </div>
      {create.error === null ? null : <Notice tone="red">{create.error.message}</Notice>}
      {create.data === undefined ? null : <CreatedLink url={create.data.url} />}
      <LinkList runId={runId} />
    </Dialog>
  );
}

function CreatedLink({ url }: { url: string }) {
  return (
    <Notice tone="green">
      <p>Copy the link; it is shown only once.</p>
      <div className="row">
        <input
          className="input mono"
          readOnly
          aria-label="Share link"
          value={url}
          onFocus={(event) => event.target.select()}
        />
        <CopyButton text={url} label="Copy the link" />
      </div>
    </Notice>
  );
}

function LinkList({ runId }: { runId: string }) {
  const links = useLinks(runId);
  const revoke = useRevokeLink(runId);
  const usable = (links.data ?? []).filter(
    ({ revokedAt, expiresAt }) => !revokedAt && Date.parse(expiresAt) > Date.now(),
  );
  if (usable.length === 0) return null;
  return (
    <section className="stack">
      <h3>Links that work</h3>
      <ul className="stack">
        {usable.map(({ id, createdAt, expiresAt }) => (
          <li key={id} className="row">
            <span className="grow">
              Created <RelativeTime at={createdAt} />, expires <RelativeTime at={expiresAt} />
            </span>
            <Button isSmall look="danger" disabled={revoke.isPending} onClick={() => revoke.mutate(id)}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
