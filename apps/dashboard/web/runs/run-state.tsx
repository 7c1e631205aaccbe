import type { Run } from "@glovebox/client";
import { formatDuration } from "@glovebox/core/text";
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDollarSign,
  CircleHelp,
  CircleX,
  Clock,
  LoaderCircle,
  type LucideIcon,
  TimerOff,
} from "lucide-react";
import { Badge, type Tone } from "../base/badge.tsx";
import { useNow } from "../text/relative-time.tsx";

interface StateLook {
  readonly text: string;
  readonly icon: LucideIcon;
  readonly tone?: Tone;
  /** For somebody who sees the word for the first time. */
  readonly about: string;
}

const outcomes: Readonly<Record<string, StateLook>> = {
  succeeded: { text: "Succeeded", icon: CircleCheck, tone: "green", about: "The agent finished its task" },
  failed: { text: "Failed", icon: CircleX, tone: "red", about: "The agent or the run failed; the reason says why" },
  cancelled: { text: "Cancelled", icon: Ban, about: "A user stopped the run" },
  "timed-out": { text: "Timed out", icon: TimerOff, tone: "amber", about: "The run reached its time limit" },
  "budget-exceeded": {
    text: "Over budget",
    icon: CircleDollarSign,
    tone: "amber",
    about: "The run reached its cost limit",
  },
  lost: {
    text: "Lost",
    icon: CircleHelp,
    tone: "red",
    about: "The worker disappeared and the run could not be recovered",
  },
};
const queued: StateLook = { text: "Queued", icon: CircleDashed, about: "Waiting for a free worker" };
const running: StateLook = { text: "Running", icon: LoaderCircle, tone: "blue", about: "The agent is working" };
const stalled: StateLook = { text: "Stalled", icon: Clock, tone: "amber", about: "The run makes no progress" };

type Stateful = Pick<Run, "state" | "outcome" | "stalledSince">;

export function lookOf({ state, outcome, stalledSince }: Stateful): StateLook {
  if (state === "queued") return queued;
  if (state === "running") return stalledSince === undefined ? running : stalled;
  return outcomes[outcome ?? "lost"] ?? { text: outcome ?? "Ended", icon: CircleHelp, about: "The run has ended" };
}

/** An icon for the state of a run; its meaning is there for screen readers and on hover. */
export function StateIcon({ run }: { run: Stateful }) {
  const { icon: Icon, text, about, tone } = lookOf(run);
  return (
    <span className={`state-icon state-icon--${tone ?? "plain"}`} title={`${text}: ${about}`}>
      <Icon aria-hidden className={Icon === LoaderCircle ? "spin" : ""} />
      <span className="only-for-readers">{text}</span>
    </span>
  );
}

export function StateBadge({ run }: { run: Stateful }) {
  const { icon: Icon, text, about, tone } = lookOf(run);
  return (
    <Badge tone={tone} title={about}>
      <Icon aria-hidden className={Icon === LoaderCircle ? "spin" : ""} />
      {text}
    </Badge>
  );
}

/** How long the run took, or has taken until now. */
export function RunDuration({ run }: { run: Run }) {
  if (run.startedAt === undefined) return <span className="faint">—</span>;
  if (run.state === "running") return <GrowingDuration since={run.startedAt} />;
  const end = run.endedAt ?? run.startedAt;
  return (
    <span className="number">{formatDuration(run.durationMs ?? Date.parse(end) - Date.parse(run.startedAt))}</span>
  );
}

function GrowingDuration({ since }: { since: string }) {
  const now = useNow(1_000);
  return (
    <span className="number">{formatDuration(Math.max(0, Math.floor((now - Date.parse(since)) / 1000) * 1000))}</span>
  );
}
