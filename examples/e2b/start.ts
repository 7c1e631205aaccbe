// Starts a sandbox, runs a command in it and throws it away.
import { Sandbox } from "e2b";

const sandbox = await Sandbox.create({ timeoutMs: 60_000, metadata: { example: "start" } });
try {
  const { sandboxId, state, templateId } = await sandbox.getInfo();
  console.log(`Sandbox ${sandboxId} of ${templateId} is ${state}`);

  const hello = await sandbox.commands.run('echo "Hello from E2B!"');
  console.log(hello.stdout.trim());

  const who = await sandbox.commands.run("whoami && pwd");
  console.log(who.stdout.trim().split("\n").join(" in "));
} finally {
  console.log(`Killed: ${await sandbox.kill()}`);
}
