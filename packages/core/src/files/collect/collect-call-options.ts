import type { CallOptions } from "../../provider/call-options.ts";
import type { CollectOptions } from "./collect-workspace.ts";

/** The options of a call to the sandbox during a collection. */
export function callOptions(options: CollectOptions): CallOptions {
  return options.signal === undefined ? {} : { signal: options.signal };
}
