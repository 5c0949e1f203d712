import { SegmentedControl, Title } from "@mantine/core";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { UploadForm } from "../forms/UploadForm";
import { countOf, KINDS, type Kind, kindOf, type ListedRun } from "../queries";
import classes from "./ImportsPage.module.css";

const route = getRouteApi("/shell/academics/imports");

export function ImportsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = route.useNavigate();
  const { kind: asked, ...search } = route.useSearch();
  const open = (Object.keys(KINDS) as Kind[]).filter((each) => can(KINDS[each].permission));
  const wanted = kindOf(asked);
  const kind = open.includes(wanted) ? wanted : (open[0] ?? wanted);
  const names = { students: t("imports.kinds.students"), faculty: t("imports.kinds.faculty") };
  return (
    <>
      <PageHeader
        title={t("imports.title")}
        lead={t("imports.lead")}
        actions={
          open.length > 1 && (
            <SegmentedControl
              aria-label={t("imports.kind")}
              value={kind}
              data={open.map((each) => ({ value: each, label: names[each] }))}
              onChange={(next) => void navigate({ search: { kind: next } })}
            />
          )
        }
      />
      <div className={classes.page}>
        <UploadForm
          key={kind}
          kind={kind}
          onUploaded={(run) =>
            void navigate({ to: "/academics/imports/$kind/$id", params: { kind, id: String(run.id) } })
          }
        />
        <div>
          <Title order={2} className={classes.heading}>
            {t("imports.history")}
          </Title>
          <History kind={kind} search={search} />
        </div>
      </div>
    </>
  );
}

function History({ kind, search }: { kind: Kind; search: ReturnType<typeof route.useSearch> }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  const columns = useMemo<Column<ListedRun>[]>(
    () => [
      { id: "filename", header: t("imports.columns.file"), cell: (run) => <Bidi>{run.filename}</Bidi> },
      {
        id: "status",
        header: t("imports.columns.status"),
        cell: (run) => <StatusBadge status={run.status} />,
      },
      {
        id: "mode",
        header: t("imports.columns.mode"),
        isExtra: true,
        cell: (run) => label("imports.mode", run.mode),
      },
      {
        id: "total",
        header: t("imports.columns.rows"),
        align: "end",
        cell: (run) => number(countOf(run.summary, "total") || run.job.total),
      },
      {
        id: "error",
        header: t("imports.columns.wrong"),
        align: "end",
        cell: (run) => number(countOf(run.summary, "error")),
      },
      { id: "user", header: t("imports.columns.who"), cell: (run) => <Bidi>{run.user_name}</Bidi> },
      { id: "at", header: t("imports.columns.when"), cell: (run) => <Moment at={run.created_at} /> },
    ],
    [t, label, number],
  );
  return (
    <DataTable
      path={KINDS[kind].path}
      caption={t("imports.history")}
      columns={columns}
      rowId={(run) => run.id}
      rowLink={(run) =>
        linkOptions({ to: "/academics/imports/$kind/$id", params: { kind, id: String(run.id) } })
      }
      search={search}
      isSearchable={false}
      isExportable={false}
      empty={{
        title: t("imports.empty.title"),
        detail: t("imports.empty.detail"),
        action: null,
      }}
    />
  );
}
