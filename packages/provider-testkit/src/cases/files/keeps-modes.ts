import assert from "node:assert/strict";
import { makeTar } from "../../archives/make-tar.ts";
import { readTar } from "../../archives/read-tar.ts";
import { pieces } from "../../bytes/pieces.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runShell } from "../../in-sandbox/run-shell.ts";

const modes = [0o644, 0o755, 0o600, 0o444, 0o000, 0o1777, 0o4755, 0o2755];
const octal = (mode: number): string => mode.toString(8);

export const keepsModes: ConformanceCase = {
  name: "files/keeps-modes",
  title: "Keeps a given mode, uses 644 by default, and keeps modes in archives in both directions",
  timeoutMs: 180_000,
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const files = sandbox.files;
    await Promise.all(
      modes.map((mode) => files.writeStream(`${directory}/in/${octal(mode)}`, pieces(octal(mode)), { mode })),
    );
    await files.writeStream(`${directory}/in/none`, pieces("none"));
    const expected = [...modes.map((mode): [string, number] => [octal(mode), mode]), ["none", 0o644] as const];
    for (const [name, mode] of expected) {
      assert.equal((await files.stat(`${directory}/in/${name}`))?.mode, mode, name);
      assert.equal(await runShell(sandbox, "stat -c %a -- $1", [`${directory}/in/${name}`]), `${octal(mode)}\n`);
    }
    await files.writeStream(`${directory}/in/none`, pieces("again"), { mode: 0o700 });
    assert.equal((await files.stat(`${directory}/in/none`))?.mode, 0o700, "a file that is replaced gets the mode");

    const out = await readTar(await files.getArchive(`${directory}/in`));
    for (const mode of modes.filter((one) => (one & 0o400) !== 0)) assert.equal(out.get(octal(mode))?.mode, mode);
    // The library that makes the archive takes a mode of 0 for none.
    const archived = modes.filter((mode) => mode !== 0);
    const entries = archived.map((mode) => ({ name: octal(mode), mode, content: "x" }));
    const locked = { name: "directory", type: "directory", mode: 0o750 } as const;
    await files.putArchive(`${directory}/out`, pieces(await makeTar([locked, ...entries])));
    for (const mode of archived) assert.equal((await files.stat(`${directory}/out/${octal(mode)}`))?.mode, mode);
    assert.equal((await files.stat(`${directory}/out/directory`))?.mode, 0o750);
  },
};
