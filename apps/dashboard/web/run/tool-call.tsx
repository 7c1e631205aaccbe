import { formatDuration, safeLine } from "@glovebox/core/text";
import { Check, ChevronRight, LoaderCircle, Minus, X } from "lucide-react";
import type { ToolItem } from "../model/conversation-item.ts";
import { useIsOpen } from "./open-items.ts";
import { toolIcon } from "./tool-icon.ts";
import { ToolInput } from "./tool-input.tsx";
import { ToolOutput } from "./tool-output.tsx";
import { toolSummary } from "./tool-summary.ts";

/** A tool call on one line; unfolded, with its input and its output. */
export function ToolCall({ item }: { item: ToolItem }) {
  const [isOpen, toggle] = useIsOpen(item.key);
  const Icon = toolIcon(item.name);
  return (
    <div className={`fold fold--${item.status}`}>
      <button type="button" className="fold__head" aria-expanded={isOpen} onClick={toggle}>
        <ChevronRight aria-hidden className="fold__arrow" />
        <Icon aria-hidden />
        <span className="tool__name">{safeLine(item.name, 60)}</span>
        <span className="tool__summary mono cut">{toolSummary(item.input)}</span>
        <span className="tool__time faint number">{durationOf(item)}</span>
        <StatusIcon status={item.status} />
      </button>
      {isOpen ? (
        <div className="fold__body">
          <ToolInput input={item.input} />
          <ToolOutput item={item} />
        </div>
      ) : null}
    </div>
  );
}

function durationOf({ at, endedAt }: ToolItem): string {
  return endedAt === undefined ? "" : formatDuration(Math.max(0, Date.parse(endedAt) - Date.parse(at)));
}

const statuses = {
  running: { icon: LoaderCircle, text: "Running" },
  ok: { icon: Check, text: "Done" },
  error: { icon: X, text: "Failed" },
  interrupted: { icon: Minus, text: "Interrupted" },
} as const;

function StatusIcon({ status }: Pick<ToolItem, "status">) {
  const { icon: Icon, text } = statuses[status];
  return (
    <span className={`tool__status tool__status--${status}`} title={text}>
      <Icon aria-hidden className={status === "running" ? "spin" : ""} />
      <span className="only-for-readers">{text}</span>
    </span>
  );
}
