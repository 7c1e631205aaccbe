import { extractArchive } from "../src/files/extract/extract-archive.ts";
import { tarEnd, tarHeaderBytes } from "../src/files/tar/tar-writer.ts";

const size = 1024 ** 3;
const directory = process.argv[2] ?? "";
const before = process.memoryUsage().rss;
let highest = before;

async function* archive(): AsyncGenerator<Uint8Array> {
  yield tarHeaderBytes({ path: "big", kind: "file", mode: 0o644, size, modifiedMs: 1e12 });
  for (let left = size; left > 0; left -= 65_536) {
    yield Buffer.alloc(65_536, left);
    highest = Math.max(highest, process.memoryUsage.rss());
  }
  yield tarEnd;
}

const result = await extractArchive(archive(), {
  directory,
  traits: { caseInsensitive: false, normalizationInsensitive: false },
  totalBytes: 2 * size,
  fileBytes: 2 * size,
  ignores: () => false,
});
const { complete, entries } = result;
console.log(JSON.stringify({ complete, sha256: entries.get("big")?.sha256, grownBytes: highest - before }));
