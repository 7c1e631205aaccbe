/** One message of a stream of server-sent events. */
export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly data: string;
}

/** Longer lines are no events of ours: reading on would fill the memory. */
const maxLineLength = 64 * 1024 * 1024;

/** Parses a stream of server-sent events. Comments are skipped; `onActivity` is called for every chunk, so for them too. */
export async function* parseServerSentEvents(
  body: ReadableStream<Uint8Array>,
  onActivity: () => void,
): AsyncGenerator<ServerSentEvent> {
  let id: string | undefined;
  let data: string[] = [];
  for await (const line of readLines(body, onActivity)) {
    if (line === "") {
      if (data.length > 0) yield { id, data: data.join("\n") };
      data = [];
      continue;
    }
    const [, field, value = ""] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(line) ?? [];
    if (field === "data") data.push(value);
    else if (field === "id") id = value;
  }
}

async function* readLines(body: ReadableStream<Uint8Array>, onActivity: () => void): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onActivity();
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > maxLineLength) throw new Error("The server sent an event that is too long");
      for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
    }
  } finally {
    // The connection ends with the reader, whoever stops.
    await reader.cancel().catch(() => {});
  }
}
