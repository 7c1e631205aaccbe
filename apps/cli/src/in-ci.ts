type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a CI system has started this program. */
export function inCi(env: Environment): boolean {
  return isOn(env.CI);
}

/** Whether a variable that is a switch is on. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value);
}
