import type { Token } from "@glovebox/client";
import { safeLine } from "@glovebox/core/text";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { Button } from "../base/button.tsx";
import { QueryState } from "../base/query-state.tsx";
import { ScrollArea } from "../base/scroll-area.tsx";
import { useRevokeToken, useTokens } from "../data/tokens.ts";
import { RelativeTime } from "../text/relative-time.tsx";
import { NewTokenDialog } from "./new-token-dialog.tsx";
import { SettingsCard } from "./settings-card.tsx";

/** The tokens with which programs and the command line log in. */
export function TokensSection() {
  const tokens = useTokens();
  const [isOpen, setOpen] = useState(false);
  return (
    <SettingsCard
      title="Tokens"
      action={
        <Button isSmall icon={<KeyRound />} onClick={() => setOpen(true)}>
          New token
        </Button>
      }
    >
      <QueryState query={tokens}>
        {(list) => <TokenTable tokens={list.filter((token) => !token.revokedAt)} />}
      </QueryState>
      {isOpen ? <NewTokenDialog onClose={() => setOpen(false)} /> : null}
    </SettingsCard>
  );
}

function TokenTable({ tokens }: { tokens: readonly Token[] }) {
  const revoke = useRevokeToken();
  if (tokens.length === 0) {
    return <p className="pad soft">No tokens. Create one to use `glovebox --server`, curl or the typed client.</p>;
  }
  return (
    <ScrollArea className="table-scroll" label="Tokens">
      <table className="table">
        <thead>
          <tr>
            <th>Name</th>
            <th>Token</th>
            <th>Last used</th>
            <th>Expires</th>
            <th>
              <span className="only-for-readers">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map(({ id, name, prefix, lastUsedAt, expiresAt }) => (
            <tr key={id}>
              <td>{safeLine(name, 60)}</td>
              <td className="mono faint">{safeLine(prefix, 20)}…</td>
              <td className="soft">{lastUsedAt === undefined ? "never" : <RelativeTime at={lastUsedAt} />}</td>
              <td className="soft">{expiresAt === undefined ? "never" : <RelativeTime at={expiresAt} />}</td>
              <td className="right">
                <Button isSmall look="danger" disabled={revoke.isPending} onClick={() => revoke.mutate(id)}>
                  Revoke
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
