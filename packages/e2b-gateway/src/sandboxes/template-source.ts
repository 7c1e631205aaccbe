import type { CallOptions, Template } from "@glovebox/core/provider";

/** A template as a sandbox starts from it. */
export interface ResolvedTemplate {
  readonly templateId: string;
  /** The name under which it was found. */
  readonly alias?: string;
  readonly template: Template;
  readonly envVars?: Readonly<Record<string, string>>;
  /** Started in every sandbox once envd runs. */
  readonly startCmd?: string;
  /** Run until it exits with 0, before a sandbox is handed out. */
  readonly readyCmd?: string;
  /** The user of processes that name none. Default: `user`. */
  readonly defaultUser?: string;
  /** Default: the user's home. */
  readonly defaultWorkdir?: string;
  readonly cpuCount?: number;
  readonly memoryMB?: number;
}

/** Where templates are looked up. */
export interface TemplateSource {
  /** A template by its id, name or alias, with a tag or without; `undefined` where there is none. */
  resolve(reference: string, options?: CallOptions): Promise<ResolvedTemplate | undefined>;
  /** Forgets the known images, after one was found to be gone: the next look-up builds it again. */
  forget?(): void;
}
