import type { AuditEntry } from "@glovebox/client";
import { safeLine } from "@glovebox/core/text";
import { ScrollText } from "lucide-react";
import { useState } from "react";
import { Button } from "../base/button.tsx";
import { Empty } from "../base/empty.tsx";
import { Notice } from "../base/notice.tsx";
import { ScrollArea } from "../base/scroll-area.tsx";
import { Skeleton } from "../base/skeleton.tsx";
import { useAudit } from "../data/audit.ts";
import { useUserNames } from "../data/users.ts";
import { Page } from "../shell/page.tsx";
import { RelativeTime } from "../text/relative-time.tsx";

/** Who changed what, and from where. */
export function AuditPage() {
  const [action, setAction] = useState("");
  const audit = useAudit(action.trim());
  const entries = audit.data?.pages.flatMap((page) => page.entries);
  return (
    <Page title="Audit" about="Every change of the server's state: who made it, when, and from where.">
      <input
        className="input audit__filter"
        type="search"
        aria-label="Action"
        placeholder="Action, for example run.create"
        value={action}
        onChange={(event) => setAction(event.target.value)}
      />
      {entries === undefined && audit.error !== null ? <Notice tone="red">{audit.error.message}</Notice> : null}
      {entries === undefined && audit.error === null ? <Skeleton lines={8} /> : null}
      {entries === undefined ? null : <Entries entries={entries} />}
      {audit.hasNextPage ? (
        <div>
          <Button disabled={audit.isFetchingNextPage} onClick={() => audit.fetchNextPage()}>
            Show older
          </Button>
        </div>
      ) : null}
    </Page>
  );
}

function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  const names = useUserNames();
  if (entries.length === 0) return <Empty icon={ScrollText} title="No entries" />;
  return (
    <ScrollArea className="card table-scroll no-shrink" label="Entries">
      <table className="table">
        <thead>
          <tr>
            {["When", "User", "Action", "Target", "Detail", "Address"].map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td className="faint">
                <RelativeTime at={entry.at} />
              </td>
              <td>{entry.userId === undefined ? "—" : safeLine(names.get(entry.userId) ?? entry.userId, 40)}</td>
              <td className="mono">{safeLine(entry.action, 40)}</td>
              <td className="mono faint">{safeLine(entry.target ?? "", 40)}</td>
              <td className="mono faint cut audit__detail" title={safeLine(JSON.stringify(entry.detail), 1000)}>
                {Object.keys(entry.detail).length === 0 ? "" : safeLine(JSON.stringify(entry.detail), 90)}
              </td>
              <td className="mono faint">{safeLine(entry.address, 60)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
