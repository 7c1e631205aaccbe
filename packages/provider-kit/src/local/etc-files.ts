import { sandboxUser } from "@glovebox/core/provider";

const { name: agent, uid, gid, home } = sandboxUser;

/** The files of `/etc` that are a sandbox's own, by their names: they contain no user and no host but its own. */
export const etcFiles: Readonly<Record<string, string>> = {
  passwd: [
    `${agent}:x:${uid}:${gid}:Glovebox agent:${home}:/bin/bash`,
    "root:x:0:0:root:/root:/bin/sh",
    "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin",
    "",
  ].join("\n"),
  group: [`${agent}:x:${gid}:`, "root:x:0:", "nogroup:x:65534:", ""].join("\n"),
  hosts: "127.0.0.1 localhost glovebox\n::1 localhost\n",
  hostname: "glovebox\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
  "resolv.conf": "",
};
