// A sandbox without a harness: write a file, run a command on it, read its output, throw the sandbox away.
//   node examples/sandbox-alone.ts
import { ownerLabel, runLabel } from "@glovebox/core/provider";
import { createDockerProvider } from "@glovebox/provider-docker";

const provider = createDockerProvider();
const template = await provider.prepare({ base: { kind: "default" }, layers: [] });
await using sandbox = await provider.create({
  template,
  labels: { [ownerLabel]: "example", [runLabel]: `example-${process.pid}` },
  ttlMs: 60_000,
  env: { GREETING: "Hello from inside" },
  resources: { memoryMiB: 512, pids: 64 },
  egress: { mode: "none", models: [] },
  idempotencyKey: `example-${process.pid}`,
});

async function* script() {
  yield Buffer.from("console.log(process.env.GREETING, require('os').networkInterfaces())\n");
}
await sandbox.files.writeStream("/workspace/hello.cjs", script());

const hello = await sandbox.spawn(["node", "hello.cjs"]);
for await (const chunk of hello.output) if ("bytes" in chunk) process.stdout.write(chunk.bytes);
process.stdout.write(`${JSON.stringify(await hello.exit)}\n`);
