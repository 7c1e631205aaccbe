import { supervisorModes } from "../supervisor-paths.ts";

const [, , mode = "", operation = ""] = process.argv;

/** Each is loaded by itself: most starts of this file are a helper's or a bridge's, which need little of it. */
const modes: Readonly<Record<string, () => Promise<void>>> = {
  [supervisorModes.serve]: async () => (await import("./serve.ts")).serve(),
  [supervisorModes.connect]: async () => (await import("./connection/connect.ts")).connect(),
  [supervisorModes.prepare]: async () => (await import("./prepare/prepare.ts")).prepare(),
  files: async () => (await import("./files/run-file-operation.ts")).runFileOperation(operation),
};

async function main(): Promise<void> {
  const run = modes[mode];
  if (run === undefined) throw new Error(`usage: supervisor.cjs ${Object.values(supervisorModes).join(" | ")}`);
  return run();
}

main().catch((error: unknown) => {
  console.error(`glovebox-supervisor: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
