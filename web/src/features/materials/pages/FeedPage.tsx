import { Badge } from "@mantine/core";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { ButtonLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { FEED, PUBLISHES, type Shared } from "../queries";

const route = getRouteApi("/shell/materials");

/** What was published for the reader, by course, the latest of each first; what was not opened yet is marked. */
export function FeedPage() {
  const { t } = useTranslation();
  const can = useCan();
  const columns = useColumns();
  const search = route.useSearch();
  const isByCourse = search.ordering === undefined || search.ordering.startsWith("course");
  const keep = can(PUBLISHES) && (
    <ButtonLink to="/materials/kept" variant="default">
      {t("materials.kept.open")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t("materials.title")} lead={t("materials.lead")} actions={keep} />
      <DataTable
        path={FEED}
        caption={t("materials.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/materials/$id", params: { id: String(row.id) } })}
        group={isByCourse ? (row) => row.course ?? t("materials.noCourse") : undefined}
        search={search}
        filters={[
          {
            name: "is_new",
            label: t("materials.fields.seen"),
            options: [
              { value: "true", label: t("materials.new") },
              { value: "false", label: t("materials.seen") },
            ],
          },
        ]}
        empty={{ title: t("materials.empty"), detail: t("materials.emptyDetail"), action: keep }}
      />
    </>
  );
}

function useColumns(): Column<Shared>[] {
  const { t } = useTranslation();
  return useMemo<Column<Shared>[]>(
    () => [
      {
        id: "title",
        header: t("materials.fields.title"),
        sort: "title",
        cell: (row) => (
          <>
            <Bidi>{row.title}</Bidi>{" "}
            {row.opened_at === null && (
              <Badge size="sm" variant="light">
                {t("materials.new")}
              </Badge>
            )}
          </>
        ),
      },
      {
        id: "course",
        header: t("materials.fields.course"),
        sort: "course",
        cell: (row) => row.courses.length > 0 && <Bidi>{row.courses.join(t("ui.comma"))}</Bidi>,
      },
      { id: "kind", header: t("materials.fields.kind"), cell: (row) => t(`materials.kinds.${row.kind}`) },
      {
        id: "by",
        header: t("materials.fields.by"),
        cell: (row) => <Bidi>{row.created_by_name}</Bidi>,
      },
      {
        id: "published_at",
        header: t("materials.fields.published_at"),
        sort: "published_at",
        cell: (row) => <Moment at={row.published_at} />,
      },
    ],
    [t],
  );
}
