import { Search } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { Segments } from "../base/segments.tsx";
import { useUserNames } from "../data/users.ts";

export type RunView = "all" | "running" | "queued" | "succeeded" | "failed";

export interface RunFilter {
  readonly view: RunView;
  readonly search: string;
  /** A user's id; empty for everybody. */
  readonly user: string;
}

const views = [
  { value: "all", text: "All" },
  { value: "running", text: "Running" },
  { value: "queued", text: "Queued" },
  { value: "succeeded", text: "Succeeded" },
  { value: "failed", text: "Failed" },
] as const;

const typingMs = 200;

interface RunFiltersProps {
  readonly filter: RunFilter;
  readonly onChange: (filter: RunFilter) => void;
  readonly searchField: RefObject<HTMLInputElement | null>;
}

export function RunFilters({ filter, onChange, searchField }: RunFiltersProps) {
  const userNames = useUserNames();
  return (
    <div className="run-filters">
      <SearchField value={filter.search} field={searchField} onChange={(search) => onChange({ ...filter, search })} />
      <Segments label="State" value={filter.view} options={views} onChange={(view) => onChange({ ...filter, view })} />
      {userNames.size < 2 ? null : (
        <select
          className="input run-filters__user"
          aria-label="User"
          value={filter.user}
          onChange={(event) => onChange({ ...filter, user: event.target.value })}
        >
          <option value="">Everybody</option>
          {[...userNames].map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

interface SearchFieldProps {
  readonly value: string;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onChange: (value: string) => void;
}

/** Searches once the user pauses. */
function SearchField({ value, field, onChange }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the timer belongs to what is typed
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), typingMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <span className="search">
      <Search aria-hidden />
      <input
        ref={field}
        className="input"
        type="search"
        placeholder="Search prompts and names"
        aria-label="Search prompts and names"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      <kbd aria-hidden>/</kbd>
    </span>
  );
}
