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
  /** Tried until it exits with 0, before a sandbox is handed out. */
  readonly readyCmd?: string;
  /** Who runs what names no user: `user` unless given. */
  readonly defaultUser?: string;
  /** The user's home unless given. */
  readonly defaultWorkdir?: string;
  readonly cpuCount?: number;
  readonly memoryMB?: number;
}

/** Where templates are looked up. */
export interface TemplateSource {
  /** A template by its id, name or alias, with a tag or without; `undefined` where there is none. */
  resolve(reference: string, options?: CallOptions): Promise<ResolvedTemplate | undefined>;
  /** Lets go of what is known of images, where one was found to be gone: the next look makes it again. */
  forget?(): void;
}
