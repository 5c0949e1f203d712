import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { DueDay } from "../parts/DueDay";
import { Locked } from "../parts/Locked";
import { type ListedObligation, OBLIGATIONS, STATUSES } from "../queries";

const route = getRouteApi("/shell/obligations");

/** What one owes the institution; for whoever verifies also what others owe. */
export function ObligationsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const verifies = can("obligation.verify", "journal.view");
  const columns = useColumns(verifies);
  const define = can("obligation.define") && (
    <ButtonLink to="/obligations/requirements" variant="default">
      {t("obligations.requirements.open")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t("obligations.title")} lead={t("obligations.lead")} actions={define} />
      <DataTable
        path={OBLIGATIONS}
        caption={t("obligations.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/obligations/$id", params: { id: String(row.id) } })}
        search={route.useSearch()}
        filters={[
          {
            name: "status",
            label: t("obligations.fields.status"),
            options: STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
          ...(verifies
            ? [
                {
                  name: "mine",
                  label: t("obligations.fields.whose"),
                  options: [
                    { value: "true", label: t("obligations.mine") },
                    { value: "false", label: t("obligations.others") },
                  ],
                },
              ]
            : []),
        ]}
        empty={{ title: t("obligations.empty"), detail: t("obligations.emptyDetail"), action: define }}
      />
    </>
  );
}

function useColumns(verifies: boolean): Column<ListedObligation>[] {
  const { t } = useTranslation();
  return useMemo<Column<ListedObligation>[]>(
    () => [
      { id: "title", header: t("obligations.fields.title"), cell: (row) => <Bidi>{row.title}</Bidi> },
      ...(verifies
        ? [
            {
              id: "person",
              header: t("obligations.fields.person"),
              cell: (row: ListedObligation) => (
                <>
                  <Bidi>{row.full_name}</Bidi> {row.reg_no && <Code>{row.reg_no}</Code>}
                </>
              ),
            },
          ]
        : []),
      {
        id: "due",
        header: t("obligations.fields.due"),
        sort: "due_at",
        cell: (row) => <DueDay row={row} />,
      },
      {
        id: "status",
        header: t("obligations.fields.status"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
      { id: "locks", header: t("obligations.fields.locks"), cell: (row) => <Locked row={row} /> },
    ],
    [t, verifies],
  );
}
