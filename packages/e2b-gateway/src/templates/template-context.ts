/** What the steps of a template leave beside its files: how a program in it is started. */
export interface TemplateContext {
  readonly user: string;
  readonly workdir: string;
  readonly envVars: Readonly<Record<string, string>>;
  readonly startCmd?: string | undefined;
  readonly readyCmd?: string | undefined;
}

/** Of a template without steps. */
export const firstContext: TemplateContext = { user: "user", workdir: "/home/user", envVars: {} };
