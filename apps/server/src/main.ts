import { serve } from "./serve.ts";

const { env, stdout, stderr } = process;
const exitCode = await serve(process.argv.slice(2), { env, cwd: process.cwd(), stdout, stderr });
// Work that outlives the server, such as an image that is being built, is not awaited.
for (const stream of [stdout, stderr]) await new Promise((resolve) => stream.write("", resolve));
process.exit(exitCode);
