import { randomBytes } from "node:crypto";
import { cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type RunResult, runResultSchema } from "@glovebox/core";
import { makeHostDirectorySync } from "@glovebox/core/host-files";
import { dropUndefined } from "@glovebox/core/provider";
import { readStateFile, replaceFileSync } from "@glovebox/core/state";
import { z } from "zod";

const recordSchema = z.object({
  v: z.literal(1),
  /** The output directory on this machine. */
  outputDirectory: z.string(),
  /** The project that was uploaded. */
  workspace: z.string().optional(),
  overwrite: z.boolean().optional(),
  ignore: z.array(z.string()).optional(),
});

/** What this machine knows of a run on a server that it started. */
export type MirrorRecord = Omit<z.infer<typeof recordSchema>, "v">;

/** What went in, which a run that continues another one starts with too. */
const baselineFiles = ["baseline.json", "baseline.git"];

/** The state directories of a server's runs on this machine: what went in, where the files go, and the result that came back. */
export class RunMirror {
  readonly #runs: string;

  /** `directory`: that of the server. */
  constructor(directory: string) {
    this.#runs = join(directory, "runs");
  }

  runDirectory(runId: string): string {
    return join(this.#runs, runId);
  }

  /** Makes a directory for a run whose id is not known yet. */
  begin(): string {
    const directory = join(this.#runs, `.begun-${randomBytes(8).toString("hex")}`);
    makeHostDirectorySync(directory, 0o700);
    return directory;
  }

  /** Gives a directory that was begun to its run. */
  assign(begun: string, runId: string, record: MirrorRecord): void {
    replaceFileSync(join(begun, "record.json"), `${JSON.stringify({ v: 1, ...record })}\n`);
    renameSync(begun, this.runDirectory(runId));
  }

  /** Makes the directory of a run that continues another one, with what went into that one. */
  continue(runId: string, from: string, record: MirrorRecord): void {
    const begun = this.begin();
    for (const name of baselineFiles) {
      const file = join(this.runDirectory(from), name);
      if (existsSync(file)) cpSync(file, join(begun, name), { recursive: true });
    }
    this.assign(begun, runId, record);
  }

  record(runId: string): MirrorRecord | undefined {
    const record = readStateFile(join(this.runDirectory(runId), "record.json"), recordSchema);
    return record === undefined ? undefined : dropUndefined(record);
  }

  /** The result with its files on this machine; `undefined` until they were received. */
  result(runId: string): RunResult | undefined {
    return readStateFile(join(this.runDirectory(runId), "result.json"), runResultSchema);
  }

  keepResult(result: RunResult): void {
    const directory = this.runDirectory(result.runId);
    makeHostDirectorySync(directory, 0o700);
    replaceFileSync(join(directory, "result.json"), `${JSON.stringify(result)}\n`);
  }

  remove(directory: string): void {
    rmSync(directory, { recursive: true, force: true });
  }
}
