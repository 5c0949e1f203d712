import { ActionIcon, Group, Select, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ListSearch } from "../api/lists";
import classes from "./DataTable.module.css";
import { useFormat } from "./format";

type Props = { count: number; page: number; pageSize: number; onChange: (patch: ListSearch) => void };

const SIZES = ["25", "50", "100", "200"];

export function TablePager({ count, page, pageSize, onChange }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const pages = Math.max(1, Math.ceil(count / pageSize));
  const from = number((page - 1) * pageSize + 1);
  const to = number(Math.min(count, page * pageSize));
  return (
    <div className={classes.pager}>
      <Text size="sm" c="dimmed" aria-live="polite">
        {t("ui.table.range", { from, to, all: number(count) })}
      </Text>
      <Group gap="xs">
        <Select
          size="xs"
          w={76}
          aria-label={t("ui.table.pageSize")}
          data={SIZES}
          allowDeselect={false}
          value={String(pageSize)}
          onChange={(value) => onChange({ page_size: Number(value) })}
        />
        <ActionIcon
          variant="default"
          aria-label={t("ui.table.previous")}
          disabled={page <= 1}
          onClick={() => onChange({ page: page - 1 })}
        >
          <IconChevronLeft size={18} className={classes.chevron} />
        </ActionIcon>
        <Text size="sm">{t("ui.table.page", { page: number(page), pages: number(pages) })}</Text>
        <ActionIcon
          variant="default"
          aria-label={t("ui.table.next")}
          disabled={page >= pages}
          onClick={() => onChange({ page: page + 1 })}
        >
          <IconChevronRight size={18} className={classes.chevron} />
        </ActionIcon>
      </Group>
    </div>
  );
}
