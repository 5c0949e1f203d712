import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { Severity } from "../grid/conflicts";
import classes from "./SidePanel.module.css";

export type PanelTab = "cell" | "conflicts";

type Props = {
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  onClose: () => void;
  /** Null where the reader sees no conflicts. */
  conflicts: { count: number; severity: Severity } | null;
  children: ReactNode;
};

/** Beside the grid: the cell under the cursor, or the conflicts of the week. */
export function SidePanel({ tab, onTab, onClose, conflicts, children }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const tabs: PanelTab[] = conflicts ? ["cell", "conflicts"] : ["cell"];
  const labels = { cell: t("timetable.panel.cell"), conflicts: t("timetable.panel.conflicts") };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(tab) + 1) % tabs.length] ?? tab;
    onTab(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <aside className={classes.panel} aria-label={t("timetable.panel.label")}>
      <div className={classes.head}>
        <div
          className={classes.tabs}
          role="tablist"
          aria-label={t("timetable.panel.label")}
          onKeyDown={onKeyDown}
        >
          {tabs.map((each) => (
            <button
              key={each}
              id={`${id}-${each}`}
              type="button"
              role="tab"
              className={classes.tab}
              aria-selected={tab === each}
              aria-controls={`${id}-body`}
              tabIndex={tab === each ? 0 : -1}
              onClick={() => onTab(each)}
            >
              {labels[each]}
              {each === "conflicts" && conflicts && conflicts.count > 0 && (
                <span className={classes.count} data-severity={conflicts.severity}>
                  {conflicts.count}
                </span>
              )}
            </button>
          ))}
        </div>
        <ActionIcon
          className={classes.close}
          size="md"
          variant="subtle"
          color="gray"
          aria-label={t("timetable.panel.close")}
          onClick={onClose}
        >
          <IconX size={16} aria-hidden="true" />
        </ActionIcon>
      </div>
      <div id={`${id}-body`} role="tabpanel" aria-labelledby={`${id}-${tab}`} className={classes.body}>
        {children}
      </div>
    </aside>
  );
}
