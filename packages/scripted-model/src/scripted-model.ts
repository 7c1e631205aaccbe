import type { Script } from "./script.ts";

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `turn`: the script answered it. `side`: a request beside the conversation. `other`: everything else. */
  readonly kind: "turn" | "side" | "other";
  /** Of a turn: which one of its conversation, from 0. */
  readonly turn?: number;
}

export interface ScriptedModelOptions {
  readonly script: Script;
  /** The only key that is accepted, in `x-api-key` or as a bearer token; anything else is answered 401. */
  readonly expectKey?: string;
  readonly onRequest?: (request: SeenRequest) => void;
}

export interface ScriptedModel {
  /** Starts a server on a free port of 127.0.0.1. */
  listen(): Promise<{ readonly url: string; close(): Promise<void> }>;
  /** Every request so far, in order. */
  readonly requests: readonly SeenRequest[];
}

/** A Messages API server that replays a script. */
export function createScriptedModel(_options: ScriptedModelOptions): ScriptedModel {
  throw new Error("not there yet");
}
