import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, Link, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { ButtonLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { Priority } from "../../../ui/Priority";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useOptions } from "../../../ui/useOptions";
import { type ListedRequest, PRIORITIES, REQUESTS, STATUSES, TYPES } from "../queries";
import { filtersOf, hasStates, type View, viewOf, viewsFor } from "../views";
import classes from "./RequestsPage.module.css";

const route = getRouteApi("/shell/requests");

export function RequestsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const me = useMe();
  const { view: asked, ...search } = route.useSearch();
  const views = viewsFor(me);
  const view = viewOf(asked, views);
  const columns = useColumns(view);
  const types = useOptions(TYPES, (row) => row.name);
  const ask = can("request.create") && (
    <ButtonLink to="/requests/new" leftSection={<IconPlus size={16} />}>
      {t("requests.ask")}
    </ButtonLink>
  );
  const isOwn = view === "own";
  const status = {
    name: "status",
    label: t("requests.fields.status"),
    options: STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
  };
  return (
    <>
      <PageHeader
        title={isOwn ? t("requests.own") : t("requests.title")}
        lead={isOwn ? t("requests.ownLead") : t("requests.lead")}
        actions={ask}
      />
      {views.length > 1 && <Queues views={views} current={view} />}
      <DataTable
        key={view}
        path={REQUESTS}
        caption={label("requests.view", view)}
        columns={columns}
        rowId={(request) => request.id}
        rowLink={(request) => linkOptions({ to: "/requests/$id", params: { id: String(request.id) } })}
        search={search}
        fixed={filtersOf(view, me.person?.id ?? null)}
        filters={[
          { name: "type", label: t("requests.fields.type"), options: types },
          ...(hasStates(view) ? [status] : []),
          {
            name: "priority",
            label: t("requests.fields.priority"),
            options: PRIORITIES.map((value) => ({ value, label: label("ui.priority", value) })),
          },
        ]}
        empty={
          isOwn
            ? { title: t("requests.empty.own"), detail: t("requests.empty.ownDetail"), action: ask }
            : { title: t("requests.empty.queue"), detail: t("requests.empty.queueDetail"), action: null }
        }
      />
    </>
  );
}

function Queues({ views, current }: { views: View[]; current: View }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <nav className={classes.queues} aria-label={t("requests.queues")}>
      {views.map((view) => (
        <Link
          key={view}
          to="/requests"
          search={{ view }}
          className={classes.queue}
          aria-current={view === current ? "page" : undefined}
        >
          {label("requests.view", view)}
        </Link>
      ))}
    </nav>
  );
}

function useColumns(view: View): Column<ListedRequest>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const asker: Column<ListedRequest>[] = [
      {
        id: "requester",
        header: t("requests.fields.requester"),
        sort: "requester__name",
        cell: (row) => <Bidi>{row.requester_name}</Bidi>,
      },
      {
        id: "student",
        header: t("requests.fields.student"),
        cell: (row) => row.reg_no && <Code>{row.reg_no}</Code>,
      },
    ];
    return [
      {
        id: "title",
        header: t("requests.fields.title"),
        sort: "title",
        cell: (row) => <Bidi>{row.title}</Bidi>,
      },
      {
        id: "type",
        header: t("requests.fields.type"),
        sort: "type__name",
        cell: (row) => <Bidi>{row.type_name}</Bidi>,
      },
      ...(view === "own" ? [] : asker),
      {
        id: "priority",
        header: t("requests.fields.priority"),
        sort: "urgency",
        cell: (row) => <Priority value={row.priority} />,
      },
      {
        id: "submitted",
        header: t("requests.fields.submitted"),
        sort: "submitted_at",
        cell: (row) => <Moment at={row.submitted_at} />,
      },
      {
        id: "assigned",
        header: t("requests.fields.assigned"),
        cell: (row) => row.assigned_to_name && <Bidi>{row.assigned_to_name}</Bidi>,
      },
      {
        id: "status",
        header: t("requests.fields.status"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
    ];
  }, [t, view]);
}
