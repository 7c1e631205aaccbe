// Shows a command's output while it runs, and what a command that fails leaves behind.
import { CommandExitError, Sandbox } from "e2b";

const sandbox = await Sandbox.create();
try {
  const result = await sandbox.commands.run(
    'for i in 1 2 3; do echo "step $i"; sleep 0.2; done; echo "a warning" >&2',
    {
      onStdout: (data) => console.log(`[stdout] ${data.trim()}`),
      onStderr: (data) => console.log(`[stderr] ${data.trim()}`),
    },
  );
  console.log(`exit code ${result.exitCode}`);

  await sandbox.commands.run("echo partly done; exit 3");
} catch (error) {
  if (!(error instanceof CommandExitError)) throw error;
  console.log(`failed with ${error.exitCode} after "${error.stdout.trim()}"`);
} finally {
  await sandbox.kill();
}
