import { serve } from "./serve.ts";

process.exitCode = await serve(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
});
