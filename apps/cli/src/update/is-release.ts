/** Whether a value is the version of a release: three numbers that JavaScript counts exactly, and no pre-release. */
export function isRelease(value: unknown): value is string {
  return typeof value === "string" && /^\d{1,9}\.\d{1,9}\.\d{1,9}$/.test(value);
}
