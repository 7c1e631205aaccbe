import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";

/** The word that stands for this machine where a server is configured. */
const local = "local";

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Parses the address of a server, as `--server` has it: an origin, or a directory below one. `undefined` for `local`. A token is
 * only sent over TLS, or to this machine itself.
 */
export function parseServerAddress(text: string, source: string): string | undefined {
  if (text.trim() === "" || text === local) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new InvalidOptionsError(`${source} is not the address of a server: ${safeName(text)}`, {
      hint: "For example https://glovebox.example.com, or http://127.0.0.1:3210.",
    });
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidOptionsError(`${source} has a user name or a password in it`, {
      hint: `Save a token instead: glovebox --server ${url.protocol}//${url.host} login`,
    });
  }
  if (url.protocol === "http:" && !loopback.test(url.hostname)) {
    throw new InvalidOptionsError(
      `${source} is plain HTTP, which would send your token unencrypted: ${safeName(text)}`,
      {
        hint: "Use its https address, or a tunnel: ssh -L 3210:127.0.0.1:3210 HOST, and then http://127.0.0.1:3210.",
      },
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}
