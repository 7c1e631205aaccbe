const fetchers: readonly RegExp[] = [
  /\b(npx|pnpx|bunx|uvx|pipx run|npm exec|pnpm dlx|yarn dlx)\b/,
  /\b(uv run|uv tool run|pip3? install|npm (i|install)|go run|go install|cargo install)\b/,
  /\b(docker|podman) (run|pull)\b/,
  /\b(curl|wget)\b/,
  /\bdeno run [^;|&]{0,200}https?:/,
  /\bgit clone\b/,
];

const maxLength = 10_000;

/** The program by which a command brings code from elsewhere when it starts; `undefined` when it does not seem to. */
export function startsByFetching(command: string): string | undefined {
  for (const fetcher of fetchers) {
    const found = fetcher.exec(command.slice(0, maxLength))?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}
