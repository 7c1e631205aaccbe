import { isIP } from "node:net";
import { InvalidOptionsError } from "../errors/index.ts";
import type { CredentialRule } from "../provider/egress-policy.ts";
import type { Secret } from "../provider/secret.ts";
import { isHostName, parseHostPort } from "./parse-host-port.ts";

/** A credential for a host as a user names it: where its value is, and how it is sent; never the value. */
export interface CredentialOption {
  /** The environment variable that holds the value. */
  readonly variable: string;
  /** The rule, once the value is known. */
  rule(secret: Secret): CredentialRule;
}

type Carrier = Pick<CredentialRule, "header" | "scheme" | "username">;

/** Hosts whose git over https takes a token as the password of a user by this name. */
const gitUsers: Readonly<Record<string, string>> = {
  "github.com": "x-access-token",
  "gitlab.com": "oauth2",
  "bitbucket.org": "x-token-auth",
  "codeberg.org": "oauth2",
};

/** Headers that belong to the exchange itself. */
const framing = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const example = "git.example.com=GIT_TOKEN:basic";

/**
 * Reads `HOST[:PORT]=VARIABLE[:HOW]`. HOW is `bearer` (the default), `basic`, `basic/USER`, or the name of a header that
 * carries the value alone; for the well-known git hosts the default is `basic` with the user that they want. `http://`
 * in front of the host is for one that is reached without TLS. Throws `invalid-options`, and never repeats what stands
 * after the equals sign: it could be the value itself.
 */
export function parseCredentialOption(text: string, source: string): CredentialOption {
  const at = text.indexOf("=");
  if (at < 1) {
    throw new InvalidOptionsError(`${source} takes HOST=VARIABLE, the name of an environment variable`, {
      hint: `For example ${example}.`,
    });
  }
  const { host, port, tls } = parsePlace(text.slice(0, at), source);
  const [, variable, how] = /^([^:]*)(?::(.*))?$/s.exec(text.slice(at + 1)) ?? [];
  if (variable === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) {
    throw new InvalidOptionsError(`${source} ${host}=…: after the equals sign stands the name of a variable`, {
      hint: `Never the value itself. Set a variable, then for example ${example}.`,
    });
  }
  const carrier = parseCarrier(how, host, source);
  return {
    variable,
    rule: (secret) => ({
      host,
      ...(port === undefined ? {} : { port }),
      ...(tls ? {} : { tls }),
      ...carrier,
      secret,
      source,
    }),
  };
}

function parsePlace(text: string, source: string): { host: string; port?: number; tls: boolean } {
  const [, scheme, rest = ""] = /^(https?:\/\/)?(.*?)\/?$/s.exec(text) ?? [];
  const place = parseHostPort(rest, source);
  if (isIP(place.host) === 0 && !isHostName(place.host)) {
    throw new InvalidOptionsError(`${source} ${place.host}: a credential is for one host`, {
      hint: "Name the host in full, without a star and without a block of addresses.",
    });
  }
  const tls = scheme !== "http://";
  return { ...place, ...(tls || place.port !== undefined ? {} : { port: 80 }), tls };
}

function parseCarrier(how: string | undefined, host: string, source: string): Carrier {
  const [word = "", ...rest] = (how ?? (Object.hasOwn(gitUsers, host) ? "basic" : "bearer")).split("/");
  const name = word.toLowerCase();
  const user = rest.join("/");
  if (name === "basic") {
    if (/[^\x20-\x39\x3b-\x7e]/.test(user)) {
      throw new InvalidOptionsError(
        `${source} for ${host}: a user's name for Basic holds no colon and no control character`,
      );
    }
    return { header: "authorization", scheme: "Basic", username: user || (gitUsers[host] ?? "x-access-token") };
  }
  if (rest.length === 0 && name === "bearer") return { header: "authorization", scheme: "Bearer" };
  if (rest.length > 0 || !/^[a-z0-9][a-z0-9-]*$/.test(name) || framing.has(name)) {
    throw new InvalidOptionsError(`${source} for ${host}: what follows the variable is no header for a credential`, {
      hint: "It is bearer, basic, basic/USER, or the name of a header such as private-token.",
    });
  }
  return { header: name };
}
