import type { Provider, Worker } from "@glovebox/client";
import { safeLine } from "@glovebox/core/text";
import { Badge } from "../base/badge.tsx";
import { QueryState } from "../base/query-state.tsx";
import { useProviders, useWorkers } from "../data/catalog.ts";
import { useMe } from "../data/me.ts";
import { RelativeTime } from "../text/relative-time.tsx";
import { SettingsCard } from "./settings-card.tsx";

/** The providers and the workers: whether runs can start. */
export function ServerSection() {
  const providers = useProviders();
  const workers = useWorkers();
  const { version } = useMe();
  return (
    <>
      <SettingsCard title="Providers" action={<span className="faint">Glovebox {version}</span>}>
        <QueryState query={providers}>
          {({ providers: list }) => (
            <ul>
              {list.map((provider) => (
                <ProviderRow key={provider.name} provider={provider} />
              ))}
            </ul>
          )}
        </QueryState>
      </SettingsCard>
      <SettingsCard title="Workers">
        <QueryState query={workers}>{(list) => <WorkerList workers={list} />}</QueryState>
      </SettingsCard>
      <p className="faint">
        <a href="/docs">API reference</a> · <a href="/openapi.json">OpenAPI document</a>
      </p>
    </>
  );
}

function ProviderRow({ provider }: { provider: Provider }) {
  const { name, isDefault, ready, findings } = provider;
  const telling = findings.filter(({ status }) => status !== "ok");
  return (
    <li className="setting-row">
      <div className="row">
        <strong>{safeLine(name, 60)}</strong>
        {isDefault ? <Badge>default</Badge> : null}
        <Badge tone={ready ? "green" : "red"}>{ready ? "Ready" : "Not ready"}</Badge>
      </div>
      {telling.map((finding) => (
        <p key={finding.name} className="soft">
          {safeLine(finding.message, 300)}
        </p>
      ))}
    </li>
  );
}

function WorkerList({ workers }: { workers: readonly Worker[] }) {
  if (workers.length === 0) {
    return <p className="pad soft">No worker: runs stay in the queue. Start one with `glovebox worker`.</p>;
  }
  return (
    <ul>
      {workers.map(({ id, host, running, capacity, lastSeenAt, providers }) => (
        <li key={id} className="setting-row row">
          <span className="grow">
            <strong>{safeLine(host, 60)}</strong> <span className="faint">{providers.join(", ")}</span>
          </span>
          <span className="number soft">
            {running} of {capacity} runs
          </span>
          <span className="faint">
            seen <RelativeTime at={lastSeenAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}
