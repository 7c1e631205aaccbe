import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { extractArchive } from "../src/files/extract/extract-archive.ts";
import type { ExtractOptions } from "../src/files/extract/extraction.ts";
import { type RawEntry, rawTar } from "./raw-tar.ts";

/** A directory to extract into, and a canary next to it that every archive would like to reach. */
export class ExtractTrip {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-extract-")));
  readonly out = join(this.base, "out");

  constructor() {
    mkdirSync(this.out);
    mkdirSync(join(this.base, "canary"));
    writeFileSync(join(this.base, "canary", "song"), "alive");
  }

  async extract(archive: Buffer | readonly RawEntry[], options: Partial<ExtractOptions> = {}, piece = 1000) {
    const bytes = Buffer.isBuffer(archive) ? archive : rawTar(archive as readonly RawEntry[]);
    const result = await extractArchive(inPieces(bytes, piece), { ...this.plainOptions(), ...options });
    return {
      ...result,
      names: [...result.entries.keys()].sort(),
      reasons: result.skipped.map((one) => one.reason),
    };
  }

  plainOptions(): ExtractOptions {
    return {
      directory: this.out,
      traits: { caseInsensitive: false, normalizationInsensitive: false },
      totalBytes: 1e9,
      fileBytes: 1e9,
      ignores: () => false,
    };
  }

  /** Whatever an archive tried, the place next to the directory is as it was. */
  dispose(): void {
    const song = join(this.base, "canary", "song");
    expect(readdirSync(this.base).sort()).toEqual(["canary", "out"]);
    expect(readdirSync(join(this.base, "canary"))).toEqual(["song"]);
    expect(readFileSync(song, "utf8")).toBe("alive");
    expect(lstatSync(song).nlink).toBe(1);
    rmSync(this.base, { recursive: true, force: true });
  }
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

export const file = (name: string | Buffer, body: string | Buffer = "x"): RawEntry => ({ name, body });
export const link = (name: string, target: string): RawEntry => ({ name, type: "2", link: target });
export const directoryEntry = (name: string, mode = 0o755): RawEntry => ({ name, type: "5", mode });
