import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../../ui/format";
import type { Saving } from "../useWizard";

type Props = { saving: Saving; email: string; until: string; onSave: () => void };

/** Whether what was typed is kept, and how one comes back to it. */
export function SavingLine({ saving, email, until, onSave }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Text size="xs" c="dimmed" component="div">
      <span role="status">
        {saving.phase === "saved" && t("apply.saving.saved", { time: format.time(saving.at) })}
        {saving.phase === "saving" && t("apply.saving.saving")}
        {(saving.phase === "typed" || saving.phase === "refused") && t("apply.saving.typed")}
      </span>{" "}
      {(saving.phase === "typed" || saving.phase === "refused") && (
        <Anchor component="button" type="button" size="xs" onClick={onSave}>
          {t("apply.saving.now")}
        </Anchor>
      )}
      <div>{t("apply.saving.resume", { email, day: format.date(until) })}</div>
    </Text>
  );
}
