import type { User } from "@glovebox/client";
import { safeLine } from "@glovebox/core/text";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { Button } from "../base/button.tsx";
import { QueryState } from "../base/query-state.tsx";
import { ScrollArea } from "../base/scroll-area.tsx";
import { showToast } from "../base/toasts.tsx";
import { useMe } from "../data/me.ts";
import { useChangeUser, useUsers } from "../data/users.ts";
import { formatMoney } from "../text/format-money.ts";
import { LimitsDialog } from "./limits-dialog.tsx";
import { NewTokenDialog } from "./new-token-dialog.tsx";
import { NewUserDialog } from "./new-user-dialog.tsx";
import { SettingsCard } from "./settings-card.tsx";

type OpenDialog = { readonly kind: "new" } | { readonly kind: "token" | "limits"; readonly user: User };

/** Who may use the server, and what each may do. */
export function UsersSection() {
  const users = useUsers();
  const [dialog, setDialog] = useState<OpenDialog>();
  const close = (): void => setDialog(undefined);
  return (
    <SettingsCard
      title="Users"
      action={
        <Button isSmall icon={<UserPlus />} onClick={() => setDialog({ kind: "new" })}>
          New user
        </Button>
      }
    >
      <QueryState query={users}>{(list) => <UserTable users={list} onOpen={setDialog} />}</QueryState>
      {dialog?.kind === "new" ? (
        <NewUserDialog onClose={close} onCreated={(user) => setDialog({ kind: "token", user })} />
      ) : null}
      {dialog?.kind === "token" ? <NewTokenDialog user={dialog.user} onClose={close} /> : null}
      {dialog?.kind === "limits" ? <LimitsDialog user={dialog.user} onClose={close} /> : null}
    </SettingsCard>
  );
}

function UserTable({ users, onOpen }: { users: readonly User[]; onOpen: (dialog: OpenDialog) => void }) {
  return (
    <ScrollArea className="table-scroll" label="Users">
      <table className="table">
        <thead>
          <tr>
            <th>Name</th>
            <th>Role</th>
            <th>Limits</th>
            <th>
              <span className="only-for-readers">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <UserRow key={user.id} user={user} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function UserRow({ user, onOpen }: { user: User; onOpen: (dialog: OpenDialog) => void }) {
  const me = useMe();
  const change = useChangeUser();
  const isDisabled = user.disabledAt !== undefined;
  const isSelf = me.user.id === user.id;
  const apply = (changes: { role?: User["role"]; disabled?: boolean }): void =>
    change.mutate({ id: user.id, ...changes }, { onError: (error) => showToast(error.message, { isError: true }) });
  return (
    <tr>
      <td className={isDisabled ? "faint" : ""}>
        {safeLine(user.name, 60)}
        {isSelf ? <span className="faint"> (you)</span> : null}
        {isDisabled ? " (disabled)" : null}
      </td>
      <td>
        <select
          className="input user__role"
          aria-label={`Role of ${safeLine(user.name, 60)}`}
          value={user.role}
          disabled={isSelf}
          onChange={(event) => apply({ role: event.target.value as User["role"] })}
        >
          <option value="viewer">viewer</option>
          <option value="runner">runner</option>
          <option value="admin">admin</option>
        </select>
      </td>
      <td>
        <Button isSmall look="quiet" onClick={() => onOpen({ kind: "limits", user })}>
          {limitsText(user.limits)}
        </Button>
      </td>
      <td className="right">
        <span className="row user__actions">
          <Button isSmall onClick={() => onOpen({ kind: "token", user })}>
            New token
          </Button>
          <Button isSmall look="danger" disabled={isSelf} onClick={() => apply({ disabled: !isDisabled })}>
            {isDisabled ? "Enable" : "Disable"}
          </Button>
        </span>
      </td>
    </tr>
  );
}

function limitsText({ concurrentRuns, budgetUsdPerDay }: User["limits"]): string {
  const parts = [
    concurrentRuns === undefined ? undefined : `${concurrentRuns} at once`,
    budgetUsdPerDay === undefined ? undefined : `${formatMoney(budgetUsdPerDay)} a day`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "None" : parts.join(", ");
}
