import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../../ui/format";
import type { ListedObligation } from "../queries";

type Props = { row: Pick<ListedObligation, "due_on" | "is_late"> };

/** The day until whose end something is owed. */
export function DueDay({ row }: Props) {
  const { t } = useTranslation();
  const { date } = useFormat();
  if (!row.due_on) return <>{t("obligations.noTerm")}</>;
  return (
    <>
      {date(row.due_on)}{" "}
      {row.is_late && (
        <Badge color="madder" variant="light" size="sm">
          {t("obligations.late")}
        </Badge>
      )}
    </>
  );
}
