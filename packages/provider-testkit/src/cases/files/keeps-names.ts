import assert from "node:assert/strict";
import { makeTar } from "../../archives/make-tar.ts";
import { readTar } from "../../archives/read-tar.ts";
import { pieces } from "../../bytes/pieces.ts";
import { readAll } from "../../bytes/read-all.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { runNode } from "../../in-sandbox/run-node.ts";
import { nastyNames } from "./nasty-names.ts";

const namesAndContents = `const fs = require("node:fs"); process.chdir(process.argv[1]);
  console.log(JSON.stringify(fs.readdirSync(".").sort().map((name) => [name, fs.readFileSync("./" + name, "utf8")])));`;

export const keepsNames: ConformanceCase = {
  name: "files/keeps-names",
  title: "Writes, lists, reads, moves, archives and removes a file of any legal name",
  timeoutMs: 180_000,
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    const files = sandbox.files;
    await Promise.all(nastyNames.map((name) => files.writeStream(`${directory}/in/${name}`, pieces(name))));
    const expected = [...nastyNames].sort().map((name) => [name, name]);
    assert.deepEqual(JSON.parse(await runNode(sandbox, namesAndContents, [`${directory}/in`])), expected);

    const listed = await files.list(`${directory}/in`);
    assert.deepEqual(listed.map(({ path }) => path).sort(), nastyNames.map((name) => `${directory}/in/${name}`).sort());
    await Promise.all(
      nastyNames.map(async (name) => {
        const path = `${directory}/in/${name}`;
        assert.equal((await files.stat(path))?.path, path);
        assert.equal((await readAll(await files.readStream(path))).toString("utf8"), name);
      }),
    );
    const archive = await readTar(await files.getArchive(`${directory}/in`));
    assert.deepEqual([...archive.keys()].sort(), [...nastyNames].sort());

    const tar = await makeTar(nastyNames.map((name) => ({ name, content: name })));
    await files.putArchive(`${directory}/out`, pieces(tar));
    assert.deepEqual(JSON.parse(await runNode(sandbox, namesAndContents, [`${directory}/out`])), expected);

    await files.makeDirectory(`${directory}/moved`);
    await Promise.all(nastyNames.map((name) => files.move(`${directory}/in/${name}`, `${directory}/moved/${name}`)));
    assert.deepEqual(JSON.parse(await runNode(sandbox, namesAndContents, [`${directory}/moved`])), expected);
    await Promise.all(nastyNames.map((name) => files.remove(`${directory}/moved/${name}`)));
    assert.deepEqual(await files.list(`${directory}/moved`), []);
  },
};
