import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../api/problem";
import { getJson, urlOf } from "../api/transport";
import type { Page } from "../api/types";
import { useLabel } from "../i18n/label";
import { Bidi } from "./Bidi";
import { type Line, useChangeWords } from "./journalled";
import { Loaded } from "./Loaded";
import { Panel } from "./Panel";
import { Timeline } from "./Timeline";

const STEP = 15;
const CLOSED = 403;
/** Who acts without being a person of the institution, as the server names them. */
const NOBODY = new Set(["Applicant", "Maristan"]);

/** The journal of a record, read from its `timeline/`; a reader to whom it is closed sees no panel. */
export function JournalPanel({ url, title }: { url: string; title: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const changeWords = useChangeWords();
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
                who: NOBODY.has(line.by_name) ? label("ui.actor", line.by_name) : line.by_name,
                title: label("ui.journal", line.kind),
                detail: (
                  <>
                    {line.reason && <div>{<Bidi>{line.reason}</Bidi>}</div>}
                    {changeWords(line).map((words) => (
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
