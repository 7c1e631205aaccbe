import type { CallOptions } from "@glovebox/core/provider";
import type { StartOptions } from "@glovebox/provider-kit";
import type { Sandbox } from "e2b";

/** A running sandbox whose supervisor can be reached. */
export interface SandboxSession {
  /** The SDK's object. */
  readonly handle: Sandbox;
  /** The token of the supervisor's endpoint. */
  readonly token: string;
}

/** How a sandbox is reached and started: a new one, one of an earlier `create`, or one that `connect` found. */
export interface SandboxAccess {
  open(call: CallOptions): Promise<SandboxSession>;
  start(options: StartOptions): Promise<SandboxSession>;
  undoStart?(): Promise<void>;
}
