import { notifications } from "@mantine/notifications";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { type Column, DataTable } from "../../../ui/DataTable";
import { DayFilter } from "../../../ui/filters";
import { useFormat } from "../../../ui/format";
import { ButtonLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { ErrorWords } from "../parts/ErrorWords";
import { DELIVERIES, type Delivery, STATUSES, UNKNOWN } from "../queries";

const route = getRouteApi("/shell/administration/deliveries");

export function DeliveriesPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const columns = useColumns(can("delivery.retry"));
  return (
    <>
      <PageHeader title={t("deliveries.title")} lead={t("deliveries.lead")} />
      <DataTable
        path={DELIVERIES}
        caption={t("deliveries.title")}
        columns={columns}
        rowId={(row) => row.id}
        search={route.useSearch()}
        filters={[
          {
            name: "status",
            label: t("deliveries.filters.status"),
            options: STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
          {
            name: "date_from",
            label: t("deliveries.filters.from"),
            control: (field) => <DayFilter {...field} />,
          },
          {
            name: "date_to",
            label: t("deliveries.filters.to"),
            control: (field) => <DayFilter {...field} />,
          },
        ]}
        empty={{
          title: t("deliveries.empty"),
          detail: t("deliveries.emptyDetail"),
          action: can("invitation.send") && (
            <ButtonLink to="/administration/invitations" variant="default">
              {t("deliveries.emptyAction")}
            </ButtonLink>
          ),
        }}
      />
    </>
  );
}

function useColumns(mayRetry: boolean): Column<Delivery>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  return useMemo<Column<Delivery>[]>(
    () => [
      {
        id: "what",
        header: t("deliveries.columns.what"),
        cell: (row) => (row.title ? <Bidi>{row.title}</Bidi> : label("deliveries.kind", row.kind)),
      },
      {
        id: "to",
        header: t("deliveries.columns.to"),
        cell: (row) => <Bidi>{row.address}</Bidi>,
      },
      {
        id: "wanted",
        header: t("deliveries.columns.wanted"),
        sort: "created_at",
        cell: (row) => format.dateTime(row.created_at),
      },
      {
        id: "status",
        header: t("deliveries.columns.status"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
      {
        id: "attempts",
        header: t("deliveries.columns.attempts"),
        align: "end",
        cell: (row) => format.number(row.attempts),
      },
      {
        id: "settled",
        header: t("deliveries.columns.settled"),
        cell: (row) =>
          row.settled_at ? (
            <Moment at={row.settled_at} />
          ) : (
            t("deliveries.dueAt", { moment: format.dateTime(row.due_at) })
          ),
      },
      {
        id: "error",
        header: t("deliveries.columns.error"),
        // What its reader switched off has no error of its own.
        cell: (row) => <ErrorWords error={row.error || (row.status === "suppressed" ? row.mode : "")} />,
      },
      ...(mayRetry
        ? [
            {
              id: "act",
              header: t("deliveries.columns.act"),
              align: "end" as const,
              cell: (row: Delivery) => row.status === "failed" && <Retry delivery={row} />,
            },
          ]
        : []),
    ],
    [t, label, format, mayRetry],
  );
}

function Retry({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const saved = useSaved(DELIVERIES);
  const { address } = delivery;
  return (
    <ConfirmButton
      size="compact-sm"
      title={t("deliveries.retry.title")}
      question={
        <>
          <p>{t("deliveries.retry.question", { address })}</p>
          {delivery.error === UNKNOWN && <p>{t("deliveries.retry.twice", { address })}</p>}
        </>
      }
      confirm={t("deliveries.retry.do")}
      act={() => writeJson("POST", `${DELIVERIES}${delivery.id}/retry/`)}
      onDone={async () => {
        await saved();
        notifications.show({ message: t("deliveries.retry.done"), color: "leaf" });
      }}
    >
      {t("deliveries.retry.do")}
    </ConfirmButton>
  );
}
