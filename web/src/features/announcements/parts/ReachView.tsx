import { Loader, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { type Audience, namedOf } from "../../../ui/audience/audience";
import { KeyName } from "../../../ui/audience/KeyName";
import { Bidi } from "../../../ui/Bidi";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { Notice } from "../../../ui/Notice";
import { reachQuery } from "../queries";
import classes from "./ReachView.module.css";

const PAUSE = 300;
const BEYOND = "audience_out_of_scope";

/** How many will be told, and ten of them by name, before anything is sent. */
export function ReachView({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const [asked] = useDebouncedValue(audience, PAUSE);
  const { data, error, isFetching, refetch } = useQuery({
    ...reachQuery(asked),
    placeholderData: keepPreviousData,
  });
  if (namedOf(audience).length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("announcements.reach.nothing")}
      </Text>
    );
  }
  if (error) return <Refused error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loader size="sm" aria-label={t("announcements.reach.counting")} />;
  const rest = data.count - data.sample.length;
  return (
    <div aria-busy={isFetching}>
      {data.count === 0 ? (
        <Notice tone="wait" role="status">
          {t("announcements.reach.nobody")}
        </Notice>
      ) : (
        <div role="status" className={classes.count}>
          {t("announcements.reach.count", { count: data.count })}
        </div>
      )}
      <ul className={classes.sample}>
        {data.sample.map((name, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two people may have one name
          <li key={`${name}${place}`}>
            <Bidi>{name}</Bidi>
          </li>
        ))}
        {rest > 0 && <li>{t("announcements.reach.more", { count: rest })}</li>}
      </ul>
    </div>
  );
}

function Refused({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  const problem = asProblem(error);
  const keys = problem.extra.keys;
  if (problem.code !== BEYOND || !Array.isArray(keys)) return <ErrorPanel error={error} onRetry={onRetry} />;
  return (
    <Notice tone="wait" role="alert">
      {t("announcements.reach.beyond")}
      <ul className={classes.words}>
        {keys.map(String).map((key) => (
          <li key={key}>
            <KeyName value={key} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}
