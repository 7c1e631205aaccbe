import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { resolve } from "node:path";
import { download } from "@glovebox/components";
import { openHostFile, streamHostFile } from "@glovebox/core/host-files";
import { addressScope } from "@glovebox/core/network";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { Terminal } from "../terminal.ts";

const downloadTimeoutMs = 10 * 60_000;

/**
 * The bytes of a session file: of a file, or from an https URL (http on this machine). No credentials are sent. A redirect leads only
 * to public addresses, over https. A download ends after ten minutes.
 */
export async function openSource(place: string, terminal: Terminal): Promise<AsyncIterable<Uint8Array>> {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) return await openFile(resolve(terminal.cwd, place));
  const url = URL.canParse(place) ? new URL(place) : undefined;
  if (url === undefined) throw new InvalidOptionsError("The URL of the session cannot be read");
  if (url.username !== "" || url.password !== "") {
    throw new InvalidOptionsError("The URL of the session holds a user name or a password, and none is sent", {
      hint: "Download the file yourself, and import it.",
    });
  }
  return await download(url.href, {
    what: "The session",
    env: terminal.env,
    signal: AbortSignal.timeout(downloadTimeoutMs),
    checkRedirect,
    redirectLookup: publicLookup,
  });
}

async function openFile(path: string): Promise<AsyncIterable<Uint8Array>> {
  const handle = await openHostFile(path);
  if (handle === undefined) throw new InvalidOptionsError(`${path} does not exist`);
  await handle.close();
  return streamHostFile(path);
}

/** An address is looked at here, a name when it is looked up. */
function checkRedirect({ protocol, hostname }: URL): void {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (protocol !== "https:") throw refusal(hostname, "which is not reached over https");
  const scope = isIP(host) === 0 ? undefined : addressScope(host);
  if (scope !== undefined) throw refusal(hostname, `which is ${scope}`);
}

const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, []);
    const scope = addresses.map(({ address }) => addressScope(address)).find((one) => one !== undefined);
    if (scope !== undefined) return done(refusal(hostname, `which is ${scope}`), []);
    const [first] = addresses;
    return options.all ? done(null, addresses) : done(null, first?.address ?? "", first?.family);
  });
};

function refusal(hostname: string, reason: string): InvalidOptionsError {
  return new InvalidOptionsError(`The URL of the session is redirected to ${hostname}, ${reason}`);
}
