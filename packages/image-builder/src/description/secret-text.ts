/** Names of files that hold keys or tokens, wherever they are. */
const secretNames = new Set(
  ".ssh .gnupg .aws .azure .kube .gcloud .netrc .git-credentials .pypirc .pgpass .my.cnf .dockercfg .vault-token .terraformrc .claude.json .credentials.json id_rsa id_dsa id_ecdsa id_ed25519 credentials.tfrc.json".split(
    " ",
  ),
);
const secretEndings = /\.(p12|pfx|jks|keystore|kdbx|ppk)$/i;
/** `.env` and its variants, except for those that are made to be shared. */
const environmentFile = /^\.env(\.(?!example$|sample$|template$|dist$)[^/]*)?$/i;

const tokens = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bsk-(ant-|proj-)?[A-Za-z0-9_-]{20,}/,
  /\bgh[opsur]_[A-Za-z0-9]{20,}/,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/,
  /\bglpat-[A-Za-z0-9_-]{20,}/,
  /\bxox[abpr]-[A-Za-z0-9-]{10,}/,
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bAIza[A-Za-z0-9_-]{35}/,
  /\bnpm_[A-Za-z0-9]{30,}/,
  /\be2b_[a-f0-9]{30,}/,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\./,
  /_authToken\s*=\s*(?!\$)\S/,
  /_password\s*=\s*(?!\$)\S/,
  /:\/\/[^\s/:@$]+:[^\s/@${]{6,}@/,
];
const secretVariable = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH|PRIVATE/i;
const shortestSecret = 8;

/** Why a file's path says that it holds a secret; `undefined` if it does not. */
export function secretPath(path: string): string | undefined {
  const names = path.split("/");
  const found = names.find((name) => secretNames.has(name.toLowerCase()) || environmentFile.test(name));
  if (found !== undefined) return `${found} is a place for secrets`;
  return secretEndings.test(path) ? "it is a key store" : undefined;
}

/** Whether a text contains something with the form of a key or a token. */
export function holdsSecret(text: string): boolean {
  return tokens.some((token) => token.test(text));
}

/** Whether a variable is a secret by its name or by the form of its value. */
export function isSecretVariable(name: string, value: string): boolean {
  return (secretVariable.test(name) && value.length >= shortestSecret && !value.startsWith("/")) || holdsSecret(value);
}
