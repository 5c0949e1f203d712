import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { EmptyState } from "../../../ui/EmptyState";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { Panel } from "../../../ui/Panel";
import { RowsSkeleton } from "../../../ui/Skeletons";
import { attentionQuery } from "../queries";
import { Entry, EntryList } from "./EntryList";

export function Attention() {
  const { t } = useTranslation();
  const label = useLabel();
  const { data, error, isPending, refetch } = useQuery(attentionQuery);
  const items = data?.results ?? [];
  return (
    <Panel
      flush
      title={t("home.attention.title")}
      actions={
        <Anchor component={Link} to="/inbox" size="sm">
          {t("home.attention.all")}
        </Anchor>
      }
    >
      {error ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <RowsSkeleton />
      ) : items.length === 0 ? (
        <EmptyState title={t("home.attention.none")} detail={t("home.attention.noneDetail")} />
      ) : (
        <EntryList>
          {items.map((item) => (
            <Entry
              key={item.id}
              url={item.url}
              title={item.title}
              detail={item.detail}
              tag={label("inbox.kind", item.kind)}
              at={item.created_at}
            />
          ))}
        </EntryList>
      )}
    </Panel>
  );
}
