import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { Notice } from "../../../ui/Notice";
import { useSaved } from "../../../ui/useSaved";
import { CANCEL_FOR_HOLIDAY, type HolidayCancelled, holidayQuery } from "../queries";

/** The sessions below stand on a holiday; one act cancels them all. */
export function HolidayNotice({ id }: { id: number }) {
  const { t } = useTranslation();
  const can = useCan();
  const format = useFormat();
  const saved = useSaved("/api/v1/timetable/", "/api/v1/work/");
  const query = useQuery(holidayQuery(id));
  const [done, setDone] = useState<HolidayCancelled | null>(null);
  const cancel = async () => {
    setDone(await writeJson<HolidayCancelled>("POST", CANCEL_FOR_HOLIDAY, { holiday: id }));
    await saved();
  };
  return (
    <Loaded query={query} rows={1}>
      {({ name, start_date, end_date }) => (
        <Notice tone={done ? "good" : "wait"}>
          <Group justify="space-between" gap="sm">
            <div>
              <Text size="sm" fw={600}>
                <Bidi>{name}</Bidi> · {format.shortDay(start_date)}
                {end_date !== start_date && ` – ${format.shortDay(end_date)}`}
              </Text>
              <Text size="sm" role="status">
                {done
                  ? [
                      t("timetable.holiday.cancelled", { count: done.cancelled.length }),
                      done.left.length > 0 && t("timetable.holiday.left", { count: done.left.length }),
                    ]
                      .filter(Boolean)
                      .join(" ")
                  : t("timetable.holiday.lead")}
              </Text>
            </div>
            {can("session.manage") && !done && (
              <ConfirmButton
                title={t("timetable.holiday.cancel")}
                question={t("timetable.holiday.question", { name })}
                confirm={t("timetable.holiday.cancel")}
                dismiss={t("ui.moves.back")}
                act={cancel}
              >
                {t("timetable.holiday.cancel")}
              </ConfirmButton>
            )}
          </Group>
        </Notice>
      )}
    </Loaded>
  );
}
