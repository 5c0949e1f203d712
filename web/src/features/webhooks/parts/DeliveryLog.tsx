import { Button, Title } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ListSearch } from "../../../api/lists";
import { useLabel } from "../../../i18n/label";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { DayFilter } from "../../../ui/filters";
import { useFormat } from "../../../ui/format";
import { StatusBadge } from "../../../ui/StatusBadge";
import { RedeliverForm } from "../forms/RedeliverForm";
import { covers } from "../patterns";
import { type Endpoint, eventsQuery, LOG, type Sent, STATUSES } from "../queries";
import { DeliveryView } from "./DeliveryView";

type Props = { endpoint: Endpoint; search: ListSearch };

/** Everything that was sent, newest first; a row opens its attempts. */
export function DeliveryLog({ endpoint, search }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const heading = useId();
  const [shown, setShown] = useState<number | null>(null);
  const [isRedelivering, setRedelivering] = useState(false);
  const { data: apps } = useSuspenseQuery(eventsQuery);
  const types = apps
    .flatMap(({ events }) => events.map(({ type }) => type))
    .filter((type) => covers(endpoint.events, type));
  const columns = useColumns(setShown);
  return (
    <section aria-labelledby={heading}>
      <Title order={2} size="h3" id={heading} mt="lg" mb="sm">
        {t("webhooks.log.title")}
      </Title>
      <DataTable
        path={LOG}
        params={{ pk: endpoint.id }}
        caption={t("webhooks.log.title")}
        columns={columns}
        rowId={(row) => row.id}
        search={search}
        filters={[
          {
            name: "status",
            label: t("webhooks.log.status"),
            options: STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
          {
            name: "event_type",
            label: t("webhooks.log.event"),
            options: [...types, "webhook.test"].map((value) => ({ value, label: value })),
          },
          { name: "date_from", label: t("webhooks.log.from"), control: (field) => <DayFilter {...field} /> },
          { name: "date_to", label: t("webhooks.log.to"), control: (field) => <DayFilter {...field} /> },
        ]}
        isSearchable={false}
        actions={
          endpoint.enabled && (
            <Button variant="default" onClick={() => setRedelivering(true)}>
              {t("webhooks.redeliver.many")}
            </Button>
          )
        }
        empty={{ title: t("webhooks.log.empty"), detail: t("webhooks.log.emptyDetail"), action: null }}
      />
      <FormDialog
        title={t("webhooks.log.one")}
        opened={shown !== null}
        onClose={() => setShown(null)}
        size="xl"
      >
        {shown !== null && <DeliveryView id={shown} mayRedeliver={endpoint.enabled} />}
      </FormDialog>
      <FormDialog
        title={t("webhooks.redeliver.title")}
        opened={isRedelivering}
        onClose={() => setRedelivering(false)}
      >
        <RedeliverForm endpoint={endpoint} onDone={() => setRedelivering(false)} />
      </FormDialog>
    </section>
  );
}

function useColumns(show: (id: number) => void): Column<Sent>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo<Column<Sent>[]>(
    () => [
      {
        id: "event",
        header: t("webhooks.log.event"),
        sort: "event_type",
        cell: (row) => <Code>{row.event_type}</Code>,
      },
      {
        id: "at",
        header: t("webhooks.log.at"),
        sort: "created_at",
        cell: (row) => format.dateTime(row.created_at),
      },
      {
        id: "status",
        header: t("webhooks.log.status"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
      {
        id: "attempts",
        header: t("webhooks.log.attempts"),
        align: "end",
        cell: (row) => format.number(row.attempts),
      },
      {
        id: "next",
        header: t("webhooks.log.next"),
        cell: (row) => row.next_attempt_at && format.dateTime(row.next_attempt_at),
      },
      { id: "id", header: t("webhooks.log.id"), isExtra: true, cell: (row) => <Code>{row.event_id}</Code> },
      {
        id: "open",
        header: "",
        align: "end",
        cell: (row) => (
          <Button size="compact-xs" variant="subtle" onClick={() => show(row.id)}>
            {t("webhooks.log.open")}
          </Button>
        ),
      },
    ],
    [t, format, show],
  );
}
