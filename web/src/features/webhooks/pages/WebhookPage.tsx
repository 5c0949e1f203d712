import { Stack, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Columns } from "../../../ui/Columns";
import { Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { DeliveryLog } from "../parts/DeliveryLog";
import { DeleteButton, RotateButton, SwitchButton } from "../parts/EndpointActs";
import { EndpointState } from "../parts/EndpointState";
import { LastOutcome } from "../parts/LastOutcome";
import { PatternWords } from "../parts/PatternWords";
import { Snippets } from "../parts/Snippets";
import { TestPanel } from "../parts/TestPanel";
import { type Endpoint, endpointQuery } from "../queries";

const route = getRouteApi("/shell/dashboard/settings/webhooks/$id");

export function WebhookPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const { id } = route.useParams();
  const { data: endpoint } = useSuspenseQuery(endpointQuery(id));
  return (
    <>
      <PageHeader
        title={endpoint.name}
        heading={<Bidi>{endpoint.name}</Bidi>}
        badge={<EndpointState endpoint={endpoint} />}
        lead={<Code>{endpoint.url}</Code>}
        up={<AnchorLink to="/dashboard/settings/webhooks">{t("webhooks.title")}</AnchorLink>}
        actions={
          <>
            <DeleteButton endpoint={endpoint} />
            <SwitchButton endpoint={endpoint} />
            <RotateButton endpoint={endpoint} />
            <ButtonLink
              to="/dashboard/settings/webhooks/$id/edit"
              params={{ id }}
              variant="default"
              leftSection={<IconPencil size={16} aria-hidden="true" />}
            >
              {t("ui.edit")}
            </ButtonLink>
          </>
        }
      />
      {endpoint.disabled_reason && (
        <Notice tone="wait" role="status">
          {label("webhooks.disabled", endpoint.disabled_reason)}
        </Notice>
      )}
      <Columns side={<Snippets />}>
        <About endpoint={endpoint} />
        <TestPanel endpoint={endpoint} />
      </Columns>
      <DeliveryLog endpoint={endpoint} search={route.useSearch()} />
    </>
  );
}

function About({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("webhooks.about")}>
      <Facts
        items={[
          { label: t("webhooks.fields.outcome"), value: <LastOutcome endpoint={endpoint} /> },
          { label: t("webhooks.fields.events"), value: <PatternWords patterns={endpoint.events} /> },
          { label: t("webhooks.fields.filters"), value: <Filters filters={endpoint.filters} /> },
          { label: t("webhooks.fields.secret"), value: <Secrets endpoint={endpoint} /> },
          {
            label: t("webhooks.fields.description"),
            value: endpoint.description ? <Bidi>{endpoint.description}</Bidi> : null,
          },
          { label: t("webhooks.fields.by"), value: <Bidi>{endpoint.created_by_name}</Bidi> },
        ]}
      />
    </Panel>
  );
}

function Filters({ filters }: { filters: Endpoint["filters"] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const entries = Object.entries(filters);
  if (entries.length === 0) return t("webhooks.noFilters");
  return (
    <Stack gap={2}>
      {entries.map(([name, wanted]) => (
        <span key={name}>
          {label("webhooks.attribute", name)}: <Bidi>{wanted.join(t("ui.comma"))}</Bidi>
        </span>
      ))}
    </Stack>
  );
}

function Secrets({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  return (
    <Stack gap={2}>
      {endpoint.secrets.map(({ masked, expires_at }) => (
        <span key={masked}>
          <Code>{masked}</Code>
          {expires_at && (
            <Text component="span" size="sm" c="dimmed">
              {" "}
              {t("webhooks.secret.until", { moment: dateTime(expires_at) })}
            </Text>
          )}
        </span>
      ))}
    </Stack>
  );
}
