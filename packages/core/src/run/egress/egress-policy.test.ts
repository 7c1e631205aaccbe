import { expect, it } from "vitest";
import type { EgressMode, ModelRoute } from "../../provider/egress-policy.ts";
import type { Template } from "../../provider/template.ts";
import type { RunSpec } from "../run-spec.ts";
import { egressPolicy } from "./egress-policy.ts";

const template = (packageHosts: readonly string[]): Template => ({
  providerId: "p",
  reference: "r",
  digest: "d",
  reused: true,
  packageHosts,
});
const allowed = (mode: EgressMode, packageHosts: readonly string[], allow?: readonly string[]) => {
  const network = { mode, ...(allow === undefined ? {} : { allow: allow.map((host) => ({ host, source: "own" })) }) };
  // Nothing else of them is read.
  const policy = egressPolicy({ network } as unknown as RunSpec, {} as ModelRoute, template(packageHosts));
  return policy.allow?.map(
    ({ host, port, mayBePrivate, source }) =>
      `${host}${port === undefined ? "" : `:${port}`}${mayBePrivate ? " (private)" : ""} ${source}`,
  );
};

it("the registries that an image names are reached in the mode standard, beside what was allowed", () => {
  expect(allowed("standard", ["deb.debian.org", "apt.test:8080"], ["a.test", "deb.debian.org"])).toEqual([
    "a.test own",
    "deb.debian.org own",
    "apt.test:8080 the image's configuration",
  ]);
  for (const mode of ["none", "sealed", "open"] as const) {
    expect(allowed(mode, ["deb.debian.org"], ["a.test"])).toEqual(["a.test own"]);
  }
});

it("an image's usual registries may be at private addresses, and others may not", () => {
  expect(allowed("standard", ["deb.debian.org", "intranet.test"])).toEqual([
    "deb.debian.org (private) the image's configuration",
    "intranet.test the image's configuration",
  ]);
});

it("an image opens no address, no block, no domain, and what is no host is passed over", () => {
  const hostile = [
    "169.254.169.254",
    "10.0.0.5:8080",
    "10.0.0.0/8",
    "*.test",
    "::1",
    "[::1]:80",
    "127.1",
    "",
    "a b",
    ":80",
  ];
  expect(allowed("standard", hostile)).toBeUndefined();
});
