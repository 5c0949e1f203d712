import { Group, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./PageHeader.module.css";

type Props = {
  title: string;
  /** The name shown, when it needs markup (a person's name, a badge). */
  heading?: ReactNode;
  lead?: ReactNode;
  badge?: ReactNode;
  actions?: ReactNode;
  /** A link back to the list this page belongs to. */
  up?: ReactNode;
};

export function PageHeader({ title, heading, lead, badge, actions, up }: Props) {
  const { t } = useTranslation();
  useDocumentTitle(t("app.titled", { page: title }));
  return (
    <div className={classes.header}>
      <div className={classes.words}>
        {up && <div className={classes.up}>{up}</div>}
        <Group gap="sm" align="center">
          <Title order={1} className={classes.title}>
            {heading ?? title}
          </Title>
          {badge}
        </Group>
        {lead && (
          <Text c="dimmed" size="sm" component="div">
            {lead}
          </Text>
        )}
      </div>
      {actions && <Group gap="xs">{actions}</Group>}
    </div>
  );
}
