import { expect, it } from "vitest";
import { findPackageHosts } from "./find-package-hosts.ts";

function hosts(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  tools: readonly string[] = [],
): readonly string[] {
  return findPackageHosts({ files: new Map(Object.entries(files)), env, tools: new Set(tools) });
}

it("knows the registries of the tools that are there", () => {
  expect(hosts({})).toEqual([]);
  expect(hosts({}, {}, ["npm"])).toEqual(["registry.npmjs.org"]);
  expect(hosts({}, {}, ["python3", "yarn"])).toEqual(["files.pythonhosted.org", "pypi.org", "registry.yarnpkg.com"]);
});

it("takes npm's registries, scoped ones too, from its files and variables", () => {
  const npmrc =
    '# registry=https://no.test/\n registry = "https://npm.test/a/"\n@me:registry=http://scoped.test:4873/\n';
  expect(hosts({ "/etc/npmrc": npmrc }, {}, ["npm"])).toEqual(["npm.test", "scoped.test:4873"]);
  expect(hosts({ "/etc/npmrc": "@me:registry=https://scoped.test/" }, {}, ["npm"])).toEqual([
    "registry.npmjs.org",
    "scoped.test",
  ]);
  expect(hosts({}, { NPM_CONFIG_REGISTRY: "https://user:secret@npm.test:443/" }, ["npm"])).toEqual(["npm.test"]);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: npm's own way to name a variable.
  expect(hosts({ "/etc/npmrc": "registry=${WHERE}\nregistry=https://${WHERE}/" })).toEqual([]);
});

it("takes pip's indexes from its files and variables", () => {
  const conf =
    "[global]\nindex-url = https://pip.test/simple\nextra-index-url =\n    https://one.test/\n    https://two.test/\n" +
    "timeout = 60\n; index-url = https://no.test/\n";
  expect(hosts({ "/etc/pip.conf": conf }, {}, ["pip3"])).toEqual(["one.test", "pip.test", "two.test"]);
  const env = { PIP_INDEX_URL: "https://pip.test/simple", PIP_EXTRA_INDEX_URL: "https://a.test/ https://b.test:8443/" };
  expect(hosts({}, env, ["pip3"])).toEqual(["a.test", "b.test:8443", "pip.test"]);
});

it("takes apt's mirrors from both forms and from lists of mirrors", () => {
  expect(
    hosts({
      "/etc/apt/sources.list": "deb [arch=amd64] http://deb.test/debian bookworm main\n# deb http://no.test/ x y\n",
      "/etc/apt/sources.list.d/a.sources":
        "Types: deb\nURIs: https://sec.test/debian-security mirror+file:/etc/apt/mirrors/d.list\nSuites: x\n",
      "/etc/apt/sources.list.d/b.sources": "Enabled: no\nTypes: deb\nURIs: https://off.test/\nSuites: x\n",
      "/etc/apt/mirrors/d.list": "https://mirror.test/debian\n",
      "/etc/apt/other": "deb http://no.test/ x y",
    }),
  ).toEqual(["deb.test", "mirror.test", "sec.test"]);
});
