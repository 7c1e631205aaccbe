// Pauses a sandbox with what runs in it, finds it in the list and continues where it was.
import { Sandbox } from "e2b";

const sandbox = await Sandbox.create({ metadata: { example: `pause-${process.pid}` } });
try {
  await sandbox.files.write("note.txt", "written before the pause");
  const counter = await sandbox.commands.run("while true; do date +%s%N > beat; sleep 0.1; done", {
    background: true,
    timeoutMs: 0,
  });

  await sandbox.pause();
  console.log(`running: ${await sandbox.isRunning()}`);

  const paused = await Sandbox.list({
    query: { metadata: { example: `pause-${process.pid}` }, state: ["paused"] },
  }).nextItems();
  console.log(`paused sandboxes found: ${paused.length}`);

  const same = await Sandbox.connect(sandbox.sandboxId, { timeoutMs: 60_000 });
  console.log(`running: ${await same.isRunning()}`);
  console.log(await same.files.read("note.txt"));

  const running = await same.commands.list();
  console.log(`process survived: ${running.some(({ pid }) => pid === counter.pid)}`);
} finally {
  await sandbox.kill();
}
