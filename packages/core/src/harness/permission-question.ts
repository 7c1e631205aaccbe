/** What an agent that asks before it acts is about to do. It comes from inside the sandbox. */
export interface PermissionQuestion {
  /** The call's id, as its `tool.start` has it or will have it. */
  readonly callId?: string;
  /** The tool. */
  readonly name: string;
  readonly input: unknown;
}
