import type { SandboxError } from "../errors/index.ts";
import type { Sandbox } from "../provider/sandbox.ts";
import type { RunResult } from "../run/run-result.ts";
import type { CollectLimits } from "../run/run-spec.ts";

export interface CollectOptions {
  /** Where the files go, an absolute path on the host. Made when it is missing. */
  readonly outputDir: string;
  /** The run's state folder on the host, the same that the upload had. */
  readonly runDir: string;
  /** The project that went in, when there was one. */
  readonly workspace?: string;
  /** What is left out, in the words of .gitignore. */
  readonly ignore: readonly string[];
  readonly limits?: CollectLimits;
  readonly signal?: AbortSignal;
  onProgress?(message: string, done?: number, total?: number): void;
  onWarning?(code: string, message: string): void;
}

export interface Collection {
  readonly files: NonNullable<RunResult["files"]>;
  /** Why the collection broke off; then `files.complete` is false and what was written stays. */
  readonly error?: SandboxError;
}

/** Brings everything in the sandbox's workspace back. The caller has quiesced the sandbox. */
export async function collectWorkspace(sandbox: Sandbox, options: CollectOptions): Promise<Collection> {
  throw new Error(`not there yet: ${sandbox.id} ${options.outputDir}`);
}
