import { describe, expect, it } from "vitest";
import { Secret } from "../provider/secret.ts";
import { parseCredentialOption } from "./parse-credential-option.ts";

const secret = new Secret("TOKEN", "value");
const rule = (text: string) => parseCredentialOption(text, "--credential").rule(secret);
const authorization = { header: "authorization" };

describe("a credential for a host", () => {
  it.each([
    ["api.example.com=TOKEN", { host: "api.example.com", ...authorization, scheme: "Bearer" }],
    ["api.example.com:8443=TOKEN", { host: "api.example.com", port: 8443, ...authorization, scheme: "Bearer" }],
    ["https://api.example.com/=TOKEN", { host: "api.example.com", ...authorization, scheme: "Bearer" }],
    ["http://127.0.0.1:81=TOKEN", { host: "127.0.0.1", port: 81, tls: false, ...authorization, scheme: "Bearer" }],
    ["http://api.test=TOKEN", { host: "api.test", port: 80, tls: false, ...authorization, scheme: "Bearer" }],
    ["[::1]:8443=TOKEN", { host: "::1", port: 8443, ...authorization, scheme: "Bearer" }],
    ["GitHub.com=TOKEN", { host: "github.com", ...authorization, scheme: "Basic", username: "x-access-token" }],
    ["gitlab.com=TOKEN", { host: "gitlab.com", ...authorization, scheme: "Basic", username: "oauth2" }],
    ["bitbucket.org=TOKEN", { host: "bitbucket.org", ...authorization, scheme: "Basic", username: "x-token-auth" }],
    ["github.com=TOKEN:bearer", { host: "github.com", ...authorization, scheme: "Bearer" }],
    ["github.com=TOKEN:basic/me", { host: "github.com", ...authorization, scheme: "Basic", username: "me" }],
    ["git.test=TOKEN:basic", { host: "git.test", ...authorization, scheme: "Basic", username: "x-access-token" }],
    ["gitlab.test=TOKEN:PRIVATE-TOKEN", { host: "gitlab.test", header: "private-token" }],
    ["api.test=TOKEN:authorization", { host: "api.test", header: "authorization" }],
  ])("%s", (text, expected) => expect(rule(text)).toEqual({ ...expected, secret, source: "--credential" }));

  it.each([
    "example.com",
    "=TOKEN",
    "example.com=",
    "*.example.com=TOKEN",
    "10.0.0.0/8=TOKEN",
    "exa mple.com=TOKEN",
    "example.com=TOKEN:",
    "example.com=TOKEN:two words",
    "example.com=TOKEN:bearer/me",
    "example.com=TOKEN:host",
    "example.com=TOKEN:Content-Length",
    "example.com=TOKEN:basic/a:b",
    "example.com=1TOKEN",
  ])("%s is refused, with what to do", (text) => {
    expect(() => rule(text)).toThrow(expect.objectContaining({ code: "invalid-options" }));
  });

  it("never repeats what may be the value itself", () => {
    for (const text of ["example.com=gh-hunter2", "example.com=T:x y hunter2", "https://me:hunter2@example.com=T"]) {
      expect(() => rule(text)).toThrow(expect.objectContaining({ message: expect.not.stringContaining("hunter2") }));
    }
  });
});
