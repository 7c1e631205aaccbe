import type { HarnessPlugin } from "@glovebox/core/harness";
import { createSmallAgent } from "../../../../examples/third-party-harness/src/small-agent.ts";

const directory = "/home/agent/.small-agent";

const prices = {
  asOf: "2026-11-30",
  models: [{ modelPrefix: "claude-", inputUsd: 3, outputUsd: 15, cacheReadUsd: 0.3, cacheWriteUsd: 3.75 }],
};

/** The small agent with prices, and with a conversation that a further run continues, although the agent reads nothing of it. */
export const harness: HarnessPlugin = {
  specificationVersion: 1,
  kind: "harness",
  create: () => {
    const agent = createSmallAgent();
    return {
      ...agent,
      sessions: { directory },
      endpoints: agent.endpoints.map((endpoint) => ({ ...endpoint, prices })),
      command: (task) => {
        const command = agent.command(task);
        const remember = `mkdir -p ${directory} && echo said >> ${directory}/conversation && exec "$@"`;
        return { ...command, argv: ["/bin/sh", "-c", remember, "sh", ...command.argv] };
      },
    };
  },
};
