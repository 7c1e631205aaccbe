import { text } from "node:stream/consumers";
import { parseEnvdConfig } from "./envd-config.ts";
import { createEnvdServer } from "./envd-server.ts";
import { EnvdState } from "./envd-state.ts";
import { markSandbox } from "./mark-sandbox.ts";

async function main(): Promise<void> {
  const config = parseEnvdConfig(await text(process.stdin));
  // Of files and directories that are made here: what E2B's own makes has the same rights.
  process.umask(0o022);
  // A host that no longer reads is no reason to end.
  for (const side of [process.stdout, process.stderr]) side.on("error", () => {});
  // A fault in one request does not end what serves all of them: whoever waits for that one sees it break off.
  process.on("uncaughtException", (error) => console.error(`envd: ${error.stack}`));
  const state = new EnvdState(config);
  markSandbox(state);
  const server = createEnvdServer(state);
  server.once("error", (error) => {
    console.error(`envd: ${error.message}`);
    process.exit(1);
  });
  server.listen(config.port, "0.0.0.0", () => process.stdout.write("ready\n"));
}

main().catch((error: unknown) => {
  console.error(`envd: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
