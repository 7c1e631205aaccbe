import { parseDockerfile, stageImage } from "../user/parse-dockerfile.ts";

/** Variables by which the usual tools learn which certificates to trust. */
const certificateVariables = [
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "GIT_SSL_CAINFO",
  "CURL_CA_BUNDLE",
  "PIP_CERT",
  "REQUESTS_CA_BUNDLE",
  "AWS_CA_BUNDLE",
  "CARGO_HTTP_CAINFO",
  "npm_config_cafile",
];

const directory = "/opt/glovebox-certificates";

/** The files of the certificates image that {@link trustingDockerfile} copies from. */
export const certificateFiles = (bundle: string): Readonly<Record<string, string>> => ({
  "bundle.pem": bundle,
  "apt.conf": `Acquire::https::CaInfo "${directory}/bundle.pem";\n`,
});

/**
 * The same Dockerfile, with the certificates of `certificatesImage` trusted in every `RUN`. They come from an image of
 * their own, so that the context is unchanged, and by `ARG`, which reaches `RUN` and does not stay in the image.
 * Stages from scratch are left alone: nothing can run in them.
 */
export function trustingDockerfile(text: string, certificatesImage: string): string {
  const lines = text.split("\n");
  const added = [
    `COPY --from=${certificatesImage} / ${directory}/`,
    ...certificateVariables.map((name) => `ARG ${name}=${directory}/bundle.pem`),
    `ARG APT_CONFIG=${directory}/apt.conf`,
  ];
  const stages = parseDockerfile(text).filter((one) => one.keyword === "FROM" && stageImage(one) !== "scratch");
  for (const stage of stages.toReversed()) lines.splice(stage.lastLine + 1, 0, ...added);
  return lines.join("\n");
}
