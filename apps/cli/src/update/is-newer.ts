import { isRelease } from "./is-release.ts";

/** A version of the form that semver gives it, with numbers that JavaScript counts exactly. */
const form = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(-[\dA-Za-z.-]{1,50})?(?:\+[\dA-Za-z.-]{1,50})?$/;

/** Whether a release is newer than a version; a pre-release is older than its release. False where either has another form. */
export function isNewer(release: string, version: string): boolean {
  const [, ...ours] = form.exec(version) ?? [];
  const theirs = isRelease(release) ? release.split(".") : [];
  if (ours.length === 0 || theirs.length === 0) return false;
  for (let at = 0; at < 3; at += 1) {
    const difference = Number(theirs[at]) - Number(ours[at]);
    if (difference !== 0) return difference > 0;
  }
  return ours[3] !== undefined;
}
