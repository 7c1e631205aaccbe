import type { RunEventBody } from "../../events/run-event.ts";

/** The code of the warning that a share is used up. */
export const journalFullCode = "journal-full";

/** How full the journal may be before events of a kind are not written any more. */
export interface Share {
  /** A part of the journal's limit. */
  readonly of: number;
  /** What is so from there on, for people. */
  readonly message: string;
}

/** What whoever is inside can say as much of as they like. */
const words: Share = { of: 1 / 2, message: "some of what the harness says is left out from here on" };
/** What the host reports about a run: each line for a cause that something inside may bring about again and again. */
const notices: Share = { of: 5 / 8, message: "some notices and figures are left out from here on" };
/** Above everything that can be produced inside: nobody gets a request past the record by filling the journal. */
const requests: Share = { of: 15 / 16, message: "egress was closed, and nothing goes out from here on" };
/** A run has a few of them. The rest is for requests that are in flight when egress is closed. */
const always: Share = { of: 1, message: "some of the run's own events are left out from here on" };

/** Each kind of event has its share: a new kind does not compile without one. */
export const shares: { readonly [type in RunEventBody["type"]]: Share } = {
  "text.delta": words,
  "reasoning.delta": words,
  "message.end": words,
  "tool.start": words,
  "tool.end": words,
  "harness.session": words,
  "harness.retry": words,
  "harness.compaction": words,
  "harness.raw": words,
  "harness.result": notices,
  usage: notices,
  "run.progress": notices,
  "run.stalled": notices,
  warning: notices,
  error: notices,
  "components.installed": notices,
  "network.policy": always,
  "network.request": requests,
  "network.refused": requests,
  "run.state": always,
  "sandbox.created": always,
  "terminal.start": always,
  "terminal.end": always,
  "files.collected": always,
  "run.end": always,
};
