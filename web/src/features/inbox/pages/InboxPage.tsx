import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../../api/types";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { ServerLink } from "../../../ui/ServerLink";
import classes from "./InboxPage.module.css";

const PATH = "/api/v1/work/inbox-items/";
type Item = Row<typeof PATH>;

const route = getRouteApi("/shell/inbox");

export function InboxPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const search = route.useSearch();
  const columns = useMemo<Column<Item>[]>(
    () => [
      {
        id: "title",
        header: t("inbox.columns.title"),
        cell: (item) => (
          <ServerLink url={item.url} className={classes.item}>
            <strong>
              <Bidi>{item.title}</Bidi>
            </strong>
            {item.detail && <Bidi>{item.detail}</Bidi>}
          </ServerLink>
        ),
      },
      { id: "kind", header: t("inbox.columns.kind"), cell: (item) => label("inbox.kind", item.kind) },
      {
        id: "created_at",
        header: t("inbox.columns.created"),
        sort: "created_at",
        cell: (item) => <Moment at={item.created_at} />,
      },
      {
        id: "closed_at",
        header: t("inbox.columns.closed"),
        isExtra: true,
        cell: (item) => item.closed_at && <Moment at={item.closed_at} />,
      },
    ],
    [t, label],
  );
  return (
    <>
      <PageHeader title={t("inbox.title")} lead={t("inbox.lead")} />
      <DataTable
        path={PATH}
        caption={t("inbox.title")}
        columns={columns}
        rowId={(item) => item.id}
        search={search}
        defaults={{ status: "open" }}
        filters={[
          {
            name: "status",
            label: t("inbox.filters.status"),
            options: [
              { value: "open", label: t("inbox.status.open") },
              { value: "closed", label: t("inbox.status.closed") },
            ],
          },
        ]}
        isExportable={false}
        empty={{
          title: t("inbox.empty.title"),
          detail: t("inbox.empty.detail"),
          action: (
            <Button component={Link} to="/" variant="default">
              {t("inbox.empty.action")}
            </Button>
          ),
        }}
      />
    </>
  );
}
