import type { RunPlace } from "../run/run-place.ts";
import type { Terminal } from "../terminal.ts";
import { RemoteRuns } from "./remote-runs.ts";

/** A server, by its address. What a command does not use is not loaded. */
export function remotePlace(url: string, terminal: Terminal): RunPlace {
  const runs = new RemoteRuns(url, terminal);
  return {
    runs,
    start: async (input) => {
      const { runOnServer } = await import("./run-on-server.ts");
      return await runOnServer(input, runs);
    },
    resume: async (words, input) => {
      const { resumeOnServer } = await import("./resume-on-server.ts");
      return await resumeOnServer(words, input, runs);
    },
    fork: async (input) => {
      const { forkOnServer } = await import("./fork-on-server.ts");
      return await forkOnServer(input, runs);
    },
    attach: async (options) => {
      const { attachOnServer } = await import("./attach-on-server.ts");
      return await attachOnServer(options, runs);
    },
    copy: async (request) => {
      const { copyFromServer } = await import("./copy-from-server.ts");
      return await copyFromServer(request, runs);
    },
  };
}
