import type { RunEvent } from "@glovebox/core";
import { formatBytes, formatCount, safeLine, safeName } from "@glovebox/core/text";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Ban, Check, CircleAlert, ShieldCheck } from "lucide-react";
import { useRef, useState } from "react";
import { Badge } from "../base/badge.tsx";
import { Empty } from "../base/empty.tsx";
import { Notice } from "../base/notice.tsx";
import { ScrollArea } from "../base/scroll-area.tsx";
import { Segments } from "../base/segments.tsx";
import { useShownRun } from "./run-context.ts";

type Request = Extract<RunEvent, { type: "network.request" }>;
type Filter = "all" | "denied" | "failed";

const rowHeight = 40;
const modes = {
  none: "No network: nothing goes out.",
  sealed: "Sealed: only the model and the hosts below can be reached, through the gateway.",
  standard: "Standard: package registries and the hosts below can be reached, through the gateway.",
  open: "Open: every public host can be reached.",
} as const;

/** What went out of the sandbox, and what was refused. */
export function NetworkView() {
  const { model } = useShownRun();
  const [filter, setFilter] = useState<Filter>("all");
  const requests = filter === "all" ? model.network : model.network.filter(({ decision }) => decision === filter);
  const count = (decision: Filter): number => model.network.filter((request) => request.decision === decision).length;
  if (model.network.length === 0) return <NoRequests />;
  return (
    <div className="network">
      <Policy />
      <div className="row">
        <Segments
          label="Decision"
          value={filter}
          options={[
            { value: "all", text: "All" },
            { value: "denied", text: `Refused ${count("denied")}` },
            { value: "failed", text: `Failed ${count("failed")}` },
          ]}
          onChange={setFilter}
        />
        {model.refusedMore === 0 ? null : (
          <span className="soft">and {formatCount(model.refusedMore, "refused request")} that are not listed</span>
        )}
      </div>
      <RequestList requests={requests} />
    </div>
  );
}

function NoRequests() {
  return (
    <div className="network">
      <Policy />
      <Empty icon={ShieldCheck} title="No requests yet">
        <p>Every request that leaves the sandbox, and every one that the gateway refuses, is listed here.</p>
      </Empty>
    </div>
  );
}

function Policy() {
  const { policy } = useShownRun().model;
  if (policy === undefined) return null;
  return (
    <Notice>
      <p>{modes[policy.mode]}</p>
      {policy.allow.length === 0 ? null : (
        <p className="network__hosts">
          {policy.allow.slice(0, 40).map(({ host, port, source }) => (
            <Badge key={`${host} ${port} ${source}`} title={`Allowed by ${safeLine(source, 80)}`}>
              {safeName(port === undefined ? host : `${host}:${port}`, 100)}
            </Badge>
          ))}
        </p>
      )}
    </Notice>
  );
}

function RequestList({ requests }: { requests: readonly Request[] }) {
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: requests.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 20,
  });
  return (
    <ScrollArea className="requests" ref={scroller} label="Requests">
      <ul className="requests__all" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const request = requests[index];
          return request === undefined ? null : (
            <li key={key} className="request" style={{ transform: `translateY(${start}px)` }}>
              <RequestRow request={request} />
            </li>
          );
        })}
      </ul>
    </ScrollArea>
  );
}

const decisions = {
  allowed: { icon: Check, text: "Allowed" },
  denied: { icon: Ban, text: "Refused" },
  failed: { icon: CircleAlert, text: "Failed" },
} as const;

function RequestRow({ request }: { request: Request }) {
  const { icon: Icon, text } = decisions[request.decision];
  const why = request.reason ?? (request.rule === undefined ? "" : `rule ${request.rule}`);
  return (
    <>
      <span className={`request__decision request__decision--${request.decision}`}>
        <Icon aria-hidden />
        {text}
      </span>
      <span className="mono request__method">{safeLine(request.method, 10)}</span>
      <span className="mono cut grow" title={safeLine(why, 300)}>
        {safeName(request.host, 200)}
        {request.port === 443 ? "" : `:${request.port}`}
        <span className="faint">{safeName(request.path ?? "", 300)}</span>
        {request.decision === "allowed" ? null : <span className="request__why">{safeLine(why, 160)}</span>}
      </span>
      <span className="number soft">{request.status === 0 ? "—" : request.status}</span>
      <span className="number faint request__bytes">{formatBytes(request.requestBytes + request.responseBytes)}</span>
      <span className="number faint request__bytes">{request.durationMs} ms</span>
    </>
  );
}
