import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";
import { Skeleton } from "./skeleton.tsx";

interface QueryStateProps<Data> {
  readonly query: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
  readonly loading?: ReactNode;
}

/** Shows what a query has: its data, that it loads, or why it failed with a button to try again. */
export function QueryState<Data>({ query, children, loading }: QueryStateProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return loading ?? <Skeleton />;
  return (
    <div className="pad">
      <Notice tone="red">
        <p>{query.error?.message ?? "The server did not answer."}</p>
        <p>
          <Button isSmall onClick={() => query.refetch()}>
            Try again
          </Button>
        </p>
      </Notice>
    </div>
  );
}
