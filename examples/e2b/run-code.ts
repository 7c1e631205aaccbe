// Runs code that a model might have written: a Python program with input, and a mistake that is caught.
import { CommandExitError, Sandbox } from "e2b";

const code = `
import json, sys
numbers = json.load(sys.stdin)
print(json.dumps({"sum": sum(numbers), "largest": max(numbers)}))
`;

const sandbox = await Sandbox.create({ allowInternetAccess: false });
try {
  await sandbox.files.write("main.py", code);

  const program = await sandbox.commands.run("python3 main.py", { background: true, stdin: true });
  await program.sendStdin("[3, 1, 4, 1, 5]");
  await program.closeStdin();
  const { stdout } = await program.wait();
  console.log(JSON.parse(stdout));

  await sandbox.commands.run("echo '[]' | python3 main.py");
} catch (error) {
  if (!(error instanceof CommandExitError)) throw error;
  console.log(`the program failed: ${error.stderr.trim().split("\n").at(-1)}`);
} finally {
  await sandbox.kill();
}
