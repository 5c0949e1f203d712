import { Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { changesOf } from "../../../ui/changes";
import { FormShell } from "../../../ui/FormShell";
import { Panel } from "../../../ui/Panel";
import { useSaved } from "../../../ui/useSaved";
import { EventPicker } from "../parts/EventPicker";
import { filtersOf } from "../patterns";
import { type Endpoint, endpointUrl, eventsQuery, WEBHOOKS } from "../queries";

type Values = {
  name: string;
  url: string;
  description: string;
  events: string[];
  filters: Record<string, string[]>;
};
type Props = { endpoint?: Endpoint; cancel: ReactNode; onDone: (saved: Endpoint) => unknown };

const valuesOf = (row?: Endpoint): Values => ({
  name: row?.name ?? "",
  url: row?.url ?? "https://",
  description: row?.description ?? "",
  events: row?.events ?? [],
  filters: Object.fromEntries(
    Object.entries(row?.filters ?? {}).map(([name, wanted]) => [name, wanted.map(String)]),
  ),
});

/** Filters that name something; an empty one would let nothing pass. */
const wire = ({ filters, ...plain }: Partial<Values>) => ({
  ...plain,
  ...(filters && {
    filters: Object.fromEntries(Object.entries(filters).filter(([, wanted]) => wanted.length > 0)),
  }),
});

/** Which machine is sent what. */
export function EndpointForm({ endpoint, cancel, onDone }: Props) {
  const { t } = useTranslation();
  const saved = useSaved(WEBHOOKS);
  const loaded = valuesOf(endpoint);
  const needed = isNotEmpty(t("webhooks.needed"));
  const form = useForm<Values>({
    initialValues: loaded,
    validate: {
      name: needed,
      url: needed,
      events: (events) => (events.length > 0 ? null : t("webhooks.events.needed")),
    },
  });
  const fault = Object.entries(form.errors).find(([path]) => path.startsWith("events"))?.[1];
  return (
    <FormShell
      form={form}
      submitLabel={endpoint ? t("ui.save") : t("webhooks.subscribe.do")}
      cancel={cancel}
      onReload={saved}
      onSubmit={(values, { idempotencyKey }) =>
        endpoint
          ? writeJson<Endpoint>("PATCH", endpointUrl(endpoint.id), wire(changesOf(values, loaded)), {
              ifMatch: endpoint.version,
            })
          : writeJson<Endpoint>("POST", WEBHOOKS, wire(values), { idempotencyKey })
      }
      onDone={async (result) => {
        await saved();
        await onDone(result);
      }}
    >
      <Panel title={t("webhooks.receiver")}>
        <Stack gap="sm">
          <TextInput
            label={t("webhooks.fields.name")}
            required
            dir="auto"
            maxLength={120}
            {...form.getInputProps("name")}
          />
          <TextInput
            label={t("webhooks.fields.url")}
            description={t("webhooks.urlHint")}
            required
            dir="ltr"
            type="url"
            maxLength={2000}
            {...form.getInputProps("url")}
          />
          <Textarea
            label={t("webhooks.fields.description")}
            dir="auto"
            autosize
            maxLength={500}
            {...form.getInputProps("description")}
          />
        </Stack>
      </Panel>
      <Panel title={t("webhooks.fields.events")}>
        <EventPicker
          patterns={form.values.events}
          onChange={(events) => form.setFieldValue("events", events)}
          error={fault}
        />
      </Panel>
      <FilterFields
        events={form.values.events}
        filters={form.values.filters}
        onChange={(filters) => form.setFieldValue("filters", filters)}
      />
    </FormShell>
  );
}

type FilterProps = {
  events: string[];
  filters: Values["filters"];
  onChange: (filters: Values["filters"]) => void;
};

function FilterFields({ events, filters, onChange }: FilterProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { data: apps } = useSuspenseQuery(eventsQuery);
  const offered = filtersOf(
    events,
    apps.flatMap((app) => app.events),
  );
  const names = [...new Set([...offered, ...Object.keys(filters)])];
  if (names.length === 0) return null;
  return (
    <Panel title={t("webhooks.fields.filters")}>
      <Stack gap="sm">
        <Text size="sm">{t("webhooks.filtersHint")}</Text>
        {names.map((name) => (
          <TagsInput
            key={name}
            label={label("webhooks.attribute", name)}
            placeholder={t("webhooks.anyValue")}
            dir="ltr"
            value={filters[name] ?? []}
            onChange={(wanted) => onChange({ ...filters, [name]: wanted })}
          />
        ))}
      </Stack>
    </Panel>
  );
}
