import type { RunEvent } from "@glovebox/core";
import { Conversation } from "./conversation.ts";
import { ModelUsage } from "./model-usage.ts";
import { Phases } from "./phases.ts";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;

/** Everything that a run's page shows of its events. Events are added once, in order; whoever draws it asks for `version`. */
export class RunModel {
  readonly conversation = new Conversation();
  readonly phases = new Phases();
  readonly usage = new ModelUsage();
  readonly network: EventOf<"network.request">[] = [];
  /** Requests that were refused without an event each. */
  refusedMore = 0;
  policy: EventOf<"network.policy"> | undefined;
  sandbox: EventOf<"sandbox.created"> | undefined;
  session: EventOf<"harness.session"> | undefined;
  components: EventOf<"components.installed"> | undefined;
  progress: EventOf<"run.progress"> | undefined;
  end: EventOf<"run.end"> | undefined;
  /** The process whose terminal is open. */
  terminal: string | undefined;
  lastSeq = 0;
  /** Changes with every event. */
  version = 0;

  push(event: RunEvent): void {
    // A stream that resumes may repeat what it sent.
    if (event.seq <= this.lastSeq) return;
    this.lastSeq = event.seq;
    this.version += 1;
    this.conversation.push(event);
    this.phases.push(event);
    this.usage.push(event);
    this.#keep(event);
  }

  #keep(event: RunEvent): void {
    switch (event.type) {
      case "network.request":
        this.network.push(event);
        break;
      case "network.refused":
        this.refusedMore += event.count;
        break;
      case "network.policy":
        this.policy = event;
        break;
      case "sandbox.created":
        this.sandbox = event;
        break;
      case "harness.session":
        this.session = event;
        break;
      case "components.installed":
        this.components = event;
        break;
      default:
        this.#keepState(event);
    }
  }

  #keepState(event: RunEvent): void {
    if (event.type === "run.progress") this.progress = event;
    else if (event.type === "run.state") this.progress = undefined;
    else if (event.type === "terminal.start") this.terminal = event.processId;
    else if (event.type === "terminal.end") this.terminal = undefined;
    else if (event.type === "run.end") this.end = event;
  }
}
