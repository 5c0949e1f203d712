import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../api/problem";
import { getJson, urlOf } from "../api/transport";
import type { Page } from "../api/types";
import { readable, useLabel } from "../i18n/label";
import { Bidi } from "./Bidi";
import { Loaded } from "./Loaded";
import { Panel } from "./Panel";
import { Timeline } from "./Timeline";

type Line = {
  id: number;
  kind: string;
  at: string;
  by_name: string;
  reason: string;
  changes: Record<string, unknown>;
};

const STEP = 15;
const CLOSED = 403;
const HIDDEN = new Set(["version", "id"]);

function written(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.map(written).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** `{status: ["active", "suspended"]}` reads "Status: active → suspended". */
export function changeWords(changes: Record<string, unknown>): string[] {
  return Object.entries(changes)
    .filter(([field, pair]) => Array.isArray(pair) && pair.length === 2 && !HIDDEN.has(field))
    .filter(([field]) => !field.endsWith("_id"))
    .map(([field, pair]) => {
      const [before, after] = pair as [unknown, unknown];
      const name = readable(field);
      return before === null || before === undefined || before === after
        ? `${name}: ${written(after)}`
        : `${name}: ${written(before)} → ${written(after)}`;
    });
}

/** The journal of a record, read from its `timeline/`; a reader to whom it is closed sees no panel. */
export function JournalPanel({ url, title }: { url: string; title: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const [size, setSize] = useState(STEP);
  const query = useQuery({
    queryKey: [url, { page_size: size }],
    queryFn: ({ signal }) => getJson<Page<Line>>(urlOf(url, { page_size: size }), signal),
    placeholderData: keepPreviousData,
  });
  if (query.error && asProblem(query.error).status === CLOSED) return null;
  return (
    <Panel title={title}>
      <Loaded query={query}>
        {({ results, count }) => (
          <>
            <Timeline
              entries={results.map((line) => ({
                id: line.id,
                at: line.at,
                who: line.by_name,
                title: label("ui.journal", line.kind),
                detail: (
                  <>
                    {line.reason && <div>{<Bidi>{line.reason}</Bidi>}</div>}
                    {changeWords(line.changes).map((words) => (
                      <div key={words}>
                        <Bidi>{words}</Bidi>
                      </div>
                    ))}
                  </>
                ),
              }))}
            />
            {count > results.length && (
              <Button
                variant="subtle"
                size="compact-sm"
                mt="sm"
                loading={query.isFetching}
                onClick={() => setSize(size + STEP)}
              >
                {t("ui.timeline.more")}
              </Button>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}
