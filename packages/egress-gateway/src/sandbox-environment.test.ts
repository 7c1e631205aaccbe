import { type EgressPolicy, Secret } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { sandboxEnvironment } from "./sandbox-environment.ts";

const origin = "http://127.0.0.1:47821";
const sealed: EgressPolicy = { mode: "sealed", models: [] };

describe("the environment of a sandbox", () => {
  it("is empty where nothing may go out", () => {
    const policy: EgressPolicy = { mode: "none", models: [] };
    expect(sandboxEnvironment({ policy, origin, caBundle: "/ca.pem" })).toEqual({});
  });

  it("names the proxy in both cases and leaves loopback alone", () => {
    const env = sandboxEnvironment({ policy: sealed, origin });
    for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"]) expect(env[name]).toBe(origin);
    expect(env.NO_PROXY).toBe("localhost,127.0.0.1");
    expect(env.no_proxy).toBe(env.NO_PROXY);
    expect(env.NODE_USE_ENV_PROXY).toBe("1");
    expect(Object.keys(env).filter((name) => /CERT|CA_|CAINFO/.test(name))).toEqual([]);
  });

  it("names the bundle for every tool", () => {
    const env = sandboxEnvironment({ policy: sealed, origin, caBundle: "/ca.pem" });
    for (const name of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "GIT_SSL_CAINFO", "PIP_CERT", "REQUESTS_CA_BUNDLE"])
      expect(env[name]).toBe("/ca.pem");
  });

  it("rewrites git's ssh addresses for named hosts that are reached over https", () => {
    const secret = new Secret("TOKEN", "value");
    const rule = { header: "authorization", secret, source: "test" };
    const policy: EgressPolicy = {
      ...sealed,
      allow: [
        { host: "git.example.com", source: "test" },
        { host: "*.example.com", source: "test" },
        { host: "10.0.0.0/8", source: "test" },
        { host: "ssh.example.com", port: 22, source: "test" },
      ],
      credentials: [
        { ...rule, host: "code.example.com", port: 8443 },
        { ...rule, host: "plain.example.com", tls: false },
      ],
    };
    const env = sandboxEnvironment({ policy, origin });
    const rules = Array.from({ length: Number(env.GIT_CONFIG_COUNT) }, (_, index) => [
      env[`GIT_CONFIG_KEY_${index}`],
      env[`GIT_CONFIG_VALUE_${index}`],
    ]);
    expect(rules.slice(0, 2)).toEqual([
      ["url.https://github.com/.insteadOf", "git@github.com:"],
      ["url.https://github.com/.insteadOf", "ssh://git@github.com/"],
    ]);
    expect(rules.filter(([, value]) => value?.includes("example.com"))).toEqual([
      ["url.https://git.example.com/.insteadOf", "git@git.example.com:"],
      ["url.https://git.example.com/.insteadOf", "ssh://git@git.example.com/"],
      ["url.https://code.example.com:8443/.insteadOf", "git@code.example.com:"],
      ["url.https://code.example.com:8443/.insteadOf", "ssh://git@code.example.com/"],
    ]);
  });
});
