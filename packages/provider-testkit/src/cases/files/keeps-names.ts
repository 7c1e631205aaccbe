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
  title: "A file of any legal name is written, listed, read, moved, archived both ways and removed",
  timeoutMs: 180_000,
  async run(context) {
    const sandbox = await context.shared();
    const folder = await context.folder(sandbox);
    const files = sandbox.files;
    await Promise.all(nastyNames.map((name) => files.writeStream(`${folder}/in/${name}`, pieces(name))));
    const expected = [...nastyNames].sort().map((name) => [name, name]);
    assert.deepEqual(JSON.parse(await runNode(sandbox, namesAndContents, [`${folder}/in`])), expected);

    const listed = await files.list(`${folder}/in`);
    assert.deepEqual(listed.map(({ path }) => path).sort(), nastyNames.map((name) => `${folder}/in/${name}`).sort());
    await Promise.all(
      nastyNames.map(async (name) => {
        const path = `${folder}/in/${name}`;
        assert.equal((await files.stat(path))?.path, path);
        assert.equal((await readAll(await files.readStream(path))).toString("utf8"), name);
      }),
    );
    const archive = await readTar(await files.getArchive(`${folder}/in`));
    assert.deepEqual([...archive.keys()].sort(), [...nastyNames].sort());

    const tar = await makeTar(nastyNames.map((name) => ({ name, content: name })));
    await files.putArchive(`${folder}/out`, pieces(tar));
    assert.deepEqual(JSON.parse(await runNode(sandbox, namesAndContents, [`${folder}/out`])), expected);

    await files.makeDirectory(`${folder}/moved`);
    await Promise.all(nastyNames.map((name) => files.move(`${folder}/in/${name}`, `${folder}/moved/${name}`)));
    assert.deepEqual(JSON.parse(await runNode(sandbox, namesAndContents, [`${folder}/moved`])), expected);
    await Promise.all(nastyNames.map((name) => files.remove(`${folder}/moved/${name}`)));
    assert.deepEqual(await files.list(`${folder}/moved`), []);
  },
};
