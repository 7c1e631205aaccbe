import type { Sandbox } from "../provider/sandbox.ts";

export interface UploadOptions {
  /** The project on the host: a folder, a git repository, or a folder inside one. */
  readonly workspace: string;
  /** The run's state folder on the host. What went in is remembered there, for any process that collects later. */
  readonly runDir: string;
  readonly signal?: AbortSignal;
  onProgress?(message: string, done?: number, total?: number): void;
  onWarning?(code: string, message: string): void;
}

/** Brings a project into the sandbox's workspace, with its git history where there is one. */
export async function uploadWorkspace(sandbox: Sandbox, options: UploadOptions): Promise<void> {
  throw new Error(`not there yet: ${sandbox.id} ${options.workspace}`);
}
