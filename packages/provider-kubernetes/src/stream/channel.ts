/** The first byte of each message of an exec: whose the rest is. */
export const channel = {
  stdin: 0,
  stdout: 1,
  stderr: 2,
  /** How the program ended, as the cluster has it. */
  status: 3,
  resize: 4,
  /** From v5 on: the channel in the next byte ends. */
  close: 255,
} as const;
