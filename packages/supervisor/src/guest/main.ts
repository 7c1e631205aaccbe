import { connect } from "./connect.ts";
import { runFileOperation } from "./files/run-file-operation.ts";
import { serve } from "./serve.ts";

const [, , mode, operation] = process.argv;

try {
  if (mode === "serve") await serve();
  else if (mode === "connect") await connect();
  else if (mode === "files") await runFileOperation(operation ?? "");
  else throw new Error("usage: supervisor.js serve | connect");
} catch (error) {
  console.error(`glovebox-supervisor: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
  process.exit();
}
