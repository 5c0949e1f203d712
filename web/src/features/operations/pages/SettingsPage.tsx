import { Badge, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconDownload, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { exportUrl } from "../../../api/lists";
import { useLabel } from "../../../i18n/label";
import { Code } from "../../../ui/Code";
import type { Column } from "../../../ui/DataTable";
import { Loaded } from "../../../ui/Loaded";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { SETTINGS, type SettingInEffect, settingsQuery } from "../queries";

export function SettingsPage() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const query = useQuery(settingsQuery);
  const wanted = text.trim().toLowerCase();
  return (
    <>
      <PageHeader
        title={t("operations.settings.title")}
        lead={t("operations.settings.lead")}
        actions={
          <Button
            component="a"
            variant="default"
            href={exportUrl(SETTINGS, "csv", {})}
            leftSection={<IconDownload size={16} aria-hidden="true" />}
          >
            {t("operations.settings.export")}
          </Button>
        }
      />
      <Stack gap="md">
        <TextInput
          aria-label={t("operations.settings.search")}
          placeholder={t("operations.settings.search")}
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          maw={360}
        />
        <Panel flush>
          <Loaded query={query} rows={12}>
            {(rows) => (
              <Settings
                rows={rows.filter(({ name, note }) => `${name} ${note}`.toLowerCase().includes(wanted))}
              />
            )}
          </Loaded>
        </Panel>
      </Stack>
    </>
  );
}

function Settings({ rows }: { rows: SettingInEffect[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const columns: Column<SettingInEffect>[] = [
    {
      id: "name",
      header: t("operations.settings.name"),
      cell: (row) => (
        <Stack gap={0}>
          <Code>{row.name}</Code>
          <Text size="xs" c="dimmed">
            <bdi lang="en" dir="ltr">
              {row.note}
            </bdi>
          </Text>
        </Stack>
      ),
    },
    {
      id: "value",
      header: t("operations.settings.value"),
      cell: (row) =>
        row.secret ? (
          <Group gap="xs" wrap="nowrap">
            <Badge variant="outline" color="gray">
              {t("operations.settings.secret")}
            </Badge>
            {row.value === "set" ? t("operations.settings.set") : t("operations.settings.unset")}
          </Group>
        ) : row.value === "" ? (
          "–"
        ) : (
          <Code>{row.value}</Code>
        ),
    },
    {
      id: "source",
      header: t("operations.settings.source"),
      cell: (row) => label("operations.source", row.source),
    },
  ];
  return (
    <SmallTable
      isWide
      caption={t("operations.settings.title")}
      columns={columns}
      rows={rows}
      rowId={(row) => row.name}
      empty={t("operations.settings.empty")}
    />
  );
}
