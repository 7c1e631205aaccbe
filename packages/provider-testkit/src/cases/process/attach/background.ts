import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { collectOutput } from "../../../in-sandbox/collect-output.ts";

export const background: ConformanceCase = {
  name: "process/background",
  title: "Keeps a detached process alive after its handle closes; another controller can read, feed and end it",
  async run({ create, newProvider }) {
    const sandbox = await create();
    const script = "echo early; read line; echo $line; exit 6";
    const process = await sandbox.spawn(["sh", "-c", script], { stdin: "open", output: "detached", tag: "reader" });
    await sandbox.close();
    const other = await newProvider().connect(sandbox.id);
    try {
      const [found] = (await other.processes()).filter(({ tag }) => tag === "reader");
      assert.equal(found?.id, process.id);
      assert.equal(found?.exit, undefined, "It runs on");
      const attached = await other.attach(process.id, 0);
      await attached.write(Buffer.from("late\n"));
      const { stdout, exit } = await collectOutput(attached);
      assert.equal(stdout.toString(), "early\nlate\n");
      assert.deepEqual(exit, { exitCode: 6, reason: "exited" });
    } finally {
      await other.close();
    }
  },
};
