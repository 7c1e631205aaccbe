import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { readHostFile } from "@glovebox/core/host-files";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Directories that hand the host over, or run as it: nothing in them, and nothing that holds one, is mounted. */
const systemDirectories = words(`
  /bin /boot /dev /etc /lib /lib32 /lib64 /libx32 /proc /run /sbin /sys /usr /nix /snap /var/run /var/lib /var/spool /var/cache
  /var/log /var/snap /Library /System /Applications /private/etc /private/var/db`);

/** Directories that are too much as a whole; what lies in them is another matter. */
const wholeDirectories = new Set(
  words("/ /home /Users /root /var /opt /srv /mnt /media /tmp /Volumes /private /private/tmp"),
);

/** A drive of Windows as WSL shows it, its system and its homes. */
const windowsDirectory = /^\/mnt\/[a-z](?:\/(?:windows|program files.*|programdata|users)(?:\/[^/]+)?)?$/i;

/** Names that hold keys or tokens wherever they lie. A mount with such a name, below one or with one at its top is refused. */
const keyNames = new Set(
  words(`
  .ssh .gnupg .aws .azure .docker .kube .oci .gcloud gcloud .password-store .vault-token .netrc .git-credentials .pypirc .pgpass
  .my.cnf .mylogin.cnf .s3cfg .boto .databrickscfg .terraformrc .terraform.d .dockercfg .mozilla .thunderbird .pki .1password
  .electrum .bitcoin .ethereum .glovebox .claude .claude.json .codex .gemini id_rsa id_dsa id_ecdsa id_ed25519 keychains keyrings
  google-chrome chromium bravesoftware`),
);

/** Below the home: what shells, desktops, editors and language tools execute, and where they keep tokens. */
const homeNames = words(`
  .config .local .cache/huggingface .huggingface .kaggle .netlify .wrangler .fly .heroku .snowflake .gem .cargo .rustup .m2 .gradle
  .composer .nuget .npm .npmrc .yarnrc .yarnrc.yml .bunfig.toml .bun .deno .nvm .pyenv .rbenv .nodenv .asdf .sdkman .volta .rye
  .bashrc .bash_profile .bash_login .bash_logout .bash_aliases .profile .zshrc .zshenv .zprofile .zlogin .zlogout .oh-my-zsh
  .kshrc .cshrc .tcshrc .login .inputrc .pam_environment .environment.d .xinitrc .xprofile .xsession .xsessionrc .Xresources
  .Xauthority .ICEauthority .dbus .bash_history .zsh_history .python_history .node_repl_history .psql_history .mysql_history
  .vim .vimrc .viminfo .emacs .emacs.d .nano .nanorc .tmux.conf .screenrc .gdbinit .lldbinit .pythonrc .pythonrc.py .Rprofile
  .irbrc .pryrc .ipython .jupyter .gitconfig .gitignore .hgrc .mercurial .subversion .vscode .vscode-server .cursor .cursor-server
  .idea .java .android .expo .opencode .aider.conf.yml .continue .copilot .var snap bin Library AppData NTUSER.DAT`);

/** A token of npm's, Yarn's or pip's configuration. */
const token = /_authToken|_password|_auth\b|npmAuthToken|npmAuthIdent|password\s*=|:\/\/[^\s/]+:[^\s/]+@/i;
const tokenFiles = new Set([".npmrc", ".yarnrc", ".yarnrc.yml", "pip.conf", ".env"]);
const maxTokenFileBytes = 1024 * 1024;

/** Every path that is closed for what lies at or below it and for what holds it, links resolved as well as not. */
export async function closedDirectories(home: string, enginePaths: readonly string[]): Promise<ReadonlySet<string>> {
  const below = [...homeNames, ...keyNames].map((name) => join(home, name));
  const directories = [...systemDirectories, ...enginePaths, ...below];
  const real = await Promise.all(directories.map((directory) => realpath(directory).catch(() => directory)));
  return new Set([...directories, ...real]);
}

/** Why a source is refused by what it is called or holds, links resolved; `undefined` where nothing speaks against it. */
export async function closedByName(source: string, readOnly: boolean): Promise<string | undefined> {
  if (wholeDirectories.has(source) || windowsDirectory.test(source)) return "it is too much of the host";
  const names = source.split(sep).filter((name) => name !== "");
  const key = names.find((name) => keyNames.has(name.toLowerCase()));
  if (key !== undefined) return `${key} is a place for keys`;
  const isRepository = names.some((name) => [".git", ".hg", ".svn", ".jj", ".bzr"].includes(name.toLowerCase()));
  if (isRepository && !readOnly) return "what is written there is executed by your version control";
  const last = names.at(-1) ?? "";
  if (tokenFiles.has(last.toLowerCase()) && (await holdsToken(source))) return "it holds a password or a token";
  const entries = await readdir(source).catch(() => []);
  const pending = entries.find((name) => keyNames.has(name.toLowerCase()));
  return pending === undefined ? undefined : `it holds ${pending}, a place for keys`;
}

async function holdsToken(file: string): Promise<boolean> {
  const existing = await stat(file);
  if (!existing.isFile()) return false;
  return (
    existing.size > maxTokenFileBytes ||
    token.test(((await readHostFile(file, { maxBytes: maxTokenFileBytes })) ?? "").toString("utf8"))
  );
}
