import { connect } from "./connection/connect.ts";
import { runFileOperation } from "./files/run-file-operation.ts";
import { serve } from "./serve.ts";

const [, , mode, operation] = process.argv;

async function main(): Promise<void> {
  if (mode === "serve") return serve();
  if (mode === "connect") return connect();
  if (mode === "files") return runFileOperation(operation ?? "");
  throw new Error("usage: supervisor.cjs serve | connect");
}

main().catch((error: unknown) => {
  console.error(`glovebox-supervisor: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
