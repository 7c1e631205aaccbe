import { randomUUID, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

/** Signs tokens that a registry takes. */
export interface TokenIssuer {
  /** The certificate that the registry has to trust. */
  readonly certificateFile: string;
  /** A token for scopes, `repository:NAME:pull,push`, several with spaces between them. */
  token(scopes: string): string;
}

/** Makes a key and a certificate in a directory. */
export async function tokenIssuer(directory: string): Promise<TokenIssuer> {
  const [keyFile, certificateFile] = [join(directory, "token-key.pem"), join(directory, "token-certificate.pem")];
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=glovebox-test"];
  await execa("openssl", [...request, "-keyout", keyFile, "-out", certificateFile]);
  const [key, certificate] = await Promise.all([readFile(keyFile), readFile(certificateFile, "utf8")]);
  const x5c = [certificate.replace(/-----[A-Z ]+-----|\s/g, "")];
  return {
    certificateFile,
    token(scopes) {
      const seconds = Math.floor(Date.now() / 1000);
      const access = scopes.split(" ").map((scope) => {
        const [type, name, actions = ""] = scope.split(":");
        return { type, name, actions: actions.split(",") };
      });
      const life = { iat: seconds, nbf: seconds - 10, exp: seconds + 300 };
      const claims = { iss: "glovebox-test", aud: "registry", sub: "me", jti: randomUUID(), ...life, access };
      const text = [{ alg: "RS256", typ: "JWT", x5c }, claims].map(encoded).join(".");
      return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
    },
  };
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
