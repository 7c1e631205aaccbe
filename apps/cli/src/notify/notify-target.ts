import { InvalidOptionsError } from "@glovebox/core/provider";
import { isTrustedTransport } from "../network/is-trusted-transport.ts";

/** Where a notification goes: an address that it is posted to, or a command of the host's shell. */
export type NotifyTarget =
  | { readonly kind: "webhook"; readonly url: URL }
  | { readonly kind: "command"; readonly command: string };

/** Reads a value of `--notify`: an address is posted to, everything else is a command. Throws `invalid-options`. */
export function parseNotifyTarget(text: string): NotifyTarget {
  const trimmed = text.trim();
  if (trimmed === "") throw new InvalidOptionsError("--notify needs an https address or a command");
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) return { kind: "command", command: trimmed };
  const url = URL.parse(trimmed);
  // An address may hold a secret in its path: it is never repeated.
  if (url === null) throw new InvalidOptionsError("--notify: the address is not a URL");
  if (!isTrustedTransport(url)) {
    throw new InvalidOptionsError("--notify posts to https addresses alone, and to http on this machine (localhost)");
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidOptionsError("--notify: the address may hold no user name and no password", {
      hint: "What is posted is signed: set GLOVEBOX_NOTIFY_SECRET.",
    });
  }
  return { kind: "webhook", url };
}

/** What messages call a target: a part that holds no secret. */
export function targetName(target: NotifyTarget): string {
  return target.kind === "webhook" ? target.url.origin : "the command";
}
