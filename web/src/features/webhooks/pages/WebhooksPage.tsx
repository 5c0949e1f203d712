import { Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { EndpointState } from "../parts/EndpointState";
import { LastOutcome } from "../parts/LastOutcome";
import { PatternWords } from "../parts/PatternWords";
import { type ListedEndpoint, WEBHOOKS } from "../queries";

const route = getRouteApi("/shell/dashboard/settings/webhooks");

export function WebhooksPage() {
  const { t } = useTranslation();
  const columns = useMemo<Column<ListedEndpoint>[]>(
    () => [
      {
        id: "name",
        header: t("webhooks.fields.name"),
        sort: "name",
        cell: (row) => (
          <Stack gap={0}>
            <Bidi>{row.name}</Bidi>
            <Text size="xs" c="dimmed" fw={400}>
              <Code>{shortened(row.url)}</Code>
            </Text>
          </Stack>
        ),
      },
      {
        id: "events",
        header: t("webhooks.fields.events"),
        cell: (row) => <PatternWords patterns={row.events} atMost={3} />,
      },
      { id: "state", header: t("webhooks.fields.state"), cell: (row) => <EndpointState endpoint={row} /> },
      {
        id: "outcome",
        header: t("webhooks.fields.outcome"),
        sort: "last_success_at",
        cell: (row) => <LastOutcome endpoint={row} />,
      },
      {
        id: "by",
        header: t("webhooks.fields.by"),
        isExtra: true,
        cell: (row) => <Bidi>{row.created_by_name}</Bidi>,
      },
    ],
    [t],
  );
  const subscribe = (
    <ButtonLink to="/dashboard/settings/webhooks/new" leftSection={<IconPlus size={16} aria-hidden="true" />}>
      {t("webhooks.subscribe.do")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t("webhooks.title")} lead={t("webhooks.lead")} actions={subscribe} />
      <DataTable
        path={WEBHOOKS}
        caption={t("webhooks.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) =>
          linkOptions({ to: "/dashboard/settings/webhooks/$id", params: { id: String(row.id) } })
        }
        search={route.useSearch()}
        empty={{ title: t("webhooks.empty"), detail: t("webhooks.emptyDetail"), action: subscribe }}
      />
    </>
  );
}

const LONGEST = 48;
const shortened = (url: string) => (url.length > LONGEST ? `${url.slice(0, LONGEST)}…` : url);
