import { safeLine } from "@glovebox/core/text";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Button } from "../base/button.tsx";
import { Field } from "../base/field.tsx";
import { type ComponentChoice, useComponents } from "../data/catalog.ts";
import { Section } from "./section.tsx";
import type { DraftProps } from "./start-page.tsx";

const same = (a: ComponentChoice, b: ComponentChoice): boolean => a.kind === b.kind && a.name === b.name;

/** Agents, skills, commands and other components of the catalog, to install before the run. */
export function ComponentPicker({ draft, onChange }: DraftProps) {
  const [search, setSearch] = useState("");
  const [isOpen, setOpen] = useState(false);
  const remove = (component: ComponentChoice): void =>
    onChange({ components: draft.components.filter((one) => !same(one, component)) });
  return (
    <Section title="Components" about="Sub-agents, skills, commands and MCP servers that are installed for the agent.">
      {draft.components.length === 0 ? null : (
        <ul className="chosen">
          {draft.components.map((component) => (
            <li key={`${component.kind} ${component.name}`} className="badge">
              <span className="faint">{component.kind}</span> {safeLine(component.name, 60)}
              <button type="button" aria-label={`Remove ${component.name}`} onClick={() => remove(component)}>
                <X aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      {isOpen ? (
        <Catalog
          search={search}
          onSearch={setSearch}
          chosen={draft.components}
          onAdd={(component) => onChange({ components: [...draft.components, component] })}
        />
      ) : (
        <div>
          <Button icon={<Plus />} onClick={() => setOpen(true)}>
            Add components
          </Button>
        </div>
      )}
    </Section>
  );
}

interface CatalogProps {
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly chosen: readonly ComponentChoice[];
  readonly onAdd: (component: ComponentChoice) => void;
}

function Catalog({ search, onSearch, chosen, onAdd }: CatalogProps) {
  const query = useComponents(search);
  const found = (query.data?.components ?? []).filter((one) => !chosen.some((component) => same(one, component)));
  return (
    <div className="stack">
      <Field label="Search the catalog" hint={query.error?.message}>
        {(ids) => (
          <input
            {...ids}
            className="input"
            type="search"
            placeholder="frontend, review, postgres…"
            value={search}
            onChange={(event) => onSearch(event.target.value)}
          />
        )}
      </Field>
      <ul className="catalog">
        {found.map(({ kind, name, description, category }) => (
          <li key={`${kind} ${name}`}>
            <button type="button" className="catalog__item" onClick={() => onAdd({ kind, name })}>
              <span className="badge">{kind}</span>
              <span className="grow">
                <span className="catalog__name">{safeLine(name, 80)}</span>
                <span className="faint cut catalog__about">{safeLine(description ?? category ?? "", 140)}</span>
              </span>
              <Plus aria-hidden />
            </button>
          </li>
        ))}
        {found.length === 0 && !query.isPending ? <li className="pad faint">Nothing found</li> : null}
      </ul>
    </div>
  );
}
