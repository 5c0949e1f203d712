import { Button, CopyButton, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "../../../ui/Panel";
import { type Language, SNIPPETS } from "../snippets";
import classes from "./Snippets.module.css";

const LANGUAGES = [
  { value: "python", label: "Python" },
  { value: "javascript", label: "JavaScript" },
];

/** How the receiver makes sure that an event comes from here. */
export function Snippets() {
  const { t } = useTranslation();
  const [language, setLanguage] = useState<Language>("python");
  return (
    <Panel title={t("webhooks.verify.title")}>
      <Stack gap="sm">
        <Text size="sm">{t("webhooks.verify.lead")}</Text>
        <Group justify="space-between" gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={t("webhooks.verify.language")}
            data={LANGUAGES}
            value={language}
            onChange={(value) => setLanguage(value as Language)}
          />
          <CopyButton value={SNIPPETS[language]}>
            {({ copied, copy }) => (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                onClick={copy}
              >
                {copied ? t("ui.copy.done") : t("ui.copy.do")}
              </Button>
            )}
          </CopyButton>
        </Group>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls is reached by the keyboard */}
        <pre className={classes.code} dir="ltr" tabIndex={0}>
          <code>{SNIPPETS[language]}</code>
        </pre>
      </Stack>
    </Panel>
  );
}
