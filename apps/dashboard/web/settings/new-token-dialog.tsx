import { useState } from "react";
import { Button } from "../base/button.tsx";
import { CopyButton } from "../base/copy-button.tsx";
import { Dialog } from "../base/dialog.tsx";
import { Field } from "../base/field.tsx";
import { Notice } from "../base/notice.tsx";
import { useCreateToken } from "../data/tokens.ts";

interface NewTokenDialogProps {
  /** For another user; absent for one's own. */
  readonly user?: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}

const dayMs = 86_400_000;
const expiries = [
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "1 year"],
  ["", "Never"],
] as const;

/** Makes a token and shows it, once. */
export function NewTokenDialog({ user, onClose }: NewTokenDialogProps) {
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const create = useCreateToken();
  if (create.data !== undefined) return <Created token={create.data.token} onClose={onClose} />;
  const submit = (): void =>
    create.mutate({
      name: name.trim(),
      ...(days === "" ? {} : { expiresInMs: Number(days) * dayMs }),
      ...(user === undefined ? {} : { userId: user.id }),
    });
  return (
    <Dialog title={user === undefined ? "New token" : `New token for ${user.name}`} onClose={onClose}>
      <Field label="Name" hint="Where it is used: laptop, nightly build.">
        {(ids) => <input {...ids} className="input" value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label="Expires after">
        {(ids) => (
          <select {...ids} className="input" value={days} onChange={(event) => setDays(event.target.value)}>
            {expiries.map(([value, text]) => (
              <option key={text} value={value}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
      {create.error === null ? null : <Notice tone="red">{create.error.message}</Notice>}
      <div className="dialog__foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" disabled={name.trim() === "" || create.isPending} onClick={submit}>
          Create token
        </Button>
      </div>
    </Dialog>
  );
}

function Created({ token, onClose }: { token: string; onClose: () => void }) {
  return (
    <Dialog title="Copy the token" onClose={onClose}>
      <Notice tone="amber">This is the only time that it is shown. Whoever has it can act as this user.</Notice>
      <div className="row">
        <input
          className="input mono"
          readOnly
          aria-label="Token"
          value={token}
          onFocus={(event) => event.target.select()}
        />
        <CopyButton text={token} label="Copy the token" />
      </div>
      <p className="soft">
        With the command line: <code>glovebox login --server {location.origin}</code>
      </p>
      <div className="dialog__foot">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
