import { Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { unreadQuery } from "../../../api/notifications";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { Panel } from "../../../ui/Panel";
import { RowsSkeleton } from "../../../ui/Skeletons";
import { Entry, EntryList } from "./EntryList";

const SHOWN = 4;

export function News() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(unreadQuery);
  const items = data?.results.slice(0, SHOWN) ?? [];
  return (
    <Panel
      flush
      title={t("home.news.title")}
      actions={
        <Anchor component={Link} to="/notifications" size="sm">
          {t("home.news.all")}
        </Anchor>
      }
    >
      {error ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <RowsSkeleton rows={2} />
      ) : items.length === 0 ? (
        <Text c="dimmed" size="sm" p="md">
          {t("home.news.none")}
        </Text>
      ) : (
        <EntryList>
          {items.map((item) => (
            <Entry key={item.id} url={item.url} title={item.title} at={item.created_at} />
          ))}
        </EntryList>
      )}
    </Panel>
  );
}
