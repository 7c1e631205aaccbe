import type { User } from "@glovebox/client";
import { useState } from "react";
import { Button } from "../base/button.tsx";
import { Dialog } from "../base/dialog.tsx";
import { Field } from "../base/field.tsx";
import { Notice } from "../base/notice.tsx";
import { useChangeUser } from "../data/users.ts";

/** Sets how many runs of a user run at once, and what they may cost in a day. */
export function LimitsDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [runs, setRuns] = useState(String(user.limits.concurrentRuns ?? ""));
  const [budget, setBudget] = useState(String(user.limits.budgetUsdPerDay ?? ""));
  const change = useChangeUser();
  const save = (): void => {
    const limits = {
      ...(runs === "" ? {} : { concurrentRuns: Number(runs) }),
      ...(budget === "" ? {} : { budgetUsdPerDay: Number(budget) }),
    };
    change.mutate({ id: user.id, limits }, { onSuccess: onClose });
  };
  return (
    <Dialog title={`Limits of ${user.name}`} onClose={onClose}>
      <Field label="Runs at once" hint="Further runs wait in the queue. Empty: no limit.">
        {(ids) => (
          <input
            {...ids}
            className="input"
            type="number"
            min={0}
            value={runs}
            onChange={(event) => setRuns(event.target.value)}
          />
        )}
      </Field>
      <Field label="Budget per day, US dollars" hint="No run starts once it is spent. Empty: no limit.">
        {(ids) => (
          <input
            {...ids}
            className="input"
            type="number"
            min={0}
            step="0.01"
            value={budget}
            onChange={(event) => setBudget(event.target.value)}
          />
        )}
      </Field>
      {change.error === null ? null : <Notice tone="red">{change.error.message}</Notice>}
      <div className="dialog__foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" disabled={change.isPending} onClick={save}>
          Save
        </Button>
      </div>
    </Dialog>
  );
}
