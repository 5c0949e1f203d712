import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Bidi } from "./Bidi";
import { EmptyState } from "./EmptyState";
import { Moment } from "./Moment";
import classes from "./Timeline.module.css";

export type TimelineEntry = {
  id: string | number;
  at: string;
  title: ReactNode;
  who?: string | null;
  detail?: ReactNode;
};

/** The journal of a record, newest first as the server gives it. */
export function Timeline({ entries }: { entries: TimelineEntry[] }) {
  const { t } = useTranslation();
  if (entries.length === 0) return <EmptyState title={t("ui.timeline.empty")} />;
  return (
    <ol className={classes.timeline}>
      {entries.map((entry) => (
        <li key={entry.id}>
          <Text size="sm" component="div">
            {entry.title}
          </Text>
          {entry.detail && (
            <Text size="sm" c="dimmed" component="div">
              {entry.detail}
            </Text>
          )}
          <Text size="xs" c="dimmed">
            {entry.who && (
              <>
                <Bidi>{entry.who}</Bidi>
                {" · "}
              </>
            )}
            <Moment at={entry.at} />
          </Text>
        </li>
      ))}
    </ol>
  );
}
