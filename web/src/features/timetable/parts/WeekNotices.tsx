import { Alert, Button, Group, Text } from "@mantine/core";
import { IconHistory, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { Moment } from "../../../ui/Moment";
import type { Week } from "../grid/sheet";
import type { WeekEditor } from "./useWeekEditor";

/** Work left behind by an earlier visit, and news from another editor: offered, never applied silently. */
export function WeekNotices({ editor, week }: { editor: WeekEditor; week: Week }) {
  const { t } = useTranslation();
  return (
    <>
      {editor.kept && week.may_edit && (
        <Alert
          color="saffron"
          variant="light"
          mb="sm"
          icon={<IconHistory />}
          title={t("timetable.kept.title")}
        >
          <Group justify="space-between" gap="sm">
            <Text size="sm">
              {t("timetable.kept.detail", { count: editor.kept.count })} <Moment at={editor.kept.at} />
            </Text>
            <Group gap="xs">
              <Button size="compact-sm" variant="default" onClick={editor.forget}>
                {t("timetable.kept.forget")}
              </Button>
              <Button size="compact-sm" onClick={editor.restore}>
                {t("timetable.kept.restore")}
              </Button>
            </Group>
          </Group>
        </Alert>
      )}
      {editor.isBehind && editor.isDirty && (
        <Alert color="sky" variant="light" mb="sm" icon={<IconUsers />} title={t("timetable.behind.title")}>
          <Group justify="space-between" gap="sm">
            <Text size="sm">
              {t("timetable.behind.detail")} {week.edited_by && <Bidi>{week.edited_by}</Bidi>}
            </Text>
            <Button size="compact-sm" onClick={() => void editor.compare()}>
              {t("timetable.behind.compare")}
            </Button>
          </Group>
        </Alert>
      )}
    </>
  );
}
