// Starts several sandboxes at once, gives each a part of the work and collects the answers.
import { Sandbox } from "e2b";

const run = `many-${process.pid}`;
const parts = [1, 2, 3, 4, 5];

const sandboxes = await Promise.all(
  parts.map((part) => Sandbox.create({ metadata: { run, part: String(part) }, envs: { PART: String(part) } })),
);
try {
  const answers = await Promise.all(sandboxes.map((sandbox) => sandbox.commands.run("echo $((PART * PART))")));
  console.log(`squares ${answers.map(({ stdout }) => stdout.trim()).join(" ")}`);

  const found = [];
  const paginator = Sandbox.list({ query: { metadata: { run } }, limit: 2 });
  while (paginator.hasNext) found.push(...(await paginator.nextItems()));
  console.log(`listed ${found.length} in pages of 2`);
} finally {
  const killed = await Promise.all(sandboxes.map((sandbox) => sandbox.kill()));
  console.log(`killed ${killed.filter(Boolean).length}`);
}
