import { Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../../ui/format";
import type { ListedObligation } from "../queries";

type Props = { row: Pick<ListedObligation, "locks" | "locked_since"> };

/** What an obligation closes, and since when it does. */
export function Locked({ row }: Props) {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  if (row.locks.length === 0) return null;
  const what = row.locks.map((point) => t(`obligations.locks.${point}`)).join(t("ui.comma"));
  if (!row.locked_since) return <Text size="sm">{what}</Text>;
  return (
    <Text size="sm" c="madder" fw={600} component="span">
      <IconLock size={14} aria-hidden="true" />{" "}
      {t("obligations.lockedSince", { what, moment: dateTime(row.locked_since) })}
    </Text>
  );
}
