import { List, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Code } from "./Code";

export type Capability = { id: string; title: string; since: string };
type Props = { capabilities: Capability[]; missing?: ReadonlySet<string> };

/** What a build announces, searched by name: "is it there?" */
export function Capabilities({ capabilities, missing }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = capabilities.filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(wanted));
  if (capabilities.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t("ui.capabilities.none")}
      </Text>
    );
  return (
    <Stack gap="sm">
      <TextInput
        aria-label={t("ui.capabilities.search")}
        placeholder={t("ui.capabilities.search")}
        leftSection={<IconSearch size={16} aria-hidden="true" />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Text size="xs" c="dimmed" role="status">
        {wanted
          ? t("ui.capabilities.found", { count: found.length, text })
          : t("ui.capabilities.all", { count: found.length })}
      </Text>
      <List spacing="xs" size="sm" listStyleType="none" style={{ maxHeight: "20rem", overflowY: "auto" }}>
        {found.map(({ id, title, since }) => (
          <List.Item key={id}>
            <span lang="en" dir="auto">
              {title}
            </span>{" "}
            <Text span size="xs" c="dimmed">
              <Code>{id}</Code> · {t("ui.capabilities.since")} <Code>{since}</Code>
            </Text>
            {missing?.has(id) && (
              <Text span size="xs" c="madder" fw={600}>
                {" "}
                {t("ui.capabilities.missing")}
              </Text>
            )}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
