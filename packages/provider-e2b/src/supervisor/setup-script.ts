import { sandboxUser } from "@glovebox/core/provider";
import { supervisorPaths } from "@glovebox/supervisor";
import { sandboxPaths } from "./sandbox-paths.ts";

const { uid, gid, home, name } = sandboxUser;

/** The Node version to install if there is no suitable one. */
const nodeVersion = "24.11.1";

/** The parameters of the script. */
export const setUpVariables = {
  /** npm packages with versions, separated by spaces. */
  packages: "GLOVEBOX_PACKAGES",
  /** The digest to write into the sandbox at the end. */
  digest: "GLOVEBOX_SET_UP",
} as const;

/**
 * Runs in root's shell in a sandbox or a template build, after the supervisor was copied to its path with the suffix `.new`.
 * Installs Node, the user, the directories and the harnesses. Idempotent.
 */
export const setUpScript = `
set -eu
umask 022
export DEBIAN_FRONTEND=noninteractive
mkdir -p /opt/glovebox/bin /opt/glovebox/harness
runs() { "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }
if ! runs ${sandboxPaths.node}; then
  found=$(command -v node || true)
  if [ -n "$found" ] && runs "$found"; then
    ln -sf "$found" ${sandboxPaths.node}
  elif command -v npm > /dev/null; then
    npm install --prefix /opt/glovebox/node --no-audit --no-fund --no-update-notifier "node@${nodeVersion}" >&2
    ln -sf /opt/glovebox/node/node_modules/node/bin/node ${sandboxPaths.node}
  else
    case $(uname -m) in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) echo "No Node for $(uname -m)" >&2; exit 1 ;; esac
    mkdir -p /opt/glovebox/node
    curl -fsSL "https://nodejs.org/dist/v${nodeVersion}/node-v${nodeVersion}-linux-$arch.tar.gz" | tar -xz -C /opt/glovebox/node --strip-components=1
    ln -sf /opt/glovebox/node/bin/node ${sandboxPaths.node}
  fi
fi
command -v node > /dev/null || { [ -x /opt/glovebox/node/bin/npm ] && ln -sf /opt/glovebox/node/bin/* /usr/local/bin/; } || ln -sf ${sandboxPaths.node} /usr/local/bin/node
for tool in setpriv setsid flock script pkill; do
  command -v "$tool" > /dev/null || missing=1
done
if [ -n "\${missing:-}" ]; then apt-get update >&2; apt-get install -y --no-install-recommends util-linux bsdutils procps >&2; fi
# Put our entries first, so that the id resolves to our name; other names of the same id stay valid.
first() { grep -v "^${name}:" "$1" > "$1.glovebox" || true; { echo "$2"; cat "$1.glovebox"; } > "$1.glovebox.new"; cat "$1.glovebox.new" > "$1"; rm "$1.glovebox" "$1.glovebox.new"; }
shell=/bin/sh; [ ! -x /bin/bash ] || shell=/bin/bash
first /etc/passwd "${name}:x:${uid}:${gid}:Glovebox agent:${home}:$shell"
first /etc/group "${name}:x:${gid}:"
[ ! -f /etc/shadow ] || first /etc/shadow "${name}:*:19000:0:99999:7:::"
for directory in ${home} ${home}/.npm-global ${home}/.local /workspace; do
  mkdir -p "$directory"
  chown ${uid}:${gid} "$directory"
done
[ -e ${home}/.npmrc ] || { echo "prefix=${home}/.npm-global" > ${home}/.npmrc; chown ${uid}:${gid} ${home}/.npmrc; }
[ -e /output ] || ln -s /workspace /output
if [ -n "\${${setUpVariables.packages}:-}" ]; then
  [ -f /opt/glovebox/harness/package.json ] || echo '{ "private": true }' > /opt/glovebox/harness/package.json
  npm install --prefix /opt/glovebox/harness --save-exact --no-audit --no-fund --no-update-notifier $${setUpVariables.packages} >&2
  for program in /opt/glovebox/harness/node_modules/.bin/*; do ln -sf "$program" "/usr/local/bin/\${program##*/}"; done
fi
mv ${supervisorPaths.file}.new ${supervisorPaths.file}
chown -R 0:0 /opt/glovebox
chmod 644 ${supervisorPaths.file}
printf %s "$${setUpVariables.digest}" > ${sandboxPaths.setUp}
`;
