import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { plainOf } from "../../../ui/markdown";
import { Panel } from "../../../ui/Panel";
import { boardQuery } from "../queries";
import { Entry, EntryList } from "./EntryList";

const SHOWN = 140;

/** The newest announcements that still hold; an empty board takes no room. */
export function Board() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(boardQuery);
  const items = data?.results ?? [];
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (items.length === 0) return null;
  return (
    <Panel
      flush
      title={t("home.board.title")}
      actions={
        <Anchor component={Link} to="/board" size="sm">
          {t("home.board.all")}
        </Anchor>
      }
    >
      <EntryList>
        {items.map((item) => (
          <Entry
            key={item.id}
            url={`/board/${item.id}`}
            title={item.title}
            detail={shortened(plainOf(item.body))}
            tag={item.created_by_name}
            at={item.sent_at}
          />
        ))}
      </EntryList>
    </Panel>
  );
}

const shortened = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN).trimEnd()}…` : text);
