// A sandbox without a harness: write a file, run it, print its output. The sandbox is destroyed at the end.
//   node examples/sandbox-alone.ts
import { createSandbox, exec } from "@glovebox/core";
import { plainText } from "@glovebox/core/text";
import { createDockerProvider } from "@glovebox/provider-docker";

await using sandbox = await createSandbox({
  provider: createDockerProvider(),
  env: { GREETING: "Hello from inside" },
  resources: { memoryMiB: 512, pids: 64 },
});

async function* script() {
  yield Buffer.from("console.log(process.env.GREETING, require('os').networkInterfaces())\n");
}
await sandbox.files.writeStream("/workspace/hello.cjs", script());

const { stdout, exitCode } = await exec(sandbox, ["node", "hello.cjs"], { timeoutMs: 10_000 });
process.stdout.write(`${plainText(stdout)}\nexit code ${exitCode}\n`);
