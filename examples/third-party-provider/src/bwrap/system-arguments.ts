import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Of /etc, what programs need and what tells nothing of the host. What is not there is left out. */
const etc = [
  "alternatives",
  "ca-certificates",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "mime.types",
  "pki/tls/certs",
  "protocols",
  "services",
  "ssl/certs",
  "ssl/openssl.cnf",
];

const open = ["/etc", "/etc/pki", "/etc/pki/tls", "/etc/ssl", "/home", "/opt", "/run", "/var"];

/** The folders at the root that are links into /usr, or hold libraries and programs where they are none. */
const beside = /^(?:bin|sbin|lib(?:32|64|x32)?)$/;

/** bwrap's arguments for namespaces of its own and a system to read, with nothing of the host's but its programs. */
export function systemArguments(rootfs: string): string[] {
  const links = readdirSync(rootfs).filter((name) => beside.test(name));
  return [
    ...["--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"],
    ...["--uid", "0", "--gid", "0", "--hostname", "glovebox", "--new-session", "--clearenv", "--cap-drop", "ALL"],
    ...["--ro-bind", join(rootfs, "usr"), "/usr"],
    ...links.flatMap((name) => {
      const path = join(rootfs, name);
      const isLink = lstatSync(path).isSymbolicLink();
      return isLink ? ["--symlink", readlinkSync(path), `/${name}`] : ["--ro-bind", path, `/${name}`];
    }),
    // What bwrap makes on the way to a mount is root's alone.
    ...open.flatMap((path) => ["--perms", "0755", "--dir", path]),
    ...etc.flatMap((name) => ["--ro-bind-try", join(rootfs, "etc", name), `/etc/${name}`]),
    ...["--proc", "/proc", "--dev", "/dev"],
  ];
}
