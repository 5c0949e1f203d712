import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { SettingRow } from "../forms/SettingRow";
import { type Setting, settingsQuery } from "../queries";
import classes from "./SettingsPage.module.css";

const GENERAL = "general";
// A key that the systems before knew without its prefix.
const OF: Record<string, string> = { attendance_lock_days: "attendance" };

/** `timetable.slot_count` belongs to the timetable; a key without a prefix concerns everybody. */
export function grouped(settings: Setting[]): [string, Setting[]][] {
  const groups = new Map<string, Setting[]>();
  for (const setting of settings) {
    const [first, rest] = setting.key.split(".");
    const group = OF[setting.key] ?? (rest && first ? first : GENERAL);
    groups.set(group, [...(groups.get(group) ?? []), setting]);
  }
  return [...groups];
}

export function SettingsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const { data } = useSuspenseQuery(settingsQuery);
  const mayManage = can("setting.manage");
  return (
    <>
      <PageHeader title={t("administration.settings.title")} lead={t("administration.settings.lead")} />
      <div className={classes.page}>
        {!mayManage && <Notice>{t("administration.settings.readOnly")}</Notice>}
        {grouped(data.results).map(([group, settings]) => (
          <Panel key={group} title={label("administration.settings.group", group)} flush>
            {settings.map((setting) => (
              <SettingRow
                key={`${setting.key}${setting.updated_at ?? ""}`}
                setting={setting}
                isReadOnly={!mayManage}
              />
            ))}
          </Panel>
        ))}
      </div>
    </>
  );
}
