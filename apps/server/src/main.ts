import { serve } from "./serve.ts";

const { env, stdout, stderr } = process;
const exitCode = await serve(process.argv.slice(2), { env, cwd: process.cwd(), stdout, stderr });
// What the end of the server has left behind, such as an image that is being built, is not waited for.
for (const stream of [stdout, stderr]) await new Promise((resolve) => stream.write("", resolve));
process.exit(exitCode);
