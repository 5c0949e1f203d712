import { Button, Kbd, Popover } from "@mantine/core";
import { IconKeyboard } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./KeyHelp.module.css";

/** The keys of the grid. */
export function KeyHelp() {
  const { t } = useTranslation();
  const keys: [string, string][] = [
    ["↑ ↓ ← →", t("timetable.keys.move")],
    ["Shift + ↑ ↓ ← →", t("timetable.keys.select")],
    ["Enter · F2 · A–Z", t("timetable.keys.edit")],
    ["Esc", t("timetable.keys.cancel")],
    ["Delete", t("timetable.keys.clear")],
    ["Ctrl C · X · V", t("timetable.keys.clipboard")],
    ["Ctrl R · Ctrl D", t("timetable.keys.fill")],
    ["Ctrl Z · Ctrl Shift Z", t("timetable.keys.undo")],
    ["Ctrl S", t("ui.save")],
    [t("timetable.keys.dragKeys"), t("timetable.keys.drag")],
    ["Esc, Tab", t("timetable.keys.leave")],
  ];
  return (
    <Popover position="bottom-end" width={360} shadow="md" trapFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconKeyboard size={16} aria-hidden="true" />}
        >
          {t("timetable.keys.title")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <dl className={classes.keys}>
          {keys.map(([key, meaning]) => (
            <div key={key}>
              <dt>
                <Kbd size="xs" dir="auto">
                  {key}
                </Kbd>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}
