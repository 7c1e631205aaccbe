// An interactive terminal: its size, its input, its output and its end.
import { Sandbox } from "e2b";

const sandbox = await Sandbox.create();
try {
  const decoder = new TextDecoder();
  let output = "";
  const terminal = await sandbox.pty.create({
    cols: 80,
    rows: 24,
    envs: { GREETING: "hello" },
    onData: (data) => {
      output += decoder.decode(data, { stream: true });
    },
  });

  const type = (text: string) => sandbox.pty.sendInput(terminal.pid, new TextEncoder().encode(text));
  await type('echo "greeting=$GREETING"\n');
  await sandbox.pty.resize(terminal.pid, { cols: 120, rows: 40 });
  await type('echo "size=$(stty size)"\n');
  await type("exit\n");

  const { exitCode } = await terminal.wait();
  for (const line of output.matchAll(/^(?:greeting|size)=.*$/gm)) console.log(line[0].trim());
  console.log(`exit code ${exitCode}`);
} finally {
  await sandbox.kill();
}
