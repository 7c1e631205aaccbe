import type { User } from "@glovebox/client";
import { useState } from "react";
import { Button } from "../base/button.tsx";
import { Dialog } from "../base/dialog.tsx";
import { Field } from "../base/field.tsx";
import { Notice } from "../base/notice.tsx";
import { useCreateUser } from "../data/users.ts";

interface NewUserDialogProps {
  readonly onClose: () => void;
  readonly onCreated: (user: User) => void;
}

const roles = [
  ["viewer", "viewer: looks at runs"],
  ["runner", "runner: also starts runs and manages its own"],
  ["admin", "admin: does everything"],
] as const;

/** Adds a user, who logs in with the token that is created next. */
export function NewUserDialog({ onClose, onCreated }: NewUserDialogProps) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<User["role"]>("runner");
  const create = useCreateUser();
  return (
    <Dialog title="New user" onClose={onClose}>
      <Field label="Name">
        {(ids) => <input {...ids} className="input" value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label="Role">
        {(ids) => (
          <select
            {...ids}
            className="input"
            value={role}
            onChange={(event) => setRole(event.target.value as User["role"])}
          >
            {roles.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
      {create.error === null ? null : <Notice tone="red">{create.error.message}</Notice>}
      <div className="dialog__foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          disabled={name.trim() === "" || create.isPending}
          onClick={() => create.mutate({ name: name.trim(), role }, { onSuccess: onCreated })}
        >
          Create user
        </Button>
      </div>
    </Dialog>
  );
}
